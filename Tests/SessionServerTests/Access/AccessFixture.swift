import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionServer
import SessionStorage
import Synchronization
import Testing

/// An ``Access`` over a store in memory, and what tests ask of it.
struct AccessFixture: Sendable {
    /// 2026-01-01T00:00:00Z.
    static let now = Timestamp(milliseconds: 1_767_225_600_000)
    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    static let refreshSecret = Array("fedcba9876543210fedcba9876543210".utf8)

    let access: Access
    let engine: StubbornEngine
    let log = LogLines()

    /// Collects what is logged.
    final class LogLines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init(
        engine: StubbornEngine = StubbornEngine(), starts: Bool = true,
        _ change: (inout AccessConfiguration) throws -> Void = { _ in }
    ) throws {
        var configuration = try Self.configuration()
        try change(&configuration)
        self.engine = engine
        access = Access(configuration, store: engine, asker: 7) { [log] _, line in log.append(line) }
        engine.start { [access] asker, answers in if asker == 7 { access.stored(answers) } }
        if starts { access.start(at: Self.now) }
    }

    static func configuration() throws -> AccessConfiguration {
        var configuration = AccessConfiguration()
        configuration.keys = try KeySet(secret: secret)
        configuration.issuer = try TokenIssuer(secret: secret)
        configuration.refreshSecret = refreshSecret
        return configuration
    }

    /// The time that many seconds after ``now``.
    static func after(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: now.milliseconds + seconds * 1000) }

    /// A token of `u1`, good for a quarter of an hour.
    static func token(_ change: (inout TokenClaims) -> Void = { _ in }) throws -> String {
        try TokenIssuer(secret: secret).issue(claims(change))
    }

    static func refreshToken(_ change: (inout TokenClaims) -> Void = { _ in }) throws -> String {
        try TokenIssuer(secret: refreshSecret).issue(
            claims { claims in
                (claims.tokenID, claims.family, claims.roles) = ("r1", "r1", ["viewer"])
                change(&claims)
            })
    }

    private static func claims(_ change: (inout TokenClaims) -> Void) -> TokenClaims {
        var claims = TokenClaims(user: "u1")
        (claims.issuedAt, claims.expiresAt, claims.tokenID) = (now, after(900), "j1")
        change(&claims)
        return claims
    }

    /// What is known of a credential at once; `nil` where it takes longer.
    func judge(
        _ credential: Credential, for profile: ProtocolID? = .sync, after seconds: Int64 = 0
    ) -> AccessVerdict? {
        access.judge(credential, for: profile, at: Self.after(seconds)) { _ in }
    }

    func judge(_ token: String, for profile: ProtocolID? = .sync, after seconds: Int64 = 0) -> AccessVerdict? {
        judge(.token(Array(token.utf8)), for: profile, after: seconds)
    }

    /// The verdict, however long it takes.
    func verdict(_ token: String, after seconds: Int64 = 0) -> AccessVerdict? {
        let box = Box<AccessVerdict>()
        let now = access.judge(.token(Array(token.utf8)), for: .sync, at: Self.after(seconds)) { box.put($0) }
        if let now { return now }
        eventually("a verdict comes") { box.value != nil }
        return box.value
    }

    /// The answer to a request for new tokens.
    func refresh(_ token: String, after seconds: Int64 = 0) -> HTTPResponse? {
        refresh(body: #"{"refresh_token":"\#(token)"}"#, after: seconds)
    }

    func refresh(body: String, after seconds: Int64 = 0) -> HTTPResponse? {
        let box = Box<HTTPResponse>()
        access.refresh(Array(body.utf8), at: Self.after(seconds)) { box.put($0) }
        return box.value
    }

    /// Revokes, and answers as the server does.
    @discardableResult
    func revoke(_ body: String, after seconds: Int64 = 0) -> HTTPResponse? {
        let box = Box<HTTPResponse>()
        access.revoke(Array(body.utf8), at: Self.after(seconds)) { outcome in
            switch outcome {
            case .made(let revocation): box.put(Access.created(revocation, closed: 0))
            case .refused(let response): box.put(response)
            }
        }
        return box.value
    }

    func lift(_ id: String) -> HTTPResponse? {
        let box = Box<HTTPResponse>()
        access.lift(id, at: Self.now) { box.put($0) }
        return box.value
    }
}

/// A place for a value that comes from elsewhere, once.
final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)
    var value: Value? { content.withLock { $0 } }

    func put(_ value: Value) {
        content.withLock { content in
            #expect(content == nil, "a value comes twice")
            content = value
        }
    }
}

extension HTTPResponse {
    /// A field of the body, which is an object.
    subscript(field: String) -> JSONValue? { (try? JSONValue.parse(body.span))?[field] }

    /// Status and code of an error.
    var failure: String { "\(status.rawValue) \(self["error"]?.string ?? "")" }
}
