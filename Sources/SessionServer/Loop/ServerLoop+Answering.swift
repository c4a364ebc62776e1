import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Handles a complete plain request.
    mutating func request(_ id: ConnectionID) { answer(id, connections[slot: id.slot].wire.takeRequest()) }

    /// Answers a request now, or has its answer gathered or made elsewhere.
    ///
    /// - Parameter verdict: What became of its credential, where that had to be judged first.
    mutating func answer(_ id: ConnectionID, _ request: HTTPRequest, _ verdict: AccessVerdict? = nil) {
        let target = HTTPTarget(request.head.target)
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        let route = listener.routes.route(target.path, .plain(method: request.head.method))
        if case .calls(let profile) = route { return call(profile, id, request, target, verdict) }
        guard !connections[slot: id.slot].wire.owesAnswers else { return queue(id) }
        switch route {
        case .service(let profile): respond(id, Self.noWebSocket(profile, request.head.method), closes: true)
        case .ambiguous: respond(id, .ambiguousPath, closes: true)
        case .calls: preconditionFailure("calls are handed on before")
        case .unknown: respond(id, .error(.notFound, "NOT_FOUND", "nothing is served at \(target.path)"))
        case .endpoint(let endpoint): answer(id, request, endpoint, target)
        case .admin(let path): administer(id, request, path, target, verdict)
        case .session: session(id, request, target, verdict)
        case .refresh: refresh(id, request)
        }
    }

    private mutating func answer(
        _ id: ConnectionID, _ request: HTTPRequest, _ endpoint: Route.Endpoint, _ target: HTTPTarget
    ) {
        guard request.head.method == "GET" || request.head.method == "HEAD" else {
            return respond(id, .error(.methodNotAllowed, "METHOD_NOT_ALLOWED", "only GET and HEAD", allow: "GET, HEAD"))
        }
        switch endpoint {
        case .healthz, .startupz: respond(id, .json(.ok, Array(#"{"status":"ok"}"#.utf8)))
        case .readyz: respond(id, readiness)
        case .health: begin(.health, for: id)
        case .stats: begin(.stats, for: id)
        case .metrics: begin(.metrics, for: id)
        case .varz: begin(.varz, for: id)
        case .connz:
            do throws(HTTPFailure) {
                var page = try AdminRequest.numberedPage(target)
                // No filters: who may not see users may not find them by asking for names either.
                (page.user, page.deviceType) = (nil, nil)
                begin(.connz(page), for: id)
            } catch {
                respond(id, error.response)
            }
        }
    }

    private var readiness: HTTPResponse {
        if drain.state != .serving { return .json(.serviceUnavailable, Array(#"{"status":"draining"}"#.utf8)) }
        if let limit = configuration.limits.residentBytes, ProcessUsage.read().residentBytes > limit {
            return .json(.serviceUnavailable, Array(#"{"status":"out_of_memory"}"#.utf8))
        }
        if node.storeOutage(at: moment.instant) >= Node.toleratedOutage {
            return .json(.serviceUnavailable, Array(#"{"status":"store_unavailable"}"#.utf8))
        }
        return .json(.ok, Array(#"{"status":"ready"}"#.utf8))
    }

    /// The answer to a plain request where a WebSocket is served (PROTOCOLS §1.4).
    private static func noWebSocket(_ profile: ProtocolID, _ method: String) -> HTTPResponse {
        guard method == "GET" || method == "HEAD" else {
            return .error(.methodNotAllowed, "METHOD_NOT_ALLOWED", "a WebSocket handshake is a GET", allow: "GET")
        }
        var response = HTTPResponse.error(
            .upgradeRequired, "UPGRADE_REQUIRED", "\(profile.rawValue) speaks WebSocket here (RFC 6455, version 13)")
        response.fields.append("Upgrade", "websocket")
        response.fields.append("Sec-WebSocket-Version", "13")
        return response
    }

    /// Writes an answer; the connection takes the next request, or ends where the peer or `closes` wants it so.
    mutating func respond(_ id: ConnectionID, _ response: HTTPResponse, closes: Bool = false) {
        guard connections.contains(id) else { return }
        connections[slot: id.slot].output.prepare(&pool)
        var answer = response.answering(requestID: requestID())
        if let fields = connections[slot: id.slot].wire.requestFields { answer = answer.gzipped(for: fields) }
        let keepsAlive = connections[slot: id.slot].respond(
            answer, at: moment.timestamp, closes: closes || drain.state == .closing)
        markDirty(id)
        guard keepsAlive else { return linger(id) }
        awaitRequest(id)
    }

    /// A name for a request that the peer can tell us about.
    mutating func requestID() -> String {
        let text = String(random.next(), radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
