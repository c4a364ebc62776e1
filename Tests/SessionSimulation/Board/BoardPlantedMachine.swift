import SessionBase
import SessionCodec
import SessionCore

/// What a board machine is told.
enum BoardMachineEvent {
    case started
    case opened(ConnectionID, Handshake)
    case arrived(ConnectionID, BoardMachine.Passenger)
    case received(ConnectionID, [UInt8])
    case closed(ConnectionID, cleanly: Bool)
    case drained(ConnectionID)
    case replied(UInt64, StoreReply)
    case backed(UInt64, BackendReply, sentAt: Instant)
    case tick
}

/// What a board machine wants, as owned values.
enum BoardMachineEffect {
    case send(ConnectionID, [UInt8])
    /// To the members of a group, but for `lost` of them.
    case multicast(GroupID, [UInt8], OverflowPolicy, lost: Int)
    case join(ConnectionID, GroupID)
    case leave(ConnectionID, GroupID)
    case close(ConnectionID, CloseCode)
    case move(ConnectionID, loop: Int)
    case pause(ConnectionID)
    case resume(ConnectionID)
    case store(UInt64, StoreRequest)
    case backend(UInt64, BackendRequest)
    /// Tells the machine that a write is done, which is under way.
    case confirm(UInt64)
}

/// The board machine, or one with a mistake.
struct BoardPlantedMachine {
    private(set) var machine: BoardMachine
    private let bug: PlantedBug?
    private var effects = Effects()
    private var count = 0
    /// What the store was asked, by ticket.
    private var asked: [UInt64: StoreRequest] = [:]

    init(_ configuration: BoardConfiguration, entropy: Entropy, bug: PlantedBug?) {
        machine = BoardMachine(configuration: configuration, entropy: entropy)
        self.bug = bug
    }

    mutating func depart(_ id: ConnectionID) -> BoardMachine.Passenger { machine.depart(id) }

    /// Tells the machine of an event, checks it, and returns what it wants.
    mutating func handle(_ event: BoardMachineEvent, at moment: Moment) throws -> [BoardMachineEffect] {
        effects.removeAll()
        switch event {
        case .started: machine.started(at: moment, effects: &effects)
        case .opened(let id, let handshake): machine.opened(id, spoiled(handshake), at: moment, effects: &effects)
        case .arrived(let id, let passenger): machine.arrive(id, passenger, at: moment, effects: &effects)
        case .received(let id, let bytes): machine.received(id, bytes.span, at: moment, effects: &effects)
        case .closed(let id, let cleanly): machine.closed(id, cleanly: cleanly, at: moment, effects: &effects)
        case .drained(let id):
            if bug != .forgetsDrained { machine.drained(id, at: moment, effects: &effects) }
        case .replied(let ticket, let reply):
            machine.replied(ticket, spoiled(reply, to: ticket), at: moment, effects: &effects)
        case .backed(let ticket, let reply, let sentAt):
            machine.backed(ticket, spoiled(reply), sentAt: sentAt, at: moment, effects: &effects)
        case .tick: machine.tick(at: moment, effects: &effects)
        }
        machine.checkInvariants()
        return spoiled(try effects.list.flatMap { try decoded($0) })
    }

    private mutating func decoded(_ effect: Effect) throws -> [BoardMachineEffect] {
        switch effect {
        case .send(let message, let id): return [.send(id, bytes(message))]
        case .publish(let message, let audience):
            return effects.members[audience.range].map { .send($0, bytes(message)) }
        case .multicast(let place):
            let multicast = effects.multicasts[place]
            let isLost = bug == .dropsPatches && multicast.policy == .skip && isNth(15)
            return [
                .multicast(multicast.group, bytes(multicast.message), multicast.policy, lost: isLost ? 1 : 0)
            ]
        case .join(let id, let group): return [.join(id, group)]
        case .leave(let id, let group): return [.leave(id, group)]
        case .close(let id, let code): return [.close(id, code)]
        case .move(let id, let loop): return [.move(id, loop: loop)]
        case .pause(let id): return [.pause(id)]
        case .resume(let id): return [.resume(id)]
        case .store(let place): return spoiled(effects.requests[place].ticket, effects.requests[place].request)
        case .backend(let place):
            let (ticket, request) = effects.backends[place]
            if bug == .doublesStores, case .store = request, isNth(3) {
                return [.backend(ticket, request), .backend(ticket, request)]
            }
            return [.backend(ticket, request)]
        case .authenticate, .respond, .inform, .post, .hook: throw SimulationFailure("board asked for \(effect)")
        }
    }

    private func bytes(_ message: EncodedMessage) -> [UInt8] { Array(effects.bytes[message.range]) }

    // MARK: Mistakes

    private func spoiled(_ handshake: Handshake) -> Handshake {
        guard bug == .resumesBlindly else { return handshake }
        var handshake = handshake
        for place in handshake.query.indices where handshake.query[place].name == "since" {
            let since = UInt64(handshake.query[place].value) ?? 0
            handshake.query[place].value = String(since + 1)
        }
        return handshake
    }

    private mutating func spoiled(_ ticket: UInt64, _ request: StoreRequest) -> [BoardMachineEffect] {
        asked[ticket] = request
        switch (bug, request) {
        case (.trimsTooMuch, .trim(let collection, let owner, _)):
            return [.store(ticket, .trim(collection, owner: owner, through: owner + " g"))]
        case (.keepsDeleted, .write(var write)) where write.key.collection == .boardChanges:
            guard var record = try? BoardRecord.decode(write.body.span) else { break }
            record.deleted = []
            write.body = []
            record.append(to: &write.body)
            return [.store(ticket, .write(write))]
        case (.showsEarly, .write(let write)) where write.key.collection == .boardChanges:
            return [.store(ticket, request), .confirm(ticket)]
        default: break
        }
        return [.store(ticket, request)]
    }

    private mutating func spoiled(_ reply: StoreReply, to ticket: UInt64) -> StoreReply {
        let request = asked.removeValue(forKey: ticket)
        switch (bug, request, reply) {
        case (.hidesFailures, .write(let write)?, .unavailable) where write.key.collection == .boardChanges:
            return .written
        case (.forgetsJournals, .list(_, owner: .some(_), after: _, limit: _)?, .page):
            return .page(StorePage(documents: [], next: nil, total: 0))
        default: return reply
        }
    }

    private func spoiled(_ reply: BackendReply) -> BackendReply {
        switch (bug, reply) {
        case (.takesFailuresForEmpty, .unavailable): .absent
        case (.ignoresConflicts, .conflict): .stored
        default: reply
        }
    }

    /// Swaps acknowledgements that go to one connection at once.
    private func spoiled(_ list: [BoardMachineEffect]) -> [BoardMachineEffect] {
        guard bug == .swapsAnswers else { return list }
        var list = list
        for place in list.indices.dropLast() {
            guard case .send(let first, let one) = list[place], case .send(let second, let other) = list[place + 1],
                first == second, Self.isAnswer(one), Self.isAnswer(other)
            else { continue }
            list.swapAt(place, place + 1)
        }
        return list
    }

    private static func isAnswer(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: #"{"type":"ack""#.utf8) || bytes.starts(with: #"{"type":"error""#.utf8)
    }

    private mutating func isNth(_ period: Int) -> Bool {
        count += 1
        return count % period == 0
    }
}
