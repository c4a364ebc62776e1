import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// Just enough of the sync service for loads, on loopback and a thread of its own, which misbehaves as a test tells it.
final class ScriptedSync: Sendable {
    /// What is to go wrong, each with the numbers of those that it happens to, counted from 0.
    struct Mischief: Sendable {
        /// Puts that are answered with the version that the session's last put was answered with.
        var repeatsVersion: @Sendable (Int) -> Bool = { _ in false }
        /// Puts that are refused with 503.
        var refuses: @Sendable (Int) -> Bool = { _ in false }
        /// Gets that answer with the state of no write.
        var forgetsState: @Sendable (Int) -> Bool = { _ in false }
        /// Answers that come in pieces: the place where they are cut.
        var cutsAnswersAt: Int?
        /// Requests over HTTP behind whose answer the connection is closed.
        var closesHTTP: @Sendable (Int) -> Bool = { _ in false }
        /// Changes that the other devices hear of so many times.
        var deliveries: @Sendable (Int) -> Int = { _ in 1 }
        /// Changes that the other devices hear of only together with the next one, and behind it.
        var delays: @Sendable (Int) -> Bool = { _ in false }
        /// Devices that are refused.
        var refusesDevices = false
    }

    /// A session as the service keeps it.
    struct Session {
        var version: UInt64 = 0
        /// The version that its last put was answered with.
        var told: UInt64 = 0
        var state = JSONValue.object(JSONObject())
        var handoff: (token: String, source: String, target: String)?
    }

