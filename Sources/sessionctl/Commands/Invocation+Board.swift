import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// Where a board is, and as whom one comes to it.
struct BoardMember {
    /// Where it is, with what an open server wants to know in the query.
    var endpoint: Endpoint
    /// Header fields that show who connects, read before each connection.
    var credentials: Invocation.Credentials
}

/// From the options of a command of board to its connection.
extension Invocation {
    /// Plays a script on a connection to a board.
    func play(
        _ script: some WatchScript, as member: BoardMember, presenter: (any NewsPresenter)? = nil,
        isSilent: Bool = false, readsInput: Bool = false
    ) throws(CommandError) -> ExitStatus {
        try play(
            script, on: member.endpoint, of: .board, presenter: presenter, isSilent: isSilent, readsInput: readsInput,
            credentials: member.credentials)
    }

    /// Reads where the board is and who comes to it, files of credentials included.
    func boardMember() throws(CommandError) -> BoardMember {
        let server = try boardServer()
        let token = try credential(APIOptions.token, APIOptions.tokenFile)
        try checkClaims(of: token)
        var parameters: [(name: String, value: String)] = []
        if let user = try identifier(BoardCommands.user) { parameters.append(("userId", user)) }
        if let room = try identifier(BoardCommands.room) { parameters.append(("roomId", room)) }
        let isInQuery = settings[BoardCommands.queryToken]
        if let token, isInQuery { parameters.append(("token", token)) }
        let fields = token.map { isInQuery ? [] : [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        return BoardMember(
            endpoint: server.withTarget(BoardTarget.adding(parameters, to: server.target)),
            credentials: isInQuery ? { () throws(CommandError) in [] } : renewing(fields))
    }

    private func boardServer() throws(CommandError) -> Endpoint {
        guard let text = parsed.operand("URL") else { return try serviceEndpoint(.board) }
        guard !parsed.given.contains(where: { $0.key == APIOptions.url.spec.key }) else {
            throw .usage("URL and --url are two servers; leave one out")
        }
        return try Self.endpoint(parsing: text)
    }

    private func identifier(_ option: Option<String?>) throws(CommandError) -> String? {
        guard let text = settings[option] else { return nil }
        guard IdentifierRule.allows(text) else {
            throw settings.error(option, "write 1 to 128 characters without blanks")
        }
        return text
    }

    /// Refuses a room that the token is not for: the server would go by the token, and somebody draw in the wrong room.
    private func checkClaims(of token: String?) throws(CommandError) {
        guard let claims = token.flatMap({ TokenClaims(unverified: $0) }) else { return }
        if let room = claims.room, let wanted = settings[BoardCommands.room], room != wanted {
            throw .usage("the token is for room \(Origin.printable(room)); leave --room out, or give another token")
        }
        if let wanted = settings[BoardCommands.user], claims.user != wanted {
            throw .usage("the token is \(Origin.printable(claims.user))'s; leave --user out, or give another token")
        }
    }
}
