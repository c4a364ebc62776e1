import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Decides about a WebSocket handshake that is formally right (PROTOCOLS §1.4).
    mutating func upgrade(_ id: ConnectionID) { upgrade(id, connections[slot: id.slot].wire.takeRequest(), nil) }

    /// Decides about a handshake.
    ///
    /// - Parameter verdict: What became of its credential, where that had to be judged first.
    mutating func upgrade(_ id: ConnectionID, _ request: HTTPRequest, _ verdict: AccessVerdict?) {
        guard !connections[slot: id.slot].wire.owesAnswers else { return queue(id) }
        let target = HTTPTarget(request.head.target)
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        let subprotocols = request.head.fields.tokens(of: "sec-websocket-protocol")
        let asked = RouteRequest.handshake(subprotocols: subprotocols, hasToken: target.query("token") != nil)
        switch listener.routes.route(target.path, asked) {
        case .service(let profile):
            do throws(Refusal) {
                guard let handshake = try handshake(id, request.head.fields, target, profile, verdict) else { return }
                try admit(id)
                open(id, profile, handshake)
            } catch {
                refuse(id, error, of: profile, request.head.fields, target)
            }
        case .endpoint, .admin, .session, .refresh, .calls: answer(id, request)
        case .ambiguous: respond(id, .ambiguousPath, closes: true)
        case .unknown: respond(id, .error(.notFound, "NOT_FOUND", "nothing is served at \(target.path)"), closes: true)
        }
    }

    /// What the service is told about a handshake.
    ///
    /// - Returns: `nil` where the credential is still being judged.
    /// - Throws: What keeps the peer out.
    private mutating func handshake(
        _ id: ConnectionID, _ fields: HTTPFields, _ target: HTTPTarget, _ profile: ProtocolID, _ verdict: AccessVerdict?
    ) throws(Refusal) -> Handshake? {
        let isProbe = profile == .channels && ChannelsRoute(target.path) == .health
        try checkPeer(id, fields, profile, target.path)
        if !isProbe { try checkDrain() }
        var handshake = try Negotiation.handshake(fields, target, for: profile)
        handshake.host = connections[slot: id.slot].address.host
        if isProbe, !node.admitHealthCheck(handshake.host, at: moment.instant) { throw .healthRate }
        guard !isProbe, let door = door(of: profile, target.path) else { return handshake }
        switch standing(of: id, fields, target, at: door, verdict) {
        case .pending: return nil
        case .refused(let refusal, let reason): throw .unauthorized(refusal, reason)
        case .anonymous: handshake.identity = try identityOfAnonymous(at: door, target)
        case .known(let identity):
            handshake.identity = identity
            try complete(&handshake, fields, target, at: door)
        }
        // What was a credential is none of the service's business.
        if door == .board { handshake.query.removeAll { ["token", "access_token"].contains($0.name) } }
        return handshake
    }

    /// Where a handshake wants to come in; `nil` where nobody looks at credentials.
    private func door(of profile: ProtocolID, _ path: String) -> Door? {
        switch profile {
        case .sync: .sync
        case .channels: .channels
        case .lockers:
            .lockers(namespace: LockersRoute.namespace(at: path, among: configuration.lockers.namespaces))
        case .board: .board
        case .awareness, .echo: nil
        }
    }

    /// Who somebody is that shows no credential.
    ///
    /// - Throws: Where one is needed at once; sync waits for its first message.
    private mutating func identityOfAnonymous(at door: Door, _ target: HTTPTarget) throws(Refusal) -> Identity? {
        switch door {
        case .administration, .sync: return nil
        case .channels:
            guard node.access.absent(for: .channels) != nil else { throw .unauthenticated }
            return nil
        case .lockers(let namespace):
            guard let identity = node.sessions.absent(for: namespace) else { throw .unauthenticated }
            return identity
        case .board:
            guard let identity = node.access.absent(for: .board) else { throw .unauthenticated }
            return try member(identity, target)
        }
    }

    /// Adds what a service wants to know of a peer whose credential is good, unless it may not come in here.
    private mutating func complete(
        _ handshake: inout Handshake, _ fields: HTTPFields, _ target: HTTPTarget, at door: Door
    ) throws(Refusal) {
        switch door {
        case .administration, .channels: break
        case .board: if let identity = handshake.identity { handshake.identity = try member(identity, target) }
        case .sync:
            handshake.deviceID = fields["x-device-id"]
            guard handshake.identity?.isAssumed == true || handshake.namesDevice else { throw .deviceRequired }
        case .lockers(let namespace):
            if let namespace, handshake.identity?.mayEnter(namespace) == false {
                throw .forbidden("the session does not open \(namespace)")
            }
            if case .token(let bytes) = credential(in: fields, target, at: door) { handshake.credential = bytes }
        }
    }

    /// Keeps out who may not come, whoever it is: protected mode, foreign pages.
    ///
    /// - Parameter path: Where it wants to come in, for services that are open in places.
    func checkPeer(
        _ id: ConnectionID, _ fields: HTTPFields, _ profile: ProtocolID?, _ path: String = ""
    ) throws(Refusal) {
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        let isOpen = profile.map { self.isOpen($0, at: path) } ?? false
        if isOpen, listener.isProtected, !connections[slot: id.slot].address.isLoopback { throw .protected }
        if let origin = fields["origin"],
            !configuration.origins.accepts(origin: origin, host: fields["host"] ?? "", isSecure: listener.isSecure)
        {
            throw .origin
        }
    }

    /// Keeps out everybody while connections are being closed; probes and the admin API go on.
    func checkDrain() throws(Refusal) { if drain.state == .closing { throw .draining } }

    private func isOpen(_ profile: ProtocolID, at path: String) -> Bool {
        guard profile == .lockers else { return configuration.access.mode(of: profile) == .open }
        let namespace = LockersRoute.namespace(at: path, among: configuration.lockers.namespaces)
        return configuration.access.mode(ofNamespace: namespace) == .open
    }

    /// Counts a new WebSocket, unless there are as many as there may be.
    private func admit(_ id: ConnectionID) throws(Refusal) {
        switch node.admit(connections[slot: id.slot].address, at: moment.instant, of: configuration) {
        case nil: break
        case .nodeLimit: throw .nodeLimit
        case .addressLimit: throw .addressLimit
        case .acceptRate: throw .acceptRate
        }
    }

    /// Answers 101 and hands the connection to its service.
    private mutating func open(_ id: ConnectionID, _ profile: ProtocolID, _ handshake: Handshake) {
        accept(id, profile, subprotocol: handshake.subprotocol)
        connections[slot: id.slot].profile = profile
        connections[slot: id.slot].isAddressCounted = configuration.limits.address != nil
        counters.opened[profile.index] += 1
        counters.admitted[profile.index] &+= 1
        if profile == .sync { node.syncOpened() }
        log(.debug, "opened", id, profile)
        schedule(id)
        var handshake = handshake
        handshake.connectionNumber = connections[slot: id.slot].serial
        serviceOpened(id, profile, handshake)
    }

    private mutating func accept(_ id: ConnectionID, _ profile: ProtocolID, subprotocol: String?) {
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].accept(configuration.acceptance(of: profile), subprotocol: subprotocol)
        connections[slot: id.slot].phase = .webSocket
        connections[slot: id.slot].isPlain =
            connections[slot: id.slot].rare?.tls == nil && !connections[slot: id.slot].wire.compresses(bytes: .max)
        connections[slot: id.slot].phaseDeadline = .distantFuture
        markDirty(id)
    }

    /// Refuses a handshake: with an HTTP status, or for a browser, which cannot see one, with a Close frame.
    private mutating func refuse(
        _ id: ConnectionID, _ refusal: Refusal, of profile: ProtocolID, _ fields: HTTPFields, _ target: HTTPTarget
    ) {
        counters.refuse(refusal.metric)
        let usesClose: Bool =
            switch configuration.rejectionStyle {
            case .automatic: fields["origin"] != nil
            case .http: false
            case .close: true
            }
        guard usesClose, let code = refusal.closeCode(for: profile) else {
            return respond(id, refusal.response(for: profile), closes: true)
        }
        // A browser gives up where none of its subprotocols is selected; where none can be, that is the refusal itself.
        let settled = try? Negotiation.handshake(fields, target, for: profile)
        let subprotocol = settled?.subprotocol
        accept(id, profile, subprotocol: subprotocol)
        if let frame = refusal.errorFrame(of: profile, settled, at: moment.timestamp) {
            sendRefusal(frame, id, isBinary: subprotocol == SyncProtocol.protobuf)
        }
        close(id, code, detail: refusal.closeDetail(for: profile))
    }

    private mutating func sendRefusal(_ frame: [UInt8], _ id: ConnectionID, isBinary: Bool) {
        guard isBinary else { return connections[slot: id.slot].send(.text, frame.span) }
        var binary: [UInt8] = []
        SyncProtobuf.append(trusted: frame, to: &binary)
        connections[slot: id.slot].send(.binary, binary.span)
    }
}

extension Handshake {
    /// Whether it says which device the peer is: by a claim, `X-Device-ID` or `?device_id=` (PROTOCOLS §3.5).
    fileprivate var namesDevice: Bool {
        identity?.device != nil || deviceID != nil || query.contains { $0.name == "device_id" && !$0.value.isEmpty }
    }
}
