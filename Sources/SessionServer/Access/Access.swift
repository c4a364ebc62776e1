package import SessionBase
package import SessionCodec
package import SessionCore
package import SessionStorage
import Synchronization

/// Decides who comes in: one for the whole node, asked by every loop.
///
/// What can be decided at once is decided on the caller's thread. What has to wait, for keys that are being fetched or for
/// the revocations at the start, is decided later and told by a call on another thread.
package final class Access: Sendable {
    struct State {
        var configuration: AccessConfiguration
        var access: TokenVerifier
        var refresh: TokenVerifier
        var cache = KeyCache()
        var revocations = RevocationList()
        /// Whether the list is the store's; before, nobody with a token comes in.
        var hasRevocations = false
        /// Whether the store is being asked for it.
        var isLoadingRevocations = false
        var askedForRevocationsAt: Timestamp?
        /// Who waits for keys or revocations.
        var waiting: [@Sendable () -> Void] = []
        /// How many credentials were refused, by reason.
        var refusals: [String: Int] = [:]

        init(_ configuration: AccessConfiguration) {
            self.configuration = configuration
            (access, refresh) = Self.verifiers(configuration, KeySet())
        }

        /// Makes the verifiers anew, after the configuration or the fetched keys have changed.
        mutating func renew() { (access, refresh) = Self.verifiers(configuration, cache.keys) }

        private static func verifiers(
            _ configuration: AccessConfiguration, _ fetched: KeySet
        ) -> (access: TokenVerifier, refresh: TokenVerifier) {
            var refreshKeys = KeySet()
            // The secret was checked when it was read; one that is none would only let nobody refresh.
            if let secret = configuration.refreshSecret,
                let keys = try? KeySet(secret: secret, allowingWeak: configuration.allowsWeakSecrets)
            {
                refreshKeys = keys
            }
            return (
                TokenVerifier(configuration.keys.joined(with: fetched), rules: configuration.rules),
                TokenVerifier(refreshKeys, rules: TokenRules(), purpose: .refresh)
            )
        }
    }

    /// Writes a line to the log.
    package typealias LogWriter = @Sendable (LogLevel, String) -> Void

    /// How many credentials may wait for keys or revocations; more are refused.
    static let waitingMax = 10_000

    let state: Mutex<State>
    let desk: StoreDesk
    let log: LogWriter

    /// Prepares; nobody with a token comes in before ``start(at:)``.
    ///
    /// - Parameters:
    ///   - store: Where revocations and families of refresh tokens are kept.
    ///   - asker: The number that the store knows this object by; its answers go to ``stored(_:)``.
    package init(
        _ configuration: AccessConfiguration, store: (any StorageEngine)?, asker: Int, log: @escaping LogWriter
    ) {
        state = Mutex(State(configuration))
        desk = StoreDesk(store, asker: asker)
        self.log = log
        // Without a store nothing was revoked before: there is no list to wait for.
        if store == nil { state.withLock { $0.hasRevocations = true } }
    }

    /// Loads the revocations and fetches the keys of URLs. The store must have been started.
    package func start(at time: Timestamp) {
        loadRevocations(at: time)
        fetchKeys(at: time)
    }

    /// Puts another configuration in force; keys of URLs are fetched again.
    package func reload(_ configuration: AccessConfiguration, at time: Timestamp) {
        state.withLock { state in
            if state.configuration.keyURLs != configuration.keyURLs { state.cache = KeyCache() }
            state.configuration = configuration
            state.renew()
        }
        fetchKeys(at: time)
    }

    /// Takes what the store answers to this object, on any thread.
    package func stored(_ answers: [StoreAnswer]) { desk.answered(answers) }

    /// How many credentials were refused for each reason (PROTOCOLS §1.7, `_auth_failures_total`), sorted by reason.
    package var refusals: [(reason: String, count: Int)] {
        state.withLock { $0.refusals }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The cookie that may hold a token.
    package var cookieName: String { state.withLock { $0.configuration.cookieName } }

    // MARK: Judging

    /// Who a peer without any credential is; `nil` where it must have one.
    package func absent(for profile: ProtocolID?) -> Identity? {
        switch state.withLock({ $0.configuration.mode(of: profile) }) {
        case .open: return .assumed
        case .optional:
            var identity = Identity.assumed
            identity.roles = []
            return identity
        case .required:
            count("missing")
            return nil
        }
    }

    /// Judges a credential.
    ///
    /// - Parameters:
    ///   - profile: Where the peer wants to come in; `nil` for the admin API.
    ///   - later: Gets the verdict where it takes longer; called once, on another thread. Its receiver asks
    ///     ``recheck(_:)`` again, since a revocation may have come in between.
    /// - Returns: The verdict, or `nil` where `later` gets it.
    package func judge(
        _ credential: Credential, for profile: ProtocolID?, at time: Timestamp,
        later: @escaping @Sendable (AccessVerdict) -> Void
    ) -> AccessVerdict? {
        let mode = state.withLock { $0.configuration.mode(of: profile) }
        switch credential {
        case .malformed(let reason):
            count("malformed")
            return mode == .open ? .granted(.assumed) : .refused(.invalid, reason)
        case .apiKey(let key): return judge(apiKey: key, isOpen: mode == .open, at: time)
        case .token(let token):
            if let verdict = judge(token, isOpen: mode == .open, mayWait: true, at: time) { return verdict }
            let isWaiting = wait { [self] in
                // Whoever waited has been waited for: this time there is a verdict.
                later(judge(token, isOpen: mode == .open, mayWait: false, at: time) ?? Self.tooMany)
            }
            guard isWaiting else { return Self.tooMany }
            // What was waited for may have come before we stood in the list.
            release()
            return nil
        }
    }

    /// Judges a verdict once more that was on its way between threads.
    package func recheck(_ verdict: AccessVerdict) -> AccessVerdict {
        guard case .granted(let identity) = verdict else { return verdict }
        return state.withLock { $0.revocations.hits(identity) } ? revoked() : verdict
    }

    /// Whether tokens can be checked here: there are keys, or places to fetch some from.
    var readsTokens: Bool {
        state.withLock { !$0.configuration.keys.keys.isEmpty || !$0.configuration.keyURLs.isEmpty }
    }

    /// The mode of a namespace of lockers; `nil` stands for their HTTP API.
    func mode(ofNamespace namespace: String?) -> AccessMode {
        state.withLock { $0.configuration.mode(ofNamespace: namespace) }
    }

    /// Holds somebody whom another judge let in against what was revoked.
    ///
    /// - Parameter then: Called once, on any thread, perhaps before this returns.
    func confirm(_ identity: Identity, at time: Timestamp, then: @escaping @Sendable (AccessVerdict) -> Void) {
        if let verdict = confirmation(identity, at: time) { return then(verdict) }
        let isWaiting = wait { [self] in then(confirmation(identity, at: time) ?? Self.unreadable) }
        guard isWaiting else { return then(Self.tooMany) }
        // What was waited for may have come before we stood in the list.
        release()
    }

    private func confirmation(_ identity: Identity, at time: Timestamp) -> AccessVerdict? {
        switch isRevoked(identity, at: time) {
        case false?: .granted(identity)
        case true?: revoked()
        case nil: state.withLock { $0.isLoadingRevocations } ? nil : Self.unreadable
        }
    }

    private func judge(apiKey key: String, isOpen: Bool, at time: Timestamp) -> AccessVerdict {
        let keys = state.withLock { $0.configuration.apiKeys }
        guard var identity = APIKey.identity(of: key, among: keys) else {
            count("api_key")
            return isOpen ? .granted(.assumed) : .refused(.invalid, "the API key is not known")
        }
        // A key is as good as it is new: what revokes older tokens does not mean it.
        identity.issuedAt = time
        return .granted(identity)
    }

    /// Judges a token.
    ///
    /// - Returns: `nil` where it has to wait, which only happens where it may.
    private func judge(_ token: [UInt8], isOpen: Bool, mayWait: Bool, at time: Timestamp) -> AccessVerdict? {
        let (verifier, hasURLs) = state.withLock { ($0.access, !$0.configuration.keyURLs.isEmpty) }
        if hasURLs { fetchKeys(at: time) }
        do throws(TokenFailure) {
            let identity = Identity(try verifier.verify(token.span, at: time))
            switch isRevoked(identity, at: time) {
            case false?: return .granted(identity)
            case true?: return revoked()
            case nil:
                if mayWait, state.withLock({ $0.isLoadingRevocations }) { return nil }
                return Self.unreadable
            }
        } catch {
            if mayWait, hasURLs, error == .unknownKey || error == .wrongAlgorithm, fetchKeys(again: true, at: time) {
                return nil
            }
            count("\(error.label)")
            return isOpen ? .granted(.assumed) : AccessVerdict(error)
        }
    }

    /// Whether an identity's credential is revoked; `nil` as long as the list is not known.
    func isRevoked(_ identity: Identity, at time: Timestamp) -> Bool? {
        // An engine in memory answers before the second look.
        if let verdict = isRevoked(identity) { return verdict }
        loadRevocations(at: time)
        return isRevoked(identity)
    }

    private func isRevoked(_ identity: Identity) -> Bool? {
        state.withLock { $0.hasRevocations ? $0.revocations.hits(identity) : nil }
    }

    private func revoked() -> AccessVerdict {
        count("revoked")
        return .refused(.revoked, "the token was revoked")
    }

    private static let unreadable = AccessVerdict.refused(
        .unavailable, "revocations cannot be read now; try again later")
    private static let tooMany = AccessVerdict.refused(
        .unavailable, "too many tokens wait to be verified; try again later")

    func count(_ reason: String) { state.withLock { $0.refusals[reason, default: 0] += 1 } }

    // MARK: Waiting

    /// Has `body` called when keys or revocations have come.
    ///
    /// - Returns: Whether there was room.
    private func wait(_ body: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.waiting.count < Self.waitingMax else { return false }
            state.waiting.append(body)
            return true
        }
    }

    /// Calls everybody who waits, once neither keys nor revocations are under way.
    func release() {
        let waiting = state.withLock { state -> [@Sendable () -> Void] in
            guard !state.cache.isFetching, !state.isLoadingRevocations else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body() }
    }
}
