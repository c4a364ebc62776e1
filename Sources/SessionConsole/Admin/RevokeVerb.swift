import CommandKit
import SessionClient
import SessionCodec

/// `revoke`: takes the validity of tokens away and closes what lives on them (PROTOCOLS C17).
enum RevokeVerb {
    private static let user = Option.text("user", "Every token of this user", "ID")
    private static let identifier = Option.text("jti", "The token with this jti", "ID")
    private static let session = Option.text("session", "Every token of this session", "ID")
    private static let issuedBefore = Option.text("issued-before", "Every token issued before TIME", "TIME")
        .detail("Such as 2026-11-21T10:30:00Z.")

    static let verb = Verb("revoke", "Revoke tokens and close their connections", completes: .sessions) {
        CommandDetails(
            discussion: [
                """
                Connections that live on a revoked token are closed with 4440 within a second. A revocation survives a \
                restart, is listed by revocations and taken back by lift.
                """
            ],
            options: [user.spec, identifier.spec, session.spec, issuedBefore.spec, KickOptions.yes.spec],
            examples: [
                CommandExample("sessionctl admin revoke --user u1 --yes", "A user has left"),
                CommandExample("sessionctl admin revoke --jti 6f1c", "One token was lost"),
            ])
    } run: { call throws(CommandError) in
        let given = [("user", user), ("jti", identifier), ("session", session), ("issued_before", issuedBefore)]
            .compactMap {
                name, option in call.settings[option].map { (name, $0) }
            }
        guard given.count == 1, let (name, value) = given.first else {
            throw .usage("say what to revoke in one way: --user, --jti, --session or --issued-before")
        }
        let request = APIRequest("POST", "admin", "revocations", body: [name: .string(value)])
        let count = try reach(name, value, call)
        return try KickVerb.confirmed(Confirmation(action(name, count), count: count), call) {
            () throws(CommandError) in
            _ = try call.show(request) { answer in
                let closed = KickVerb.counted(Int(answer["closed"]?.integer ?? 0))
                return [.lines(["revocation \(answer["id"]?.string ?? "") is in force, closed \(closed)"])]
            }
            return .success
        }
    }

    private static func action(_ name: String, _ count: Int) -> String {
        let tokens = name == "user" ? "every token of the user" : "every older token"
        return "revoke \(tokens) and close up to \(KickVerb.counted(count))"
    }

    /// How many connections may be closed, as far as somebody is to be asked.
    private static func reach(_ name: String, _ value: String, _ call: VerbCall) throws(CommandError) -> Int {
        guard !call.settings[KickOptions.yes], name == "user" || name == "issued_before" else { return 1 }
        let items = try AdminList.connections.fetch(call.world.api).items
        if name == "user" { return items.count { $0["user_id"]?.string == value } }
        // Older tokens may belong to people who are not connected.
        return max(2, items.count { $0["user_id"]?.string != nil })
    }
}
