import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import SessionStorage
import Testing

/// Lockers' sessions over a store in memory, and what tests ask of them.
struct LockerSessionsFixture: Sendable {
    static let now = AccessFixture.now

    let access: AccessFixture
    let sessions: LockerSessions
    let log = AccessFixture.LogLines()

    init(
        _ provider: LockerSessionsConfiguration.Provider = .memory,
        _ change: (inout AccessConfiguration) throws -> Void = { _ in }
    ) throws {
        access = try AccessFixture(change)
        let sessions = try LockerSessions(
            Self.configuration(provider), access: access.access, store: access.engine, asker: 8
        ) { [log] _, line in log.append(line) }
        self.sessions = sessions
        access.engine.start { [access] asker, answers in
            if asker == 8 { sessions.stored(answers) } else { access.access.stored(answers) }
        }
    }

    static func configuration(_ provider: LockerSessionsConfiguration.Provider) -> LockerSessionsConfiguration {
        var configuration = LockerSessionsConfiguration()
        configuration.provider = provider
        configuration.namespaces = ["/ws/lockers", "/ws/help", "/ws/events"]
        return configuration
    }

    /// The verdict on a credential, however long it takes.
    func judge(_ credential: Credential, for namespace: String? = "/ws/lockers", after seconds: Int64 = 0)
        -> AccessVerdict?
    {
        let box = Box<AccessVerdict>()
        let verdict = sessions.judge(credential, for: namespace, at: AccessFixture.after(seconds)) { box.put($0) }
        if let verdict { return verdict }
        eventually("a verdict comes") { box.value != nil }
        return box.value
    }

    /// The same on a session id.
    func judge(_ id: String, for namespace: String? = "/ws/lockers", after seconds: Int64 = 0) -> AccessVerdict? {
        judge(.token(Array(id.utf8)), for: namespace, after: seconds)
    }

    /// Who shows a session that must be good.
    func identity(_ id: String, after seconds: Int64 = 0) throws -> Identity {
        guard case .granted(let identity)? = judge(id, after: seconds) else { throw Refused() }
        return identity
    }

    struct Refused: Error {}

    func create(_ body: String, after seconds: Int64 = 0) throws -> HTTPResponse {
        let box = Box<HTTPResponse>()
        sessions.create(Array(body.utf8), at: AccessFixture.after(seconds)) { box.put($0) }
        return try #require(box.value)
    }

    /// Makes a session and returns its id.
    func session(_ body: String = #"{"userId":"u1"}"#) throws -> String {
        try #require(try create(body)["sessionId"]?.string)
    }

    func list(limit: Int = 100, cursor: String? = nil) throws -> HTTPResponse {
        let box = Box<HTTPResponse>()
        sessions.list(limit: limit, cursor: cursor, at: Self.now) { box.put($0) }
        return try #require(box.value)
    }

    /// Ends a session: the revocation that the loops get, or the answer that refuses.
    func remove(_ text: String) throws -> RevocationOutcome {
        let box = Box<RevocationOutcome>()
        sessions.remove(text, at: Self.now) { box.put($0) }
        return try #require(box.value)
    }
}

extension RevocationOutcome {
    /// The revocation, where there is one.
    var revocation: Revocation? { if case .made(let revocation) = self { revocation } else { nil } }

    /// Status and code of the refusal, where there is one.
    var failure: String? { if case .refused(let response) = self { response.failure } else { nil } }
}
