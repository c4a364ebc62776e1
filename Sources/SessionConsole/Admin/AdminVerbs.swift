import CommandKit
import SessionClient
import SessionCodec

/// The verbs of the admin API: those of `sessionctl admin` and of the console, from this one table.
package enum AdminVerbs {
    /// All of them.
    package static let group = VerbGroup(
        "admin", "Look at a running server and act on it", server: .administration,
        discussion: [
            """
            Speaks the admin API of one server: without --url over the administration socket of the one server on \
            this machine, which its owner's files protect; with --url over HTTP, with a token of the role admin or an \
            API key.
            """,
            """
            Lists are tables on a terminal and separated by tabs in a pipe. What closes or revokes more than one \
            session asks first; a script says --yes.
            """,
            "The console offers the same verbs with completion: see sessionctl-console(1).",
        ],
        verbs: AdminList.all.map(listVerb) + [
            metrics, status, KickVerb.verb, BroadcastVerb.verb,
        ] + AdminChannelVerbs.all + [
            RevokeVerb.verb, lift, TraceVerb.verb, drain, undrain, reload, config,
        ],
        examples: [
            CommandExample("sessionctl admin connections", "Who is connected?"),
            CommandExample("sessionctl admin kick --where 'idle>1h' --yes", "Close what has been silent for an hour"),
            CommandExample("sessionctl admin trace 7 --for 30s", "Watch the frames of one connection"),
            CommandExample("sessionctl admin metrics connections --json", "Figures for a program"),
        ])

    /// The verb that shows a list of the admin API.
    static func listVerb(_ list: AdminList) -> Verb {
        Verb(list.name, list.summary) {
            CommandDetails(
                discussion: [
                    "Fields for --where, --sort and --columns: \(list.fields.map(\.name).joined(separator: ", ")).",
                    """
                    A pipe gets values as the API spells them, without headings and separated by tabs: \
                    \(list.fields.filter(\.isShown).map(\.name).joined(separator: ", ")). A value that is absent is a \
                    hyphen.
                    """,
                ],
                options: ListOptions.all + [APIOptions.expectation.spec], examples: [list.example])
        } run: { call throws(CommandError) in
            let expectation = try AnswerExpectation(call.settings)
            let selection = try ListSelection(list, call.settings, now: call.world.now())
            let (items, total) = try list.fetch(call.world.api)
            let (chosen, matched) = selection.select(items)
            let printer = call.world.printer
            let value: JSONValue = [
                "items": .array(chosen), "matched": .number("\(matched)"), "total": .number("\(total)"),
            ]
            try printer.show(value) { [.table(selection.table(chosen, isTerminal: printer.form.isTerminal))] }
            if printer.form.isTerminal { try printer.remark(Self.summary(chosen.count, matched, total)) }
            try expectation.check(value)
            return .success
        }
    }

    /// `3 of 17`, and how many more would match.
    private static func summary(_ shown: Int, _ matched: Int, _ total: Int) -> String {
        shown == matched ? "\(shown) of \(total)" : "\(shown) of \(matched) that match, of \(total)"
    }

    // MARK: Figures

    private static let metrics = Verb("metrics", "Show figures of the sync service") {
        CommandDetails(
            operands: [
                OperandSpec(
                    "ABOUT", .optional, .choice(["all", "sessions", "connections", "snapshots"]),
                    "which figures; all unless told")
            ],
            options: [APIOptions.expectation.spec],
            examples: [CommandExample("sessionctl admin metrics snapshots", "How fast is the store?")])
    } run: { call throws(CommandError) in
        try figures(APIRequest("GET", "admin", "metrics", call.parsed.operand("ABOUT") ?? "all"), call)
    }

    private static let status = Verb("status", "Show the server's state in numbers") {
        CommandDetails(
            options: [APIOptions.expectation.spec],
            examples: [
                CommandExample(
                    "sessionctl admin status --expect-json '{\"drain_state\":\"serving\"}'", "Is it to stay?")
            ])
    } run: { call throws(CommandError) in
        try figures(APIRequest("GET", "varz"), call)
    }

    /// Shows an object of figures, and holds it to what is expected.
    private static func figures(_ request: APIRequest, _ call: VerbCall) throws(CommandError) -> VerbOutcome {
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
        return .success
    }

    private static let config = Verb("config", "Show the server's configuration, secrets masked") {
        CommandDetails(examples: [CommandExample("sessionctl admin config", "What is it set to?")])
    } run: { call throws(CommandError) in
        try call.show(APIRequest("GET", "admin", "config")) { [.record(FlatRecord.fields(of: $0))] }
    }

    // MARK: Acting on the server

    private static let lift = Verb("lift", "Lift a revocation") {
        CommandDetails(
            operands: [OperandSpec("ID", .one, .text, "its id, as revocations shows it")],
            examples: [CommandExample("sessionctl admin lift 01HF", "Admit the token again")])
    } run: { call throws(CommandError) in
        try call.show(APIRequest("DELETE", "admin", "revocations", call.operand("ID"))) { _ in
            [.lines(["the revocation is lifted"])]
        }
    }

    private static let drain = Verb("drain", "Let the server end its connections and leave") {
        CommandDetails(
            options: [KickOptions.yes.spec],
            examples: [CommandExample("sessionctl admin drain --yes", "Before the machine is restarted")])
    } run: { call throws(CommandError) in
        let total = try AdminList.connections.count(call.world.api)
        let act = { () throws(CommandError) -> Verdict in
            _ = try call.show(APIRequest("POST", "admin", "drain")) { [.record(FlatRecord.fields(of: $0))] }
            return .success
        }
        return try KickVerb.confirmed(Confirmation("end all \(total) connections", count: total), call, act)
    }

    private static let undrain = Verb("undrain", "Call a drain off that has only been announced") {
        CommandDetails(examples: [CommandExample("sessionctl admin undrain", "Go on serving")])
    } run: { call throws(CommandError) in
        try call.show(APIRequest("POST", "admin", "undrain")) { [.record(FlatRecord.fields(of: $0))] }
    }

    private static let reload = Verb("reload", "Read the configuration file and certificates anew") {
        CommandDetails(examples: [CommandExample("sessionctl admin reload", "Take a new certificate over")])
    } run: { call throws(CommandError) in
        try call.show(APIRequest("POST", "admin", "reload")) { [.record(FlatRecord.fields(of: $0))] }
    }
}
