import SessionBase
import SessionCodec
import SessionIO

/// What devices and requests of each session show: a token of its user, or nothing where the server asks for nothing.
struct SyncCredentials {
    /// How long tokens are good: longer than any run.
    private static let lifetimeMilliseconds: Int64 = 7 * 24 * 3600 * 1000

    /// The longest line of ``line(of:)``.
    let bytesMax: Int
    private let lines: [[UInt8]]
    private let tokens: [String]

    /// Signs a token for each session's user, where there is a secret.
    ///
    /// - Throws: ``TokenKeyError`` for a secret that no server takes either.
    init(_ load: SyncLoad, _ roster: SyncRoster) throws(TokenKeyError) {
        tokens = try load.secret.map { (secret) throws(TokenKeyError) in try Self.tokens(secret, roster) } ?? []
        lines = tokens.map { Array("Authorization: Bearer \($0)\r\n".utf8) }
        bytesMax = lines.map(\.count).max() ?? 0
    }

    private static func tokens(_ secret: [UInt8], _ roster: SyncRoster) throws(TokenKeyError) -> [String] {
        let issuer = try TokenIssuer(secret: secret, allowingWeak: true)
        let expiry = Timestamp(milliseconds: now() + lifetimeMilliseconds)
        let count = max(roster.sessions, (roster.devices + roster.devicesPerSession - 1) / roster.devicesPerSession)
        return (0..<count).map { session in
            var claims = TokenClaims(user: roster.user(SyncRoster.digits(roster.number(ofSession: session))))
            claims.expiresAt = expiry
            return issuer.issue(claims)
        }
    }

    /// The time by the wall, in milliseconds.
    static func now() -> Int64 { SystemClock.wallNanoseconds() / 1_000_000 }

    /// What may help where the server refuses: a clause behind what it said.
    var advice: String {
        tokens.isEmpty ? "; a server that asks for tokens needs --secret-file" : "; is --secret-file the server's?"
    }

    /// The line of a head for requests about a session, with its line break; empty where there is no secret.
    @inline(__always)
    func line(of session: Int) -> [UInt8] { lines.isEmpty ? [] : lines[session] }

    /// The token of a session's devices; `nil` where there is no secret.
    func token(of session: Int) -> String? { tokens.isEmpty ? nil : tokens[session] }
}
