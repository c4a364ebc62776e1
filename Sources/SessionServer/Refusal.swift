import SessionBase
import SessionCodec
import SessionCore

/// Why a handshake is refused, and how each kind of peer is told (PROTOCOLS §1.3 and §1.4).
enum Refusal: Error, Equatable {
    /// The server closes its connections (C11).
    case draining
    /// Protected mode: an open service, an address nobody spelled out, a peer from elsewhere (PROTOCOLS §1.5).
    case protected
    /// The page's origin is neither the server's own nor listed (C18).
    case origin
    /// `v` or a `sessionctl.` subprotocol that this server does not know (4405).
    case unsupportedVersion(String)
    /// A request without a credential, where one is needed.
    case unauthenticated
    /// A credential that is no good, and why.
    case unauthorized(AccessRefusal, String)
    /// A good credential of somebody who may not do this.
    case notAdmin
    /// A good credential, and nothing that says which device it is (PROTOCOLS §3.5).
    case deviceRequired
    /// A good credential of somebody who may not come in here, and what it lacks.
    case forbidden(String)
    /// A parameter of the query that this service cannot use, and why.
    case badParameter(String)
    /// Channels' health is asked for too often from one address (PROTOCOLS 2-18).
    case healthRate
    /// The limits of C8.
    case nodeLimit, addressLimit, acceptRate

    /// What a peer reads about it.
    var message: String {
        switch self {
        case .draining: "the server is shutting down; connect again in a moment"
        case .protected:
            "this server runs without authentication on an address that nobody named, so it answers loopback only; "
                + "start it with --host 0.0.0.0 spelled out, or switch authentication on"
        case .origin: "pages of this origin may not connect; allow it with --origin"
        case .unsupportedVersion(let version): "\(version) is not known here"
        case .unauthenticated: "a token is needed: Authorization: Bearer, or the first message of a WebSocket"
        case .unauthorized(_, let reason): reason
        case .notAdmin: "the admin API needs the role admin"
        case .forbidden(let reason), .badParameter(let reason): reason
        case .healthRate: "an address may ask for the health ten times a second"
        case .deviceRequired: "name the device with the claim device_id, X-Device-ID or ?device_id="
        case .nodeLimit: "the server has as many connections as it may have"
        case .addressLimit: "this address has as many connections as it may have"
        case .acceptRate: "connections come too fast"
        }
    }

    /// The HTTP answer of sync, and of what all services share.
    var response: HTTPResponse {
        switch self {
        case .draining: .error(.serviceUnavailable, "DRAINING", message, retryAfter: 5)
        case .protected: .error(.forbidden, "PROTECTED_MODE", message)
        case .origin: .error(.forbidden, "ORIGIN_FORBIDDEN", message)
        case .unsupportedVersion: .error(.badRequest, "UNSUPPORTED_VERSION", message)
        case .unauthenticated: .unauthorized("UNAUTHORIZED", message)
        case .unauthorized(.unavailable, _): .storeUnavailable
        case .unauthorized(let refusal, _): .unauthorized(SyncAuthFailureCode(refusal).name, message)
        case .notAdmin, .forbidden: .error(.forbidden, "FORBIDDEN", message)
        case .badParameter: .error(.badRequest, "BAD_REQUEST", message)
        case .healthRate: .error(.tooManyRequests, "RATE_LIMITED", message, retryAfter: 1)
        case .deviceRequired: .unauthorized(SyncAuthFailureCode.deviceRequired.name, message)
        case .nodeLimit: .error(.serviceUnavailable, "NODE_FULL", message, retryAfter: 5)
        case .addressLimit: .error(.tooManyRequests, "ADDRESS_LIMIT", message, retryAfter: 5)
        case .acceptRate: .error(.tooManyRequests, "ACCEPT_RATE", message, retryAfter: 1)
        }
    }

    /// The code for a browser; `nil` where every peer gets the HTTP status.
    func closeCode(for profile: ProtocolID) -> CloseCode? {
        switch self {
        case .unsupportedVersion: .unsupportedVersion
        case .unauthorized(.unavailable, _): .backendUnavailable
        // A locker session that was ended is an unknown one (4-1).
        case .unauthorized where profile == .lockers: .unauthorized
        case .unauthorized(let refusal, _): SyncAuthFailureCode(refusal).closeCode
        case .unauthenticated: .unauthorized
        case .deviceRequired: SyncAuthFailureCode.deviceRequired.closeCode
        case .forbidden: .forbidden
        case .badParameter: .badRequest
        case .healthRate: .connectionLimit
        case .draining, .protected, .origin, .notAdmin, .nodeLimit, .addressLimit, .acceptRate: nil
        }
    }

