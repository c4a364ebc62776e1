import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// Decides about a WebSocket handshake that is formally right (PROTOCOLS §1.4).
    mutating func upgrade(_ id: ConnectionID) {
        let request = connections[slot: id.slot].wire.takeRequest()
        let target = HTTPTarget(request.head.target)
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        switch listener.routes.route(target.path) {
        case .service(let profile):
            do throws(Refusal) {
                let session = try admit(id, request.head.fields, target, to: profile, listener)
                open(id, profile, session)
            } catch {
                refuse(id, error, of: profile, isBrowser: request.head.fields["origin"] != nil)
            }
        case .endpoint, .admin: answer(id, request)
        case .unknown: respond(id, .error(.notFound, "NOT_FOUND", "nothing is served at \(target.path)"), closes: true)
        }
    }

    /// Checks everything that may keep a peer out; counts it where nothing does.
    private func admit(
        _ id: ConnectionID, _ fields: HTTPFields, _ target: HTTPTarget, to profile: ProtocolID,
        _ listener: ListenerEntry
    ) throws(Refusal) -> Handshake {
        let address = connections[slot: id.slot].address
        if drain.state == .closing { throw .draining }
        if listener.isProtected, !address.isLoopback { throw .protected }
        if let origin = fields["origin"],
            !configuration.origins.accepts(origin: origin, host: fields["host"] ?? "", isSecure: listener.isSecure)
        {
            throw .origin
        }
        let handshake = try Negotiation.handshake(fields, target, for: profile)
        switch node.admit(address, at: moment.instant, of: configuration) {
        case nil: return handshake
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
        log(.debug, "opened", id, profile)
        schedule(id)
        guard profile == .awareness else { return }
        awareness.opened(id, handshake, at: moment, effects: &effects)
        performEffects()
    }

    private mutating func accept(_ id: ConnectionID, _ profile: ProtocolID, subprotocol: String?) {
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].accept(configuration.acceptance(of: profile), subprotocol: subprotocol)
        connections[slot: id.slot].phase = .webSocket
        connections[slot: id.slot].phaseDeadline = .distantFuture
    }

    /// Refuses a handshake: with an HTTP status, or for a browser, which cannot see one, with a Close frame.
    private mutating func refuse(_ id: ConnectionID, _ refusal: Refusal, of profile: ProtocolID, isBrowser: Bool) {
        counters.refuse(refusal.metric)
        let usesClose: Bool =
            switch configuration.rejectionStyle {
            case .automatic: isBrowser
            case .http: false
            case .close: true
            }
        guard usesClose, let code = refusal.closeCode else {
            return respond(id, refusal.response, closes: true)
        }
        accept(id, profile, subprotocol: nil)
        if let frame = refusal.errorFrame(of: profile) { connections[slot: id.slot].send(.text, frame.span) }
        close(id, code, detail: refusal.message)
    }
}
