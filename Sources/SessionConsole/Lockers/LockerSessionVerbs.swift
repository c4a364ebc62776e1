import CommandKit
import SessionClient
import SessionCodec

/// `session create|list|revoke`: the sessions of lockers, through the admin API (PROTOCOLS §1.10 *Lockers' sessions*).
package enum LockerSessionVerbs {
    /// All of them.
    package static let group = VerbGroup(
        "session", "Make, list and revoke the sessions of lockers", server: .administration,
        discussion: [
            """
            A locker session is what panels and kiosks show in their cookie sessionId, as a bearer, or in the query. \
            Speaks the admin API: without --url over the administration socket of the one server on this machine, with \
            --url over HTTP, with a token of the role admin or an API key.
            """,
            "The sessions of sync are others: 'sessionctl admin sessions' and 'sessionctl snapshot'.",
        ],
        verbs: [create, list, revoke],
        examples: [
            CommandExample("sessionctl session create --user panel-1", "A session for a panel"),
            CommandExample("sessionctl session create --user k1 --kiosk kiosk-1 --ttl 7d", "One for a kiosk"),
            CommandExample("sessionctl locker watch --session-file session.txt", "Use it"),
            CommandExample("sessionctl session revoke -", "Take back those that standard input lists"),
        ])

    private static let user = Option.required("user", "Whom the session is for", "ID")
    private static let roles = Option.list("role", "Role, such as service or admin", "ROLE")
    private static let namespaces = Option.list("namespace", "Namespace that it opens, such as help", "NAMESPACE")
        .unset("all of them")
    private static let kiosk = Option.text("kiosk", "Kiosk that it belongs to, which joins its own room alone", "ID")
        .rule("4-9")
    private static let life = Option<Duration?>.duration("ttl", "How long it lives", minimum: .seconds(1))
        .unset("8h, unless the server says otherwise")

    private static let create = Verb("create", "Make a session and print its id") {
        CommandDetails(
            discussion: [
                "A pipe gets the id alone, which is a credential; a terminal is told when it expires, too."
            ],
            options: [user.spec, roles.spec, namespaces.spec, kiosk.spec, life.spec].under("Session")
                + [APIOptions.expectation.spec].under("Expectation"))
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["userId"] = .string(call.settings[user])
        let roles = call.settings[roles]
        if !roles.isEmpty { body["roles"] = .array(roles.map { .string($0) }) }
        var paths: [String] = []
        for name in call.settings[namespaces] { paths.append(try LockerOptions.path(ofNamespace: name)) }
        if !paths.isEmpty { body["namespaces"] = .array(paths.map { .string($0) }) }
        body["kioskId"] = call.settings[kiosk].map { .string($0) }
        body["ttl"] = call.settings[life].map { .string(DurationText.spell($0)) }
        let expectation = try AnswerExpectation(call.settings)
        let printer = call.world.printer
        let answer = try call.world.api.call(APIRequest("POST", "admin", "locker-sessions", body: .object(body))).value
        try printer.show(answer) {
            printer.form.isTerminal
                ? [.record(answer.fields(["sessionId", "expiresAt"]))] : [.lines([answer.cell("sessionId")])]
        }
        try expectation.check(answer)
        return .success
    }

    private static let list = AdminVerbs.listVerb(
        AdminList(
            name: "list", summary: "List the sessions",
            request: APIRequest("GET", "admin", "locker-sessions"),
            fields: [
                ListField("id"), ListField("user", key: "userId"), ListField("roles"),
                ListField("namespaces"), ListField("kiosk", key: "kioskId"),
                ListField("created", .distance, key: "createdAt"), ListField("expires", .distance, key: "expiresAt"),
            ],
            example: CommandExample("sessionctl session list --where 'user = panel-1'", "Which are a panel's?")))

    private static let revoke = Verb("revoke", "Revoke sessions, and close their connections") {
        CommandDetails(
            discussion: ["Their connections are closed with 4440 within a second. An unknown id is exit status 1."],
            operands: [
                OperandSpec(
                    "ID", .oneOrMore, .text, "id of a session, or as 'list' shows it; - reads standard input")
            ], options: [APIOptions.expectation.spec].under("Expectation"))
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        var ids = call.parsed.operands("ID")
        if ids == ["-"] {
            let text = String(decoding: try call.world.read("-"), as: UTF8.self)
            ids = text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !ids.isEmpty else {
                throw CommandError(.badData, "standard input holds no session; write one a line")
            }
        }
        for id in ids { _ = try call.world.api.call(APIRequest("DELETE", "admin", "locker-sessions", id)) }
        let count = ids.count
        let answer: JSONValue = ["revoked": .number(String(count))]
        try call.world.printer.show(answer) { [.lines(["revoked \(count) session\(count == 1 ? "" : "s")"])] }
        try expectation.check(answer)
        return .success
    }
}
