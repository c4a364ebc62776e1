import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

extension SyncCast {
    /// A token that opens a room of board.
    static func boardToken(
        _ user: String, room: String?, roles: [String] = [], id: String? = nil,
        validFor life: Duration = .seconds(600)
    ) throws -> String {
        var clock = SystemClock()
        let now = clock.moment().timestamp
        var claims = TokenClaims(user: user)
        claims.room = room
        claims.roles = roles
        claims.tokenID = id
        claims.expiresAt = Timestamp(milliseconds: now.milliseconds + life.milliseconds)
        return try TokenIssuer(secret: secret).issue(claims)
    }
}

extension RunningServer {
    /// A server of board that wants tokens.
    static func board(
        threads: Int = 1, _ change: (inout ServerConfiguration) -> Void = { _ in },
        reader: ConfigurationReader? = nil
    ) throws -> RunningServer {
        let keys = try KeySet(secret: SyncCast.secret)
        return try RunningServer(
            [.board], threads: threads,
            { configuration in
                configuration.access.keys = keys
                configuration.board.messageRate = nil
                change(&configuration)
            }, reader: reader)
    }

    /// A server of board that lets everybody in, as `--dev` does.
    static func openBoard(
        threads: Int = 1, _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try board(threads: threads) { configuration in
            configuration.access.boardMode = .open
            configuration.isDevelopment = true
            change(&configuration)
        }
    }

    /// Opens a socket of the seed's protocol.
    func seedMember(_ user: String, in room: String, roles: [String] = []) throws -> TestClient {
        try open("/?token=\(SyncCast.boardToken(user, room: room, roles: roles))")
    }

    /// Opens a socket of the second version and passes its snapshot over.
    func member(
        _ user: String, in room: String, roles: [String] = [], query: String = ""
    ) throws -> (client: TestClient, snapshot: JSONValue) {
        let token = try SyncCast.boardToken(user, room: room, roles: roles)
        let client = try open("/?token=\(token)&v=2\(query)")
        let snapshot = try client.hear()
        #expect(snapshot["type"] == "snapshot", "\(snapshot.text())")
        return (client, snapshot)
    }
}

extension TestClient {
    /// Draws a rectangle.
    ///
    /// - Parameter tag: Asks for an answer, in the second version.
    func draw(x: Int, text: String = "", tag: String? = nil) throws {
        let id = tag.map { #""id":"\#($0)","# } ?? ""
        try say(
            #"{"type":"shape_create",\#(id)"shapeType":"rectangle","x":\#(x),"y":1,"text":"\#(text)"}"#)
    }

    /// The next message of a type of the second version; others are passed over.
    func hear(until type: String) throws -> JSONValue {
        while true {
            let message = try hear()
            if message["type"]?.string == type { return message }
        }
    }

    /// The next snapshot of the seed's protocol in which a condition holds.
    func hearBoard(where condition: (JSONValue) -> Bool) throws -> JSONValue {
        while true {
            let board = try hear()
            if condition(board) { return board }
        }
    }
}

extension JSONValue {
    /// The users of a snapshot.
    var connectedUsers: [String] { self["connectedUsers"]?.elements?.compactMap(\.string) ?? [] }

    /// The shapes of a snapshot.
    var shapes: [JSONValue] { self["shapes"]?.elements ?? [] }
}
