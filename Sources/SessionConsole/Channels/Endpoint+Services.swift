package import SessionCodec

/// Where the HTTP APIs of channels and lockers are on a server whose URL may be that of a WebSocket (PROTOCOLS §1.2).
extension Endpoint {
    /// The place below which `/api/v1` of channels is.
    package var rootOfChannels: Endpoint { root(before: ["/channels/ws", "/api/v1/", "/ws"]) }

    /// The place below which `/api/websocket` of lockers is.
    package var rootOfLockers: Endpoint { root(before: ["/api/websocket/", "/ws/", "/lockers"]) }

    /// Cuts the path where the first of these parts that it has begins; a path without any is the place itself.
    private func root(before parts: [String]) -> Endpoint {
        let path = target.prefix { $0 != "?" }
        for part in parts {
            guard let start = path.indices.first(where: { path[$0...].hasPrefix(part) }) else { continue }
            return withTarget(start == path.startIndex ? "/" : String(path[..<start]))
        }
        return withTarget(String(path))
    }
}

/// Where the WebSockets of channels and lockers are on a server whose URL may be that of another of its paths; a query, in
/// which a credential may stand, is kept.
extension Endpoint {
    /// The socket of `subscribe` and `publish --socket`.
    package var socketOfChannels: Endpoint { target.prefix { $0 != "?" } == "/" ? withTarget("/ws" + query) : self }

    /// The socket that tells of a report.
    package func socket(ofReport id: String) -> Endpoint {
        socket(below: rootOfChannels, "api/v1/reports/progress", id)
    }

    /// The socket of a template's stream.
    package func socket(ofStream template: String) -> Endpoint {
        socket(below: rootOfChannels, "api/v1/reports/stream", template)
    }

    /// The socket of a namespace, below `/lockers` where that is where the URL leads (PROTOCOLS §1.2).
    ///
    /// - Parameter path: Such as `/ws/lockers`.
    package func socket(ofNamespace path: String) -> Endpoint {
        let given = target.prefix { $0 != "?" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let isMounted = given.hasSuffix("/lockers") && !given.hasSuffix("/ws/lockers") || given.contains("/lockers/")
        return socket(below: rootOfLockers, isMounted ? "lockers" : "ws", name)
    }

    /// The query with its question mark; empty where there is none.
    private var query: String { String(target.drop { $0 != "?" }) }

    private func socket(below root: Endpoint, _ path: String, _ id: String) -> Endpoint {
        let base = root.target == "/" ? "" : root.target
        return withTarget("\(base)/\(path)/\(PercentEncoding.encodeComponent(id))\(query)")
    }
}
