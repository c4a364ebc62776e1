import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Handles a complete plain request.
    mutating func request(_ id: ConnectionID) { answer(id, connections[slot: id.slot].wire.takeRequest()) }

    /// Answers a request now, or gathers its answer from the loops.
    mutating func answer(_ id: ConnectionID, _ request: HTTPRequest) {
        let target = HTTPTarget(request.head.target)
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        switch listener.routes.route(target.path) {
        case .service(let profile): respond(id, Self.upgradeRequired(profile), closes: true)
        case .unknown: respond(id, .error(.notFound, "NOT_FOUND", "nothing is served at \(target.path)"))
        case .endpoint(let endpoint): answer(id, request, endpoint, target)
        case .admin(let path):
            guard listener.answersAdmin else {
                return respond(
                    id,
                    .error(
                        .forbidden, "FORBIDDEN",
                        "the admin API answers on the Unix socket \(configuration.adminSocketPath)"))
            }
            do throws(HTTPFailure) {
                begin(try AdminRequest.operation(request, path, target), for: id)
            } catch {
                respond(id, error.response)
            }
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
        case .stats: begin(.stats, for: id)
        case .metrics: begin(.metrics, for: id)
        case .varz: begin(.varz, for: id)
        case .connz:
            do throws(HTTPFailure) {
                begin(.connz(try AdminRequest.page(target)), for: id)
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
        return .json(.ok, Array(#"{"status":"ready"}"#.utf8))
    }

    private static func upgradeRequired(_ profile: ProtocolID) -> HTTPResponse {
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
        let keepsAlive = connections[slot: id.slot].respond(
            response.answering(requestID: requestID()), at: moment.timestamp,
            closes: closes || drain.state == .closing)
        markDirty(id)
        guard keepsAlive else { return linger(id) }
        connections[slot: id.slot].phase = .http
        connections[slot: id.slot].phaseDeadline = moment.instant + ServerConfiguration.idleRequestTimeout
        schedule(id)
    }

    /// A name for a request that the peer can tell us about.
    mutating func requestID() -> String {
        let text = String(random.next(), radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }

    // MARK: Answers that all loops contribute to

    /// Starts to gather an answer; the connection is not read until it is complete.
    private mutating func begin(_ operation: Operation, for id: ConnectionID) {
        guard node.loopCount > 1, let query = operation.query else {
            return respond(id, finish(operation, operation.query.map { report($0) } ?? LoopReport()))
        }
        connections[slot: id.slot].phase = .answering
        connections[slot: id.slot].phaseDeadline = .distantFuture
        schedule(id)
        let ticket = GatherTicket(loop: index, number: gathering.begin(operation, for: id, parts: node.loopCount))
        node.postToAll(.query(query, ticket: ticket))
    }

    /// Adds a loop's part; answers when it was the last one.
    mutating func gathered(_ report: LoopReport, _ ticket: GatherTicket) {
        guard let (id, operation, whole) = gathering.add(report, to: ticket.number), connections.contains(id) else {
            return
        }
        respond(id, finish(operation, whole))
        flush(id)
        if connections.contains(id), connections[slot: id.slot].phase == .http { consumeUnread(id) }
    }
}

/// Answers whose parts are still on their way.
struct Gathering {
    private struct Pending {
        let id: ConnectionID
        let operation: Operation
        var missing: Int
        var report = LoopReport()
    }

    private var pending: [UInt64: Pending] = [:]
    private var lastNumber: UInt64 = 0

    /// Starts an answer of `parts` parts and returns its number.
    mutating func begin(_ operation: Operation, for id: ConnectionID, parts: Int) -> UInt64 {
        lastNumber += 1
        pending[lastNumber] = Pending(id: id, operation: operation, missing: parts)
        return lastNumber
    }

    /// Adds a part; returns the whole with the last one.
    mutating func add(_ report: LoopReport, to number: UInt64) -> (ConnectionID, Operation, LoopReport)? {
        guard var entry = pending.removeValue(forKey: number) else { return nil }
        entry.report.merge(report)
        entry.missing -= 1
        if entry.missing == 0 { return (entry.id, entry.operation, entry.report) }
        pending[number] = entry
        return nil
    }

    /// Drops the answers for a connection that is gone.
    mutating func forget(_ id: ConnectionID) {
        guard !pending.isEmpty else { return }
        pending = pending.filter { $0.value.id != id }
    }
}
