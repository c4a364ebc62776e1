import SessionBase
import SessionCodec
import SessionCore

/// A machine whose connections hear topics: what channels and lockers have in common for a simulation.
protocol TopicMachine: Sendable {
    /// What is asked of it over HTTP.
    associatedtype Call: Sendable

    mutating func opened(_ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects)
    mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects)
    mutating func heard(_ connection: ConnectionID, at moment: Moment)
    mutating func closed(_ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects)
    mutating func delivered(_ parcel: Parcel, from loop: Int, at moment: Moment, effects: inout Effects)
    mutating func requested(
        _ ticket: RequestTicket, _ call: Call, by identity: Identity?, at moment: Moment, effects: inout Effects)
    mutating func authenticated(
        _ connection: ConnectionID, _ verdict: AccessVerdict, at moment: Moment, effects: inout Effects)
    mutating func hooked(_ ticket: UInt64, _ reply: HookReply, at moment: Moment, effects: inout Effects)
    mutating func tick(at moment: Moment, effects: inout Effects)
    func shard(of call: Call) -> Int
    var deadline: Instant? { get }
    func checkInvariants()
}

extension ChannelsMachine: TopicMachine {
    typealias Call = ChannelsCall

    mutating func delivered(_ parcel: Parcel, from loop: Int, at moment: Moment, effects: inout Effects) {
        guard case .channels(let parcel) = parcel else { preconditionFailure("channels got a parcel of lockers") }
        delivered(parcel, from: loop, at: moment, effects: &effects)
    }

    mutating func authenticated(
        _ connection: ConnectionID, _ verdict: AccessVerdict, at moment: Moment, effects: inout Effects
    ) {
        preconditionFailure("channels asked for no credential")
    }
}

extension LockersMachine: TopicMachine {
    typealias Call = LockersCall

    mutating func delivered(_ parcel: Parcel, from loop: Int, at moment: Moment, effects: inout Effects) {
        guard case .lockers(let parcel) = parcel else { preconditionFailure("lockers got a parcel of channels") }
        delivered(parcel, from: loop, at: moment, effects: &effects)
    }

    mutating func hooked(_ ticket: UInt64, _ reply: HookReply, at moment: Moment, effects: inout Effects) {
        preconditionFailure("lockers called no endpoint")
    }
}

/// What such a machine is told.
enum TopicMachineEvent<Call: Sendable> {
    case opened(ConnectionID, Handshake)
    case received(ConnectionID, [UInt8])
    case heard(ConnectionID)
    case closed(ConnectionID, cleanly: Bool)
    case delivered(Parcel, from: Int)
    case requested(RequestTicket, Call, Identity?)
    case authenticated(ConnectionID, AccessVerdict)
    case hooked(UInt64, HookReply)
    case tick
}

/// What such a machine wants, groups taken apart.
enum TopicMachineEffect {
    /// A message.
    case message([UInt8], TopicPosting)
    case close(ConnectionID, CloseCode)
    case pause(ConnectionID)
    case resume(ConnectionID)
    case authenticate(ConnectionID, [UInt8])
    case respond(UInt64, HTTPResponse)
    case post(Parcel, loop: Int)
    case hook(HookCall)
}

/// One loop of a server: a machine, and who is in which of its groups.
struct TopicLoop<Machine: TopicMachine> {
    private(set) var machine: Machine
    var spoiler: TopicSpoiler
    private var groups: [GroupID: [ConnectionID]] = [:]
    private var effects = Effects()

    init(_ machine: Machine, bug: PlantedBug?) {
        self.machine = machine
        spoiler = TopicSpoiler(bug: bug)
    }

    /// Tells the machine of an event.
    ///
    /// - Parameter silent: Connections of which nothing is heard any more.
    mutating func handle(
        _ event: TopicMachineEvent<Machine.Call>, at moment: Moment, silent: [ConnectionID]
    ) throws -> [TopicMachineEffect] {
        effects.removeAll()
        spoiler.note(event)
        if spoiler.bug == .ignoresIdleness { for connection in silent { machine.heard(connection, at: moment) } }
        switch event {
        case .opened(let id, let handshake):
            machine.opened(id, spoiler.spoiled(handshake), at: moment, effects: &effects)
        case .received(let id, let bytes):
            let bytes = spoiler.spoiled(bytes)
            machine.received(id, bytes.span, at: moment, effects: &effects)
        case .heard(let id): machine.heard(id, at: moment)
        case .closed(let id, let cleanly): machine.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .delivered(let parcel, let loop):
            for parcel in spoiler.spoiled(parcel, from: loop) {
                machine.delivered(parcel, from: loop, at: moment, effects: &effects)
            }
        case .requested(let ticket, let call, let identity):
            machine.requested(ticket, spoiler.spoiled(call), by: identity, at: moment, effects: &effects)
        case .authenticated(let id, let verdict):
            machine.authenticated(id, verdict, at: moment, effects: &effects)
        case .hooked(let ticket, let reply): machine.hooked(ticket, reply, at: moment, effects: &effects)
        case .tick: machine.tick(at: moment, effects: &effects)
        }
        machine.checkInvariants()
        var decoded: [TopicMachineEffect] = []
        for effect in effects.list { decoded += try decode(effect) }
        if case .closed(let id, _) = event, groups.values.contains(where: { $0.contains(id) }) {
            throw SimulationFailure("connection \(id.slot) is closed and still in a group")
        }
        return decoded
    }

    private mutating func decode(_ effect: Effect) throws -> [TopicMachineEffect] {
        switch effect {
        case .send(let message, let id): return postings(message, to: [id], isShared: false)
        case .publish(let message, let audience):
            return postings(message, to: Array(effects.members[audience.range]), isShared: true)
        case .multicast(let place): return multicast(effects.multicasts[place])
        case .join(let id, let group):
            if groups[group]?.contains(id) == true { throw SimulationFailure("\(id.slot) joins \(group) twice") }
            groups[group, default: []].append(id)
            return []
        case .leave(let id, let group):
            guard groups[group]?.contains(id) == true else {
                throw SimulationFailure("\(id.slot) leaves \(group), which it is not in")
            }
            groups[group]?.removeAll { $0 == id }
            return []
        case .close(let id, let code): return [.close(id, code)]
        case .pause(let id): return [.pause(id)]
        case .resume(let id): return [.resume(id)]
        case .authenticate(let id, let credential): return [.authenticate(id, bytes(credential))]
        case .respond(let ticket, let place):
            return [.respond(ticket.number, spoiler.spoiled(effects.responses[place]))]
        case .post(let place, let loop):
            spoiler.note(effects.parcels[place])
            return [.post(effects.parcels[place], loop: loop)]
        case .hook(let place):
            let call = effects.hooks[place]
            return spoiler.repeats(call) ? [.hook(call), .hook(call)] : [.hook(call)]
        case .move, .store, .inform, .backend: throw SimulationFailure("a machine with topics asked for \(effect)")
        }
    }

    private mutating func multicast(_ multicast: Multicast) -> [TopicMachineEffect] {
        let members = (groups[multicast.group] ?? []).filter { $0 != multicast.except }
        return postings(multicast.message, to: members, isShared: true)
    }

    private mutating func postings(
        _ message: EncodedMessage, to members: [ConnectionID], isShared: Bool
    ) -> [TopicMachineEffect] {
        let bytes = bytes(message)
        let postings = members.map { TopicPosting(to: $0, isShared: isShared) }
        return spoiler.spoiled(postings, bytes).map { .message(bytes, $0) }
    }

    private func bytes(_ message: EncodedMessage) -> [UInt8] { Array(effects.bytes[message.range]) }
}
