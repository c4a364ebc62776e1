import SessionBase
package import SessionCodec

/// Whether a profile asks for a credential (PROTOCOLS §1.5).
package enum AccessMode: String, CaseIterable, Sendable {
    /// Nobody needs one, and everybody is an administrator: `--dev`.
    case open
    /// One that is shown must be good.
    case optional
    /// Nobody comes in without.
    case required
}

/// What decides who comes in: an immutable value, replaced whole by a reload.
package struct AccessConfiguration: Sendable {
    /// Which credentials sync asks for.
    package var syncMode = AccessMode.required
    /// Which credentials channels ask for (PROTOCOLS 2-6).
    package var channelsMode = AccessMode.optional
    /// Which sessions lockers ask for, unless a namespace has a mode of its own (PROTOCOLS 4-22).
    package var lockersMode = AccessMode.required
    /// The modes of namespaces that have their own, by their paths (PROTOCOLS 4-22).
    package var lockersModes: [String: AccessMode] = [:]
    /// Which credentials board asks for (PROTOCOLS §1.5).
    package var boardMode = AccessMode.required
    /// The keys from secrets and files that access tokens are checked with.
    package var keys = KeySet()
    /// Places of JWK Sets whose keys are fetched, and fetched again.
    package var keyURLs: [Endpoint] = []
    /// What tokens must be beside signed.
    package var rules = TokenRules()
    /// Makes the access tokens of `POST /auth/refresh`; `nil` where this server only checks tokens.
    package var issuer: TokenIssuer?
    /// The secret of access tokens; `nil` where there is none. Never printed.
    package var accessSecret: [UInt8]?
    /// The secret of refresh tokens.
    package var refreshSecret: [UInt8]?
    /// Whether short and published secrets will do: `--dev`.
    package var allowsWeakSecrets = false
    /// How long an access token of ours is good for; seed 001: 15 minutes.
    package var accessLife = Duration.seconds(900)
    /// How long a refresh token of ours is good for; seed 001: seven days.
    package var refreshLife = Duration.seconds(7 * 86_400)
    /// The keys of `--api-key`.
    package var apiKeys: [APIKey] = []
    /// The cookie that may hold a token.
    package var cookieName = "access_token"

    /// One line to be told at the start: where secrets were drawn.
    package var notice: String?

    /// A configuration that lets nobody in.
    package init() {}

    /// Which credentials a profile asks for; `nil` stands for the admin API, which never goes without.
    package func mode(of profile: ProtocolID?) -> AccessMode {
        switch profile {
        case .sync: syncMode
        case .channels: channelsMode
        case .lockers: lockersMode
        case .board: boardMode
        case .awareness, .echo: .open
        case nil: .required
        }
    }

    /// Which sessions a namespace of lockers asks for; `nil` stands for their HTTP API.
    ///
    /// Where the whole profile is open (`--dev`), so is every namespace.
    package func mode(ofNamespace namespace: String?) -> AccessMode {
        if lockersMode == .open { return .open }
        return namespace.flatMap { lockersModes[$0] } ?? lockersMode
    }
}