    /// What stands behind the code's name in the Close frame.
    func closeDetail(for profile: ProtocolID) -> String {
        switch self {
        case .unauthorized(.claims, _) where profile == .board: "claims"
        case .unauthenticated where profile == .board: "a token is needed"
        default: message
        }
    }

    /// The service's own error frame, sent before the Close frame.
    ///
    /// - Parameter handshake: What was settled before the peer was refused, where it got that far.
    func errorFrame(of profile: ProtocolID, _ handshake: Handshake?, at time: Timestamp) -> [UInt8]? {
        switch (profile, self) {
        case (.awareness, .unsupportedVersion):
            return AwarenessServerMessage.error(.invalidMessage, message: message).encoded()
        case (.sync, .unauthorized(.unavailable, _)): return nil
        case (.sync, .unauthorized(let refusal, _)): return authFailure(SyncAuthFailureCode(refusal), at: time)
        case (.sync, .deviceRequired): return authFailure(.deviceRequired, at: time)
        case (.channels, _): return channelsError(at: time)
        case (.lockers, _): return lockersError(at: time)
        case (.board, _): return handshake?.asksForPatches == true ? boardError : nil
        default: return nil
        }
    }

    private func authFailure(_ code: SyncAuthFailureCode, at time: Timestamp) -> [UInt8] {
        var envelope = SyncEnvelope()
        envelope.timestamp = time.seconds
        var frame: [UInt8] = []
        SyncServerMessage.authFailure(code, message: message).encode(envelope, to: &frame)
        return frame
    }

    /// The label in `sessionctl_connections_refused_total`.
    var metric: RefusalReason {
        switch self {
        case .draining: .draining
        case .protected: .protectedMode
        case .origin: .origin
        case .unsupportedVersion: .unsupportedVersion
        case .unauthenticated, .unauthorized, .notAdmin, .forbidden, .deviceRequired: .unauthorized
        case .badParameter: .badRequest
        case .healthRate: .healthRate
        case .nodeLimit: .nodeLimit
        case .addressLimit: .addressLimit
        case .acceptRate: .acceptRate
        }
    }
}

extension SyncAuthFailureCode {
    /// How sync spells why a credential is no good (PROTOCOLS §3.5).
    init(_ refusal: AccessRefusal) {
        self =
            switch refusal {
            case .invalid, .claims, .unavailable: .invalidToken
            case .expired: .tokenExpired
            case .revoked: .tokenRevoked
            }
    }
}

extension HTTPResponse {
    /// The answer on a path that two services claim, to who does not say which one is meant (PROTOCOLS §1.2).
    static let ambiguousPath = HTTPResponse.error(
        .conflict, "AMBIGUOUS_PATH",
        "sync and channels share this port: offer the subprotocol \(SyncProtocol.json) or \(ChannelsProtocol.json), use "
            + "\(ProtocolID.sync.mountedPath) or \(ProtocolID.channels.mountedPath), or start the server with --ws-owner"
    )

    /// An answer of 401, which says how to do better (RFC 9110 §11.6.1).
    static func unauthorized(_ code: String, _ message: String) -> HTTPResponse {
        var response = HTTPResponse.error(.unauthorized, code, message)
        response.fields.append("WWW-Authenticate", "Bearer")
        return response
    }
}

/// What client and server settle in the handshake (RFC 6455 §1.9, PROTOCOLS 0-11).
enum Negotiation {
    /// Reads version and subprotocol of a handshake.
    ///
    /// A subprotocol that is not ours, or that is a credential (PROTOCOLS §1.10), is not selected and does no harm; one of ours in a version that does not exist is
    /// refused, and so is a `v` that does not exist.
    static func handshake(
        _ fields: HTTPFields, _ target: HTTPTarget, for profile: ProtocolID
    ) throws(Refusal) -> Handshake {
        let known = profile.descriptor.subprotocols
        var selected: String?
        for offered in fields.tokens(of: "sec-websocket-protocol") {
            if known.contains(offered) {
                selected = selected ?? offered
            } else if offered.hasPrefix("sessionctl.\(profile.rawValue).") {
                throw .unsupportedVersion("subprotocol \(offered)")
            }
        }
        if profile == .awareness || profile == .board, let version = target.query("v"), version != "1", version != "2" {
            throw .unsupportedVersion("v=\(version.prefix(16))")
        }
        var handshake = Handshake(subprotocol: selected, query: target.query)
        handshake.path = target.path
        handshake.userAgent = fields["user-agent"]
        return handshake
    }
}

extension Handshake {
    /// Whether a client of board asks for the second version, which knows errors (PROTOCOLS 3-2, 3-3).
    fileprivate var asksForPatches: Bool {
        subprotocol == BoardProtocol.second || query.contains { $0.name == "v" && $0.value == "2" }
    }
}
