import SessionBase
import SessionCodec
import SessionCore

/// What a sync machine is told.
enum SyncMachineEvent {
    case opened(ConnectionID, isBinary: Bool)
    case received(ConnectionID, MessageKind, [UInt8])
    case heard(ConnectionID)
    case closed(ConnectionID, cleanly: Bool)
    case verdict(ConnectionID, AccessVerdict)
    case requested(RequestTicket, SyncCall, Identity)
    case replied(UInt64, StoreReply)
    case arrived(ConnectionID, SyncMachine.Passenger)
    case tick
}

/// What a sync machine wants, decoded.
enum SyncMachineEffect {
    case message(ConnectionID, SyncServerFrame, isBinary: Bool)
    case move(ConnectionID, shard: Int)
    case close(ConnectionID, CloseCode)
    case pause(ConnectionID)
    case resume(ConnectionID)
    case authenticate(ConnectionID, token: String)
    case store(UInt64, StoreRequest)
    case respond(UInt64, HTTPResponse)
}

/// The sync machine, or one with a mistake.
struct SyncPlantedMachine {
    private(set) var machine: SyncMachine
    private let bug: PlantedBug?
    private var effects = Effects()
    private var count = 0
    /// Everybody who got a push lately, whatever the session.
    private var lastAudience: [ConnectionID] = []

    init(_ configuration: SyncConfiguration, entropy: Entropy, bug: PlantedBug?) {
        var configuration = configuration
        if bug == .keepsHandoffs { configuration.handoffLife = .seconds(900) }
        machine = SyncMachine(configuration: configuration, entropy: entropy)
        self.bug = bug
    }

    /// Tells the machine of an event.
    ///
    /// - Parameter silent: Connections of which nothing is heard any more.
    mutating func handle(
        _ event: SyncMachineEvent, at moment: Moment, silent: [ConnectionID]
    ) throws -> [SyncMachineEffect] {
        effects.removeAll()
        if bug == .ignoresSilence { for connection in silent { machine.heard(connection, at: moment) } }
        switch event {
        case .opened(let id, let isBinary):
            let handshake = Handshake(subprotocol: isBinary ? SyncProtocol.protobuf : SyncProtocol.json)
            machine.opened(id, handshake, at: moment, effects: &effects)
        case .received(let id, let kind, let bytes):
            machine.received(id, kind, bytes.span, at: moment, effects: &effects)
        case .heard(let id): machine.heard(id, at: moment)
        case .closed(let id, let cleanly): machine.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .verdict(let id, let verdict): machine.authenticated(id, verdict, at: moment, effects: &effects)
        case .requested(let ticket, let call, let identity):
            machine.requested(ticket, spoiled(call), by: identity, at: moment, effects: &effects)
        case .replied(let ticket, let reply): machine.replied(ticket, reply, at: moment, effects: &effects)
        case .arrived(let id, let passenger): machine.arrive(id, passenger, at: moment, effects: &effects)
        case .tick: machine.tick(at: moment, effects: &effects)
        }
        machine.checkInvariants()
        var decoded: [SyncMachineEffect] = []
        for effect in effects.list { decoded += try decode(effect) }
        return decoded
    }

    private mutating func decode(_ effect: Effect) throws -> [SyncMachineEffect] {
        switch effect {
        case .send(let message, let id): return [.message(id, try frame(message), isBinary: message.isBinary)]
        case .publish(let message, let audience):
            let frame = try frame(message)
            return spoiled(Array(effects.members[audience.range])).map {
                .message($0, frame, isBinary: message.isBinary)
            }
        case .close(let id, let code): return [.close(id, code)]
        case .pause(let id): return [.pause(id)]
        case .resume(let id): return [.resume(id)]
        case .authenticate(let id, let token):
            return [.authenticate(id, token: String(decoding: effects.bytes[token.range], as: UTF8.self))]
        case .store(let index):
            let (ticket, request) = effects.requests[index]
            return [.store(ticket, request)]
        case .respond(let ticket, let index): return [.respond(ticket.number, effects.responses[index])]
        case .inform: return []
        case .join, .leave, .multicast, .post, .hook, .backend: preconditionFailure("sync has no groups")
        case .move(let id, let shard): return [.move(id, shard: shard)]
        }
    }

    private func frame(_ message: EncodedMessage) throws -> SyncServerFrame {
        do {
            let bytes = effects.bytes.span.extracting(message.range)
            if message.isBinary { return try SyncServerFrame.decode(protobuf: bytes) }
            return try SyncServerFrame.decode(bytes).message
        } catch {
            throw SimulationFailure("the machine said what no client understands: \(error)")
        }
    }

    /// Takes out a connection that moves.
    mutating func depart(_ id: ConnectionID) -> SyncMachine.Passenger { machine.depart(id) }

    // MARK: Mistakes

    private mutating func spoiled(_ audience: [ConnectionID]) -> [ConnectionID] {
        defer { lastAudience = audience }
        switch bug {
        case .dropsPushes where isNth(20): return Array(audience.dropLast())
        case .leaksPushes where isNth(5): return audience + lastAudience.filter { !audience.contains($0) }.prefix(1)
        default: return audience
        }
    }

    private func spoiled(_ call: SyncCall) -> SyncCall {
        guard bug == .mixesStrategies, case .resolve(var resolution) = call else { return call }
        if resolution.strategy == .merge { resolution.strategy = .clientWins }
        return .resolve(resolution)
    }

    private mutating func isNth(_ period: Int) -> Bool {
        count += 1
        return count % period == 0
    }
}
