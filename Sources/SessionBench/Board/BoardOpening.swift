import SessionBase
import SessionCodec
import SessionIO

/// How members of rooms begin: with a token or their names in the query, and the first member of each room by making its
/// shapes.
struct BoardOpening {
    /// How long tokens are good: longer than any run.
    private static let lifetimeMilliseconds: Int64 = 7 * 24 * 3600 * 1000

    private let roster: BoardRoster
    private let targets: [String]
    private let workers: (count: Int, index: Int)
    private let issuer: TokenIssuer?
    private let expiry: Timestamp

    /// Prepares a share of a run.
    ///
    /// - Throws: ``TokenKeyError`` for a secret that no server takes either.
    init(_ share: WorkerShare, _ roster: BoardRoster, wallMilliseconds: Int64) throws(TokenKeyError) {
        self.roster = roster
        targets = share.plan.targets.map(\.target)
        workers = (share.plan.workers, share.index)
        issuer = try roster.load.secret.map { (secret) throws(TokenKeyError) in
            try TokenIssuer(secret: secret, allowingWeak: true)
        }
        expiry = Timestamp(milliseconds: wallMilliseconds + Self.lifetimeMilliseconds)
    }

    var subprotocols: [String] { roster.load.mode == .v2 ? [BoardProtocol.second] : [] }

    /// Without the second version nobody sends what a load in it reads.
    var requiredSubprotocol: String? { subprotocols.first }

    /// Who a connection is, and where.
    func handshake(of connection: Int) -> HandshakePart {
        let target = targets[(connection * workers.count + workers.index) % targets.count]
        let room = roster.name(ofRoom: roster.place(of: connection).room)
        // A server in open mode takes these names, another one those of the token alone.
        let names = "userId=\(roster.user(of: connection))&roomId=\(room)"
        let query = credential(of: connection, in: room) + names
        return HandshakePart(target: target + (target.contains("?") ? "&" : "?") + query)
    }

    private func credential(of connection: Int, in room: String) -> String {
        guard let issuer else { return "" }
        var claims = TokenClaims(user: roster.user(of: connection))
        claims.room = room
        claims.expiresAt = expiry
        return "token=\(issuer.issue(claims))&"
    }

    /// What a connection says first.
    func greeting(of connection: Int) -> [Greeting] {
        guard roster.place(of: connection).member == 0 else { return [] }
        return (0..<roster.load.shapes).map { (.text, BoardWords.create($0)) }
    }

    /// What becomes of a connection that waits for the room's shapes.
    ///
    /// - Parameter news: What came; `nil` where it was no message of this service.
    func answer(_ news: BoardRoom.News?, _ message: Span<UInt8>, _ room: BoardRoom, member: Int) -> GreetingAnswer {
        guard let news else { return .other }
        if news.kind == .error {
            let code = news.code.map { String($0.string(in: message).prefix(64)) } ?? "without a code"
            return .refusal("the server refused a member: \(code)\(advice)")
        }
        guard room.strangers[member] == 0 else {
            return .refusal("there are shapes of others in the rooms of this run; leave --seed out")
        }
        return room.changes.isWhole(at: member) ? .welcome : .part
    }

    /// What may help where the server refuses: a clause behind what it said.
    private var advice: String { "; a server with a rate limit refuses such loads, serve --rate-limit off has none" }
}
