package import SessionCodec

/// What a listener has at a path.
package enum Route: Equatable, Sendable {
    /// A service's WebSocket.
    case service(ProtocolID)
    /// An HTTP resource.
    case endpoint(Endpoint)
    /// `/admin/…` and what follows it.
    case admin([Substring])
    /// `/session/…`: sync's HTTP API (PROTOCOLS §3.3).
    case session
    /// `/auth/refresh` (PROTOCOLS 1-6).
    case refresh
    /// Nothing.
    case unknown

    /// The resources that answer plain HTTP requests.
    package enum Endpoint: String, CaseIterable, Sendable {
        case healthz = "/healthz"
        case readyz = "/readyz"
        case startupz = "/startupz"
        case metrics = "/metrics"
        case varz = "/varz"
        case connz = "/connz"
        /// Awareness' own statistics (PROTOCOLS 0-19).
        case stats = "/stats"
        /// Sync's own health (seed 001, *Monitoring*; PROTOCOLS 1-26).
        case health = "/health"

        /// The service that it is about; `nil` where it is about the node.
        var profile: ProtocolID? {
            switch self {
            case .stats: .awareness
            case .health: .sync
            case .healthz, .readyz, .startupz, .metrics, .varz, .connz: nil
            }
        }
    }
}

/// The paths of one listener (PROTOCOLS §1.2).
package struct RouteTable: Sendable {
    private let profiles: [ProtocolID]
    private let isSingle: Bool
    private let hasOperations: Bool

    /// Makes the table of a listener.
    ///
    /// - Parameters:
    ///   - profiles: The services found here.
    ///   - isSingle: Whether all services share this listener (`--single`), so that unknown paths are nobody's, and `/`
    ///     is awareness.
    ///   - hasOperations: Whether probes, metrics and `/admin/*` are found here.
    package init(profiles: [ProtocolID], isSingle: Bool, hasOperations: Bool) {
        self.profiles = profiles
        self.isSingle = isSingle
        self.hasOperations = hasOperations
    }

    /// Says what the listener has at a path, which carries no query.
    package func route(_ path: String) -> Route {
        if let endpoint = Route.Endpoint(rawValue: path), has(endpoint) { return .endpoint(endpoint) }
        if path.hasPrefix("/admin/"), hasOperations {
            return .admin(path.dropFirst(7).split(separator: "/", omittingEmptySubsequences: false))
        }
        if profiles.contains(.sync) {
            if path.hasPrefix("/session/") { return .session }
            if path == "/auth/refresh" { return .refresh }
        }
        // No two services claim one native path as yet, so that none is ambiguous on a shared port.
        for profile in profiles where path == profile.mountedPath || profile.descriptor.nativePaths.contains(path) {
            return .service(profile)
        }
        // On awareness' own listener no path is unknown (0-2); on a shared port only `/` is awareness.
        for profile in profiles where profile.descriptor.acceptsAnyPath && !isSingle { return .service(profile) }
        return .unknown
    }

    private func has(_ endpoint: Route.Endpoint) -> Bool {
        endpoint.profile.map(profiles.contains) ?? hasOperations
    }
}
