package import SessionBase
import SessionCodec
package import SessionCore
import SessionIO
package import SessionStorage
import Synchronization

/// Decides whose session opens lockers' namespaces: one for the whole node, asked by every loop like ``Access``.
///
/// Who knows the sessions is configured (PROTOCOLS 4-3); a credential with two dots is tried as a token first. What takes
/// longer than a look into memory is told later, by a call on another thread. Ids of sessions stay in here: names of
/// documents, logs and errors have their hashes at most (PROTOCOLS 4-5).
package final class LockerSessions: Sendable {
    private struct State {
        var configuration: LockerSessionsConfiguration
        var provider: any SessionProvider
        /// The sessions that were ended last, by their hashes: verdicts on them may still be on their way.
        var ended = EndedSessions()
    }

    private let state: Mutex<State>
    let access: Access
    let desk: StoreDesk
    private let log: Access.LogWriter

    /// Prepares; a provider in Redis begins to connect.
    ///
    /// - Parameters:
    ///   - access: Judges tokens and API keys, and knows what was revoked.
    ///   - store: Where provider `memory` keeps its sessions.
    ///   - asker: The number that the store knows this object by; its answers go to ``stored(_:)``.
    /// - Throws: ``StorageError`` where TLS to Redis cannot be set up.
    package init(
        _ configuration: LockerSessionsConfiguration, access: Access, store: (any StorageEngine)?, asker: Int,
        log: @escaping Access.LogWriter
    ) throws(StorageError) {
        self.access = access
        self.log = log
        desk = StoreDesk(store, asker: asker)
        let provider = try Self.provider(configuration.provider, desk, log)
        state = Mutex(State(configuration: configuration, provider: provider))
    }

    /// Puts another configuration in force; sessions that it does not know end when they are asked for again.
    package func reload(_ configuration: LockerSessionsConfiguration) {
        guard configuration.provider != self.configuration.provider else {
            return state.withLock { $0.configuration = configuration }
        }
        let provider: any SessionProvider
        do throws(StorageError) { provider = try Self.provider(configuration.provider, desk, log) } catch {
            return log(.error, "lockers keep their old session provider: \(error)")
        }
        let old = state.withLock { state in
            defer { (state.configuration, state.provider) = (configuration, provider) }
            return state.provider
        }
        // Beside the loop that reloads: a provider's thread may be waiting for a name server.
        do throws(SystemError) {
            let thread = try SystemThread(name: "sessions-end") { old.stop() }
            thread.detach()
        } catch {
            old.stop()
        }
    }

    /// Looks no further sessions up.
    package func stop() { state.withLock { $0.provider }.stop() }

    /// Takes what the store answers to this object, on any thread.
    package func stored(_ answers: [StoreAnswer]) { desk.answered(answers) }

    /// Whether sessions could not be looked up when that was tried last: the status says `degraded` (PROTOCOLS 4-20).
    package var isDegraded: Bool { state.withLock { $0.provider }.isDegraded }

    /// What is in force.
    package var configuration: LockerSessionsConfiguration { state.withLock { $0.configuration } }

    private static func provider(
        _ provider: LockerSessionsConfiguration.Provider, _ desk: StoreDesk, _ log: @escaping Access.LogWriter
    ) throws(StorageError) -> any SessionProvider {
        switch provider {
        case .memory: StoredSessions(desk: desk)
        case .redis(let address): try SharedSessions(address, log: log)
        case .fixed(let sessions): sessions
        case .introspection(let endpoint): SessionIntrospection(endpoint, log: log)
        }
    }

    // MARK: Judging

    /// Who a peer without any credential is; `nil` where it must have one (`AUTH_REQUIRED`).
    ///
    /// - Parameter namespace: Where it wants to come in; `nil` for the HTTP API.
    package func absent(for namespace: String?) -> Identity? {
        switch access.mode(ofNamespace: namespace) {
        case .open: return .assumed
        case .optional:
            var identity = Identity.assumed
            identity.roles = []
            return identity
        case .required:
            access.count("missing")
            return nil
        }
    }

    /// Judges a credential; whether its session opens a namespace is for ``SessionCore/Identity/mayEnter(_:)`` to say.
    ///
    /// - Parameters:
    ///   - credential: What ``Credential/findSession(in:query:takesCookie:takesQuery:)`` found.
    ///   - namespace: Where the peer wants to come in; `nil` for the HTTP API and a session that is asked for again.
    ///   - later: Gets the verdict where it takes longer; called once, on another thread. Its receiver asks
    ///     ``recheck(_:)`` again, since the session may have been ended in between.
    /// - Returns: The verdict, or `nil` where `later` gets it.
    package func judge(
        _ credential: Credential, for namespace: String?, at time: Timestamp,
        later: @escaping @Sendable (AccessVerdict) -> Void
    ) -> AccessVerdict? {
        let meeting = Meeting(later)
        let isOpen = access.mode(ofNamespace: namespace) == .open
        decide(credential, at: time) { verdict in
            guard isOpen, case .refused(let refusal, _) = verdict, refusal != .revoked else {
                return meeting.bring(verdict)
            }
            meeting.bring(.granted(.assumed))
        }
        return meeting.take()
    }

    /// Judges a verdict once more that was on its way between threads.
    package func recheck(_ verdict: AccessVerdict) -> AccessVerdict {
        guard case .granted(let identity) = verdict else { return verdict }
        if let name = identity.session, state.withLock({ $0.ended.contains(name) }) { return Self.endedVerdict }
        return access.recheck(verdict)
    }

    /// Forgets nothing about sessions that were ended while verdicts on them may be under way.
    func rememberEnd(of name: String) { state.withLock { $0.ended.insert(name) } }

    private func decide(_ credential: Credential, at time: Timestamp, then: @escaping @Sendable (AccessVerdict) -> Void)
    {
        guard case .token(let id) = credential else {
            // The admin API's mode: whether a bad key matters is decided by ours.
            if let verdict = access.judge(credential, for: nil, at: time, later: then) { then(verdict) }
            return
        }
        guard access.readsTokens, id.count(where: { $0 == UInt8(ascii: ".") }) == 2 else {
            return find(id, at: time, then: then)
        }
        let tried: @Sendable (AccessVerdict) -> Void = { [self] verdict in
            switch verdict {
            case .granted(let identity): then(.granted(identity.withLeeway))
            case .refused(.invalid, _), .refused(.claims, _): find(id, at: time, then: then)
            case .refused: then(verdict)
            }
        }
        if let verdict = access.judge(credential, for: nil, at: time, later: tried) { tried(verdict) }
    }

    /// Asks the provider, then whether the session or its user was revoked.
    private func find(_ id: [UInt8], at time: Timestamp, then: @escaping @Sendable (AccessVerdict) -> Void) {
        guard id.count <= Self.idBytesMax else { return then(.refused(.invalid, Self.unknownMessage)) }
        let name = LockerSession.name(ofSession: id)
        let (provider, hasEnded) = state.withLock { ($0.provider, $0.ended.contains(name)) }
        if hasEnded { return then(Self.endedVerdict) }
        provider.find(id, name: name, at: time) { [access] answer in
            switch answer {
            case .unknown:
                access.count("unknown_session")
                then(.refused(.invalid, Self.unknownMessage))
            case .unavailable: then(.refused(.unavailable, Self.unavailableMessage))
            case .found(let session):
                guard session.expiresAt.map({ time < $0 }) ?? true else {
                    access.count("expired_session")
                    return then(.refused(.expired, "the session has expired; sign in again"))
                }
                access.confirm(session.identity(name: name), at: time, then: then)
            }
        }
    }

    /// A longer id is nobody's: ours have 43 bytes, and a header may have 16 KiB.
    private static let idBytesMax = 4096
    private static let unknownMessage = "the session is not known; sign in again"
    private static let unavailableMessage = "sessions cannot be looked up now; try again in a moment"
    private static let endedVerdict = AccessVerdict.refused(.revoked, "the session was ended")
}

