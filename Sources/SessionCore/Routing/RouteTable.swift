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
    /// The HTTP API of channels or lockers (PROTOCOLS §4.5, §6.3).
    case calls(ProtocolID)
    /// A WebSocket that several services claim, and nothing says which one is meant (PROTOCOLS §1.2).
    case ambiguous
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

/// What decides between the services of a path that is more than one thing.
package enum RouteRequest: Equatable, Sendable {
    /// A plain request of a method.
    case plain(method: String)
    /// A WebSocket handshake: the subprotocols that it offers, and whether its query has a `token`.
    case handshake(subprotocols: [String], hasToken: Bool = false)
}

/// The paths of one listener (PROTOCOLS §1.2).
package struct RouteTable: Sendable {
    private let profiles: [ProtocolID]
    private let isSingle: Bool
    private let hasOperations: Bool
    private let namespaces: [String]
    private let webSocketOwner: ProtocolID?

    /// Makes the table of a listener.
    ///
    /// - Parameters:
    ///   - profiles: The services found here.
    ///   - isSingle: Whether all services share this listener (`--single`), so that unknown paths are nobody's, and `/`
    ///     is board for who brings a token in the query, otherwise awareness.
    ///   - hasOperations: Whether probes, metrics and `/admin/*` are found here.
    ///   - namespaces: Lockers' namespaces, such as `/ws/help`.
    ///   - webSocketOwner: Whose `/ws` is where both sync and channels are found here and a handshake names neither.
    package init(
        profiles: [ProtocolID], isSingle: Bool, hasOperations: Bool, namespaces: [String] = [],
        webSocketOwner: ProtocolID? = nil
    ) {
        self.profiles = profiles
        self.isSingle = isSingle
        self.hasOperations = hasOperations
        self.namespaces = namespaces
        self.webSocketOwner = webSocketOwner
    }

    /// Says what the listener has at a path, which carries no query.
    ///
    /// A path may be a WebSocket for a handshake and an HTTP API for a plain request: `POST /api/v1/reports/stream/x`.
    package func route(_ path: String, _ request: RouteRequest) -> Route {
        if let endpoint = Route.Endpoint(rawValue: path), has(endpoint) { return .endpoint(endpoint) }
        if path.hasPrefix("/admin/"), hasOperations {
            return .admin(path.dropFirst(7).split(separator: "/", omittingEmptySubsequences: false))
        }
        if profiles.contains(.sync) {
            if path.hasPrefix("/session/") { return .session }
            if path == "/auth/refresh" { return .refresh }
        }
        if case .plain(let method) = request, let profile = profiles.first(where: { $0.hasCall(method, at: path) }) {
            return .calls(profile)
        }
        let owners = profiles.filter { has($0, webSocketAt: path) }
        if owners.count > 1 { return owner(among: owners, request).map { .service($0) } ?? .ambiguous }
        if let owner = owners.first { return .service(owner) }
        // On awareness' own listener no path is unknown (0-2); on a shared port only `/` is awareness.
        for profile in profiles where profile.descriptor.acceptsAnyPath && !isSingle { return .service(profile) }
        return .unknown
    }

    private func has(_ endpoint: Route.Endpoint) -> Bool {
        endpoint.profile.map(profiles.contains) ?? hasOperations
    }

    private func has(_ profile: ProtocolID, webSocketAt path: String) -> Bool {
        switch profile {
        case .channels: ChannelsRoute(path) != nil
        case .lockers: LockersRoute.namespace(at: path, among: namespaces) != nil
        case .awareness, .sync, .board, .echo:
            path == profile.mountedPath || profile.descriptor.nativePaths.contains(path)
        }
    }

    /// Which of several services a request means: the one whose subprotocol it offers, else the one that was configured; of
    /// awareness and board, who share `/`, the one that takes a token in the query or the one that does not.
    private func owner(among owners: [ProtocolID], _ request: RouteRequest) -> ProtocolID? {
        if case .handshake(let subprotocols, _) = request {
            for offered in subprotocols {
                if let owner = owners.first(where: { offered.hasPrefix("sessionctl.\($0.rawValue).") }) { return owner }
            }
        }
        if owners.contains(.board), owners.contains(.awareness) {
            if case .handshake(_, hasToken: true) = request { return .board }
            return .awareness
        }
        return webSocketOwner.flatMap { owners.contains($0) ? $0 : nil }
    }
}

extension ProtocolID {
    /// Whether a plain request belongs to the protocol's HTTP API, rather than to a client that forgot its handshake.
    fileprivate func hasCall(_ method: String, at path: String) -> Bool {
        switch self {
        case .channels:
            if path.hasPrefix("/api/v1/ws/") || path.hasPrefix("/api/v1/debug/websocket/") { return true }
            guard path.hasPrefix("/api/v1/reports/") else { return false }
            // `GET …/progress/status` is about the report of that name, like any other `GET …/{id}/status`.
            if path.hasSuffix("/status") { return true }
            return ChannelsRoute(path) == nil || (method != "GET" && method != "HEAD")
        case .lockers: return path.hasPrefix("/api/websocket/")
        case .awareness, .sync, .board, .echo: return false
        }
    }
}
