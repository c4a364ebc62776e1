import SessionBase
import SessionCodec
import SessionCore

/// One request of a service's HTTP API, on its way to the machine that answers it.
enum ServiceCall: Sendable {
    /// About a session of sync (PROTOCOLS §3.3).
    case sync(SyncCall, by: Identity)
    /// About channels, reports and streams (PROTOCOLS §4.5); nobody knows who asks where it is `nil`.
    case channels(ChannelsCall, by: Identity?)
    /// What administrators ask about channels (PROTOCOLS §1.6).
    case administration(ChannelsAdminCall)
    /// About lockers' namespaces (PROTOCOLS §6.3).
    case lockers(LockersCall, by: Identity?)
    /// What administrators ask about a room of board (PROTOCOLS §1.6).
    case board(BoardCall)
}

/// Who makes a request of a service's HTTP API.
private enum Caller {
    case known(Identity)
    case anonymous
    /// That will be known later, and the request is looked at again then.
    case pending
}

extension ServerLoop {
    /// Answers a request of the HTTP API of channels or lockers.
    mutating func call(
        _ profile: ProtocolID, _ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget,
        _ verdict: AccessVerdict?
    ) {
        do throws(HTTPFailure) {
            let door: Door = profile == .lockers ? .lockers(namespace: nil) : .channels
            let identity: Identity?
            switch try caller(id, request, target, at: door, verdict) {
            case .pending: return
            case .anonymous: identity = nil
            case .known(let known): identity = known
            }
            hand(try Self.serviceCall(door, request, by: identity), from: id)
        } catch {
            respond(id, error.response)
        }
    }

    /// Who makes a request; in open mode, whoever shows nothing is taken for an administrator.
    ///
    /// - Throws: The answer to somebody who may not come in.
    private mutating func caller(
        _ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget, at door: Door, _ verdict: AccessVerdict?
    ) throws(HTTPFailure) -> Caller {
        do throws(Refusal) {
            try checkPeer(id, request.head.fields, door.profile, target.path)
            try checkDrain()
            switch standing(of: id, request.head.fields, target, at: door, verdict) {
            case .known(let identity): return .known(identity)
            case .pending: return .pending
            case .refused(let refusal, let reason): throw .unauthorized(refusal, reason)
            case .anonymous:
                let identity =
                    if case .lockers(let namespace) = door { node.sessions.absent(for: namespace) } else {
                        node.access.absent(for: door.profile)
                    }
                guard let identity else { throw .unauthenticated }
                return identity.isAdmin ? .known(identity) : .anonymous
            }
        } catch {
            throw HTTPFailure(error.response(for: door.profile))
        }
    }

    /// Reads a request and holds it against what its caller may do.
    private static func serviceCall(
        _ door: Door, _ request: HTTPRequest, by identity: Identity?
    ) throws(HTTPFailure) -> ServiceCall {
        if case .lockers = door { return .lockers(try lockersCall(request, by: identity), by: identity) }
        let call = try channelsCall(request)
        switch call.need {
        case .watcher: break
        case .producer: try require(identity, .channels) { $0.mayProduce(for: .channels) }
        case .administrator: try require(identity, .channels) { $0.isAdmin }
        }
        return .channels(call, by: identity)
    }

    private static func channelsCall(_ request: HTTPRequest) throws(HTTPFailure) -> ChannelsCall {
        let target = HTTPTarget(request.head.target)
        do throws(ChannelsFailure) {
            return try ChannelsCall.parse(
                method: request.head.method == "HEAD" ? "GET" : request.head.method,
                path: HTTPTarget.segments(of: request.head.target), query: target.query, fields: request.head.fields,
                body: request.body)
        } catch {
            throw HTTPFailure(error.response)
        }
    }