    private struct Peer {
        var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 1 << 20))
        var session = ""
        var device = ""
    }

    private struct World {
        var sessions: [String: Session] = [:]
        var puts = 0
        var gets = 0
        var requests = 0
        var changes = 0
        var held: [(session: String, from: String, message: [UInt8])] = []
        var authorizations: Set<String> = []
        var tokens: Set<String> = []
    }

    private let listener: ScriptedListener
    private let mischief: Mischief
    private let world = Mutex(World())

    init(_ mischief: Mischief = Mischief()) throws {
        listener = try ScriptedListener()
        self.mischief = mischief
        let thread = try SystemThread(name: "sync") { [self] in
            listener.serve(Peer.init) { read($0, from: $1, &$2) }
        }
        _ = consume thread
    }

    var endpoint: Endpoint { listener.endpoint("/ws") }
    /// The sessions by their ids.
    var sessions: [String: Session] { world.withLock { $0.sessions } }
    /// How many snapshots were put, refused ones included.
    var puts: Int { world.withLock { $0.puts } }
    /// The credentials that came over HTTP, and the tokens of devices.
    var authorizations: Set<String> { world.withLock { $0.authorizations } }
    var tokens: Set<String> { world.withLock { $0.tokens } }

    /// Ends the thread within 20 ms.
    func stop() { listener.stop() }

    // MARK: Sockets

    private func read(_ bytes: [UInt8], from descriptor: Int32, _ peers: inout [Int32: Peer]) {
        var received = bytes
        var (cursor, isOver) = (0, false)
        while cursor < bytes.count, !isOver, var peer = peers[descriptor] {
            var output: [UInt8] = []
            var span = received.mutableSpan
            let event = peer.connection.receive(&span, from: &cursor, output: &output)
            switch event {
            case .needsInput: cursor = bytes.count
            case .upgrade:
                peer.connection.accept(
                    Acceptance(messageBytesMax: 1 << 20, compression: nil), subprotocol: SyncProtocol.json,
                    output: &output)
            case .request: isOver = answer(&peer, &peers, &output)
            case .message(_, let place):
                let bytes =
                    if case .input(let range) = place { Array(received[range]) } else { peer.connection.assembled }
                hear(bytes, &peer, &peers, &output)
            case .closeReceived, .failed: isOver = true
            default: break
            }
            peers[descriptor] = peer
            write(output, to: descriptor)
        }
        if isOver {
            peers[descriptor] = nil
            Descriptor.close(descriptor)
        }
    }

    /// Sends, in two pieces where that is asked for; a client that is gone is told of by the next read.
    private func write(_ bytes: [UInt8], to descriptor: Int32) {
        guard let cut = mischief.cutsAnswersAt, bytes.count > cut else {
            try? Descriptor.writeAll(bytes.span, to: descriptor)
            return
        }
        try? Descriptor.writeAll(bytes.span.extracting(first: cut), to: descriptor)
        let end = SystemClock.now() + .milliseconds(1)
        while SystemClock.now() < end {}
        try? Descriptor.writeAll(bytes.span.extracting(droppingFirst: cut), to: descriptor)
    }

    private func send(
        _ message: SyncServerMessage, correlation: String? = nil, to peer: inout Peer, _ output: inout [UInt8]
    ) {
        var text: [UInt8] = []
        message.encode(SyncEnvelope(sessionID: peer.session, timestamp: 0, correlationID: correlation), to: &text)
        peer.connection.send(.text, text.span, output: &output)
    }

    /// Sends to devices of a session.
    private func tell(
        _ peers: inout [Int32: Peer], session: String, where isMeant: (String) -> Bool, _ message: [UInt8]
    ) {
        for (descriptor, var other) in peers where other.session == session && isMeant(other.device) {
            var output: [UInt8] = []
            other.connection.send(.text, message.span, output: &output)
            peers[descriptor] = other
            try? Descriptor.writeAll(output.span, to: descriptor)
        }
    }

    // MARK: WebSocket

    private func hear(_ bytes: [UInt8], _ peer: inout Peer, _ peers: inout [Int32: Peer], _ output: inout [UInt8]) {
        guard let frame = try? SyncClientFrame.read(bytes.span) else { return }
        let correlation = frame.envelope.correlationID
        switch frame.message {
        case .auth(let authentication):
            if mischief.refusesDevices {
                return send(.authFailure(.invalidToken, message: "no"), to: &peer, &output)
            }
            world.withLock { _ = $0.tokens.insert(authentication.token ?? "") }
            peer.session = frame.envelope.sessionID ?? ""
            peer.device = authentication.deviceID ?? ""
            let welcome = SyncWelcome(
                sessionID: peer.session, userID: frame.envelope.userID ?? "", deviceID: peer.device, roles: [],
                expiresAt: nil, heartbeatInterval: 30_000, version: 0, devicesOnline: 1, serverTime: 0, epoch: "e",
                sequence: 0)
            send(.authSuccess(welcome), to: &peer, &output)
        case .heartbeat(let time):
            send(.heartbeatAck(clientTime: time, serverTime: 0), correlation: correlation, to: &peer, &output)
        case .deviceList:
            let session = peer.session
            let devices = (peers.values.filter { $0.session == session }.map(\.device)).map {
                SyncDevice(id: $0, isOnline: true)
            }
            send(.deviceList(devices), correlation: correlation, to: &peer, &output)
        case .stateUpdate(let update): change(update, correlation, &peer, &peers, &output)
        default: break
        }
    }

    private func change(
        _ update: SyncStateUpdate, _ correlation: String?, _ peer: inout Peer, _ peers: inout [Int32: Peer],
        _ output: inout [UInt8]
    ) {
        let (session, device) = (peer.session, peer.device)
        let (version, number) = world.withLock { world in
            world.sessions[session, default: Session()].version += 1
            defer { world.changes += 1 }
            return (world.sessions[session]?.version ?? 0, world.changes)
        }
        var change = SyncStateChange(
            key: update.key, value: update.value, operation: update.operation, version: version, deviceID: device)
        var text: [UInt8] = []
        SyncServerMessage.stateUpdate(change).encode(SyncEnvelope(sessionID: session, timestamp: 0), to: &text)
        if mischief.delays(number) {
            world.withLock { $0.held.append((session, device, text)) }
        } else {
            for _ in 0..<mischief.deliveries(number) { tell(&peers, session: session, where: { $0 != device }, text) }
            let held = world.withLock { world in
                defer { world.held.removeAll { $0.session == session } }
                return world.held.filter { $0.session == session }
            }
            for late in held { tell(&peers, session: session, where: { $0 != late.from }, late.message) }
        }
        change.isAcknowledgement = true
        send(.stateUpdate(change), correlation: correlation, to: &peer, &output)
    }

    // MARK: HTTP

    /// - Returns: Whether the connection is over.
    private func answer(_ peer: inout Peer, _ peers: inout [Int32: Peer], _ output: inout [UInt8]) -> Bool {
        let request = peer.connection.takeRequest()
        if let credential = request.head.fields["authorization"] {
            world.withLock { _ = $0.authorizations.insert(credential) }
        }
        let path = request.head.target.split(separator: "/").map(String.init)
        // What is no JSON is answered as an empty object would be.
        let body = (try? JSONValue.parse(request.body.span)) ?? .null
        let response: HTTPResponse
        switch (request.head.method, path.count) {
        case ("POST", 2) where path[1] == "snapshot": response = put(body)
        case ("POST", 2) where path[1] == "incremental": response = increment(body)
        case ("POST", 3) where path[1] == "conflict": response = resolve(body)
        case ("GET", 2): response = get(path[1])
        case ("POST", 3): response = offer(path[1], body, &peers)
        case ("GET", 4): response = accept(path[1], path[3], &peers)
        default: response = .error(.notFound, "NOT_FOUND", "no such thing")
        }
        let number = world.withLock { world in
            defer { world.requests += 1 }
            return world.requests
        }
        let closes = mischief.closesHTTP(number)
        peer.connection.respond(response, closes: closes, output: &output)
        return closes
    }

    private func json(_ status: HTTPStatus, _ value: JSONValue) -> HTTPResponse {
        var bytes: [UInt8] = []
        value.append(to: &bytes)
        return .json(status, bytes)
    }

    private func put(_ body: JSONValue) -> HTTPResponse {
        let id = body["session_id"]?.string ?? ""
        let told: UInt64? = world.withLock { world in
            defer { world.puts += 1 }
            if mischief.refuses(world.puts) { return nil }
            var session = world.sessions[id] ?? Session()
            session.version += 1
            session.state = body["state_data"] ?? .null
            if !mischief.repeatsVersion(world.puts) { session.told = session.version }
            world.sessions[id] = session
            return session.told
        }
        guard let told else { return .error(.serviceUnavailable, "STORE_UNAVAILABLE", "later") }
        return json(.created, ["session_id": .string(id), "version": .number("\(told)"), "created": true])
    }

    private func get(_ id: String) -> HTTPResponse {
        let (number, session) = world.withLock { world in
            defer { world.gets += 1 }
            return (world.gets, world.sessions[id])
        }
        guard let session else { return .error(.notFound, "SESSION_NOT_FOUND", "no such session") }
        let state: JSONValue = mischief.forgetsState(number) ? ["mark": "another"] : session.state
        return json(
            .ok, ["session_id": .string(id), "state_data": state, "version": .number("\(session.version)")])
    }

    private func increment(_ body: JSONValue) -> HTTPResponse {
        let id = body["session_id"]?.string ?? ""
        let session = world.withLock { $0.sessions[id] } ?? Session()
        guard let base = body["base_version"]?.integer, UInt64(base) < session.version else {
            return .error(.badRequest, "INVALID_BODY", "no older version")
        }
        return json(
            .conflict,
            [
                "error": "VERSION_CONFLICT",
                "details": ["server_version": .number("\(session.version)"), "server_state": session.state],
            ])
    }

    private func resolve(_ body: JSONValue) -> HTTPResponse {
        let id = body["session_id"]?.string ?? ""
        let session = world.withLock { world in
            world.sessions[id, default: Session()].version += 1
            world.sessions[id]?.state = body["client_state"] ?? .null
            return world.sessions[id] ?? Session()
        }
        return json(
            .ok,
            [
                "session_id": .string(id), "version": .number("\(session.version)"), "state_data": session.state,
                "conflicts": [],
            ])
    }

    private func offer(_ id: String, _ body: JSONValue, _ peers: inout [Int32: Peer]) -> HTTPResponse {
        let (source, target) = (body["source_device"]?.string ?? "", body["target_device"]?.string ?? "")
        let token = String(repeating: "t", count: 35) + String(id.suffix(8))
        world.withLock { $0.sessions[id, default: Session()].handoff = (token, source, target) }
        tell(&peers, session: id, where: { $0 == target }, broadcast("handoff_offer", ["token": .string(token)]))
        return json(.created, ["token": .string(token), "session_id": .string(id)])
    }

    private func accept(_ id: String, _ token: String, _ peers: inout [Int32: Peer]) -> HTTPResponse {
        let session = world.withLock { world in
            defer { world.sessions[id]?.handoff = nil }
            return world.sessions[id]
        }
        guard let session, let handoff = session.handoff, handoff.token == token else {
            return .error(.gone, "HANDOFF_CONSUMED", "it was used")
        }
        tell(&peers, session: id, where: { $0 == handoff.source }, broadcast("handoff_completed", [:]))
        return json(
            .ok,
            [
                "valid": true, "session_id": .string(id), "state_data": session.state,
                "version": .number("\(session.version)"),
            ])
    }

    private func broadcast(_ event: String, _ data: JSONValue) -> [UInt8] {
        var text: [UInt8] = []
        SyncServerMessage.broadcast(event: event, data: JSONFragment(data)).encode(
            SyncEnvelope(timestamp: 0), to: &text)
        return text
    }
}
