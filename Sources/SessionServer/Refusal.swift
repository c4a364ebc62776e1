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
        case .nodeLimit: "the server has as many connections as it may have"
        case .addressLimit: "this address has as many connections as it may have"
        case .acceptRate: "connections come too fast"
        }
    }

    /// The HTTP answer.
    var response: HTTPResponse {
        switch self {
        case .draining: .error(.serviceUnavailable, "DRAINING", message, retryAfter: 5)
        case .protected: .error(.forbidden, "PROTECTED_MODE", message)
        case .origin: .error(.forbidden, "ORIGIN_FORBIDDEN", message)
        case .unsupportedVersion: .error(.badRequest, "UNSUPPORTED_VERSION", message)
        case .nodeLimit: .error(.serviceUnavailable, "NODE_FULL", message, retryAfter: 5)
        case .addressLimit: .error(.tooManyRequests, "ADDRESS_LIMIT", message, retryAfter: 5)
        case .acceptRate: .error(.tooManyRequests, "ACCEPT_RATE", message, retryAfter: 1)
        }
    }

    /// The code for a browser; `nil` where every peer gets the HTTP status.
    var closeCode: CloseCode? {
        if case .unsupportedVersion = self { .unsupportedVersion } else { nil }
    }

    /// The service's own error frame, sent before the Close frame.
    func errorFrame(of profile: ProtocolID) -> [UInt8]? {
        guard profile == .awareness, case .unsupportedVersion = self else { return nil }
        return AwarenessServerMessage.error(.invalidMessage, message: message).encoded()
    }

    /// The label in `sessionctl_connections_refused_total`.
    var metric: RefusalReason {
        switch self {
        case .draining: .draining
        case .protected: .protectedMode
        case .origin: .origin
        case .unsupportedVersion: .unsupportedVersion
        case .nodeLimit: .nodeLimit
        case .addressLimit: .addressLimit
        case .acceptRate: .acceptRate
        }
    }
}

/// What client and server settle in the handshake (RFC 6455 §1.9, PROTOCOLS 0-11).
enum Negotiation {
    /// Reads version and subprotocol of a handshake.
    ///
    /// A subprotocol that is not ours is not selected and does no harm; one of ours in a version that does not exist is
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
        if profile == .awareness, let version = target.query.first(where: { $0.name == "v" })?.value,
            version != "1", version != "2"
        {
            throw .unsupportedVersion("v=\(version.prefix(16))")
        }
        return Handshake(subprotocol: selected, query: target.query)
    }
}