    private static func lockersCall(
        _ request: HTTPRequest, by identity: Identity?
    ) throws(HTTPFailure) -> LockersCall {
        let target = HTTPTarget(request.head.target)
        let call: LockersCall
        do throws(LockersFailure) {
            call = try LockersCall.parse(
                method: request.head.method == "HEAD" ? "GET" : request.head.method,
                path: HTTPTarget.segments(of: request.head.target), query: target.query, fields: request.head.fields,
                body: request.body)
        } catch {
            throw HTTPFailure(error.response)
        }
        switch call.need {
        case .session: try require(identity, .lockers) { _ in true }
        case .producer: try require(identity, .lockers) { $0.mayProduce(for: .lockers) }
        }
        return call
    }

    /// Keeps out who is nobody, or not enough.
    private static func require(
        _ identity: Identity?, _ profile: ProtocolID, _ isEnough: (Identity) -> Bool
    ) throws(HTTPFailure) {
        guard let identity else { throw HTTPFailure(Refusal.unauthenticated.response(for: profile)) }
        guard isEnough(identity) else {
            let role = Identity.producerRole(of: profile)
            throw HTTPFailure(
                Refusal.forbidden("this needs the role \(role) or admin, or an API key").response(for: profile))
        }
    }

    // MARK: The machine that answers

    /// Hands a call to the loop that it belongs to; the connection is not read until it is answered, except where the calls
    /// behind this one may be handed on meanwhile.
    mutating func hand(_ call: ServiceCall, from id: ConnectionID) {
        let number: UInt64
        if mayOverlap(call), connections[slot: id.slot].wire.takeRequest().head.keepsAlive {
            number = beginOverlapping(id)
        } else {
            guard !connections[slot: id.slot].wire.owesAnswers else { return queue(id) }
            number = beginRequest(id)
        }
        let ticket = RequestTicket(loop: index, number: number)
        let loop = owner(of: call)
        if loop == index { return requested(ticket, call) }
        // Behind what earlier calls of this turn led to.
        outbox.add(.requested(ticket, call), to: loop)
    }

    /// Whether a call need not be answered before the next one of its connection is handed on: none of these overtakes another
    /// on its way to a topic.
    private func mayOverlap(_ call: ServiceCall) -> Bool {
        switch call {
        case .channels(let call, _): channels.publishesAtOnce(call)
        case .lockers(let call, _): lockers.publishesAtOnce(call)
        case .sync, .administration, .board: false
        }
    }

    private func owner(of call: ServiceCall) -> Int {
        switch call {
        case .sync(let call, _): sync.configuration.shard(ofSession: call.sessionID)
        case .channels(let call, _): channels.shard(of: call)
        case .administration(let call): channels.shard(of: call)
        case .lockers(let call, _): lockers.shard(of: call)
        case .board(let call): board.shard(of: call)
        }
    }

    /// Hands a call that belongs to this loop to its machine.
    mutating func requested(_ ticket: RequestTicket, _ call: ServiceCall) {
        switch call {
        case .sync(let call, let identity):
            sync.requested(ticket, call, by: identity, at: moment, effects: &effects)
        case .channels(let call, let identity):
            channels.requested(ticket, call, by: identity, at: moment, effects: &effects)
        case .administration(let call): channels.requested(ticket, call, at: moment, effects: &effects)
        case .lockers(let call, let identity):
            lockers.isDegraded = node.sessions.isDegraded
            lockers.requested(ticket, call, by: identity, at: moment, effects: &effects)
        case .board(let call): board.requested(ticket, call, at: moment, effects: &effects)
        }
        performEffects()
    }
}

extension Identity {
    /// Whether this peer may tell others something by the HTTP API of a service (PROTOCOLS §4.5, 4-15).
    fileprivate func mayProduce(for profile: ProtocolID) -> Bool {
        isAdmin || isProgram || roles.contains(Self.producerRole(of: profile))
    }

    /// The role that is made for that.
    fileprivate static func producerRole(of profile: ProtocolID) -> String {
        profile == .lockers ? "service" : "publisher"
    }
}