extension Identity {
    /// The same with the end of its sockets in place of the token's: tokens have a leeway, sessions have none (C17).
    fileprivate var withLeeway: Identity {
        var identity = self
        identity.expiresAt = expiresAt.map {
            Timestamp(milliseconds: $0.milliseconds + TokenRules.leeway.milliseconds)
        }
        return identity
    }
}

/// The hashes of the sessions that were ended last, as many as may have verdicts on their way.
private struct EndedSessions: Sendable {
    private static let countMax = 4096

    private var names: Set<String> = []
    private var order: [String] = []
    private var next = 0

    func contains(_ name: String) -> Bool { names.contains(name) }

    mutating func insert(_ name: String) {
        guard names.insert(name).inserted else { return }
        if order.count < Self.countMax { return order.append(name) }
        names.remove(order[next])
        order[next] = name
        next = (next + 1) % Self.countMax
    }
}

/// Where one who waits and one who brings a verdict meet: who comes second carries it on.
private final class Meeting: Sendable {
    private enum State { case empty, brought(AccessVerdict), left }

    private let state = Mutex(State.empty)
    private let later: @Sendable (AccessVerdict) -> Void

    init(_ later: @escaping @Sendable (AccessVerdict) -> Void) { self.later = later }

    /// Brings the verdict, once.
    func bring(_ verdict: AccessVerdict) {
        let isAwaited = state.withLock { state in
            if case .left = state { return true }
            state = .brought(verdict)
            return false
        }
        if isAwaited { later(verdict) }
    }

    /// Takes the verdict, or leaves and has it called later.
    func take() -> AccessVerdict? {
        state.withLock { state in
            if case .brought(let verdict) = state { return verdict }
            state = .left
            return nil
        }
    }
}
