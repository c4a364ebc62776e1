import SessionBase
import SessionCore

/// A mistake that is made on purpose, so that the checkers prove that they would find it.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// Every third warning is swallowed.
    case dropsWarnings
    /// A lost connection is taken for a clean close.
    case forgetsGrace
    /// A pong is no sign of life.
    case ignoresPongs
    /// Every seventh clean close goes unnoticed.
    case missesCloses
    /// A message is sent to the connection that was spoken to before.
    case misdirects

    /// The store confirms writes of a session that it does not make.
    case losesWrites
    /// The store confirms writes of handoffs that it does not make.
    case losesHandoffs
    /// The store confirms what it refused because somebody else wrote first.
    case hidesConflicts
    /// A handoff is good for fifteen minutes.
    case keepsHandoffs
    /// `merge` is taken for `client_wins`.
    case mixesStrategies
    /// A device that went silent is taken to be there.
    case ignoresSilence
    /// Every twentieth push misses somebody.
    case dropsPushes
    /// Every fifth push also goes to one who heard the one before.
    case leaksPushes

    /// Every tenth message to a group also goes to one who was spoken to before.
    case leaksMessages
    /// Every twentieth message to a group misses somebody.
    case dropsMessages
    /// Every twentieth message to a group comes twice to somebody.
    case doublesMessages
    /// What somebody missed is sent again with gaps.
    case recoversPartly
    /// Everybody is taken for an administrator.
    case promotesEverybody
    /// Mail of a topic's owner is swapped.
    case reordersMail
    /// Mail of a topic's owner is lost.
    case losesMail
    /// Who subscribes anew to a topic of another loop hears nothing of it until the answer.
    case deafensRenewals
    /// A loop says that more got a message than did.
    case miscounts
    /// A connection that went silent is taken to be there.
    case ignoresIdleness
    /// A filter of a stream is taken for none.
    case ignoresFilters
    /// Reports are forgotten as soon as they end.
    case forgetsReports
    /// The operator's endpoint is sometimes told twice.
    case repeatsCalls
    /// Administrators are shown too many.
    case miscountsViews
    /// Who has no session is taken for somebody.
    case trustsStrangers
    /// A kiosk is taken for a person.
    case forgetsKiosks
    /// The end of a session goes unnoticed.
    case keepsSessions
    /// A request that is repeated is carried out again.
    case forgetsKeys

    /// The store confirms records of a board's journal that it does not keep.
    case losesRecords
    /// The store confirms whole boards that it does not keep.
    case losesBoards
    /// Members see what is still being written.
    case showsEarly
    /// A record that could not be written is taken for written.
    case hidesFailures
    /// Records do not say what was deleted.
    case keepsDeleted
    /// The journal is forgotten further than the board is stored.
    case trimsTooMuch
    /// The journal is not read when a room is loaded.
    case forgetsJournals
    /// A backend that fails is taken for one without a board.
    case takesFailuresForEmpty
    /// A board that the backend did not take is taken for stored.
    case ignoresConflicts
    /// Every third store is sent twice.
    case doublesStores
    /// Every fifteenth patch misses somebody.
    case dropsPatches
    /// Who missed patches is not told everything.
    case forgetsDrained
    /// Who was cut off is taken to know one patch more.
    case resumesBlindly
    /// Acknowledgements that leave together are swapped.
    case swapsAnswers

    /// The profiles in which the mistake is made.
    package var profiles: [String] {
        switch self {
        case .dropsWarnings, .forgetsGrace, .ignoresPongs, .missesCloses, .misdirects: ["awareness"]
        case .losesWrites, .losesHandoffs, .hidesConflicts, .keepsHandoffs, .mixesStrategies, .ignoresSilence,
            .dropsPushes, .leaksPushes:
            ["sync"]
        case .leaksMessages, .dropsMessages, .doublesMessages, .recoversPartly, .reordersMail, .losesMail,
            .deafensRenewals, .miscounts, .miscountsViews:
            ["channels", "lockers"]
        case .promotesEverybody, .ignoresIdleness, .ignoresFilters, .forgetsReports, .repeatsCalls: ["channels"]
        case .trustsStrangers, .forgetsKiosks, .keepsSessions, .forgetsKeys: ["lockers"]
        case .losesRecords, .losesBoards, .showsEarly, .hidesFailures, .keepsDeleted, .trimsTooMuch, .forgetsJournals,
            .takesFailuresForEmpty, .ignoresConflicts, .doublesStores, .dropsPatches, .forgetsDrained, .resumesBlindly,
            .swapsAnswers:
            ["board"]
        }
    }
}

/// The awareness machine, or one with a mistake.
struct PlantedMachine {
    private(set) var machine: AwarenessMachine
    private let bug: PlantedBug?
    private var effects = Effects()
    private var count = 0
    private var previous: ConnectionID?

    init(_ configuration: AwarenessConfiguration, bug: PlantedBug?) {
        machine = AwarenessMachine(configuration: configuration)
        self.bug = bug
    }

    /// Tells the machine of an event.
    mutating func handle(_ event: MachineEvent, at moment: Moment) -> [Outcome] {
        effects.removeAll()
        switch event {
        case .opened(let id, let handshake): machine.opened(id, handshake, at: moment, effects: &effects)
        case .received(let id, let bytes): machine.received(id, bytes.span, at: moment, effects: &effects)
        case .heard(let id): if bug != .ignoresPongs { machine.heard(id, at: moment) }
        case .closed(let id, let cleanly):
            if cleanly, bug == .missesCloses, isNth(7) { return [] }
            machine.closed(id, cleanly: cleanly || bug == .forgetsGrace, at: moment, effects: &effects)
        case .tick: machine.tick(at: moment, effects: &effects)
        }
        machine.checkInvariants()
        return spoiled(effects.list.flatMap { outcomes($0) })
    }

    private func outcomes(_ effect: Effect) -> [Outcome] {
        switch effect {
        case .send(let message, let id): [.message(id, bytes(message))]
        case .publish(let message, let audience):
            effects.members[audience.start..<audience.start + audience.count].map { .message($0, bytes(message)) }
        case .close(let id, let code): [.close(id, code)]
        case .move(let id, let shard): [.move(id, shard: shard)]
        // Awareness asks for none of them.
        case .pause, .resume, .authenticate, .store, .respond, .inform, .join, .leave, .multicast, .post, .hook,
            .backend:
            []
        }
    }

    private func bytes(_ message: EncodedMessage) -> [UInt8] {
        Array(effects.bytes[message.start..<message.start + message.count])
    }

    private mutating func spoiled(_ outcomes: [Outcome]) -> [Outcome] {
        switch bug {
        case .dropsWarnings: outcomes.filter { !Self.isWarning($0) || !isNth(3) }
        case .misdirects: outcomes.map { misdirected($0) }
        default: outcomes
        }
    }

    private mutating func misdirected(_ outcome: Outcome) -> Outcome {
        guard case .message(let id, let bytes) = outcome else { return outcome }
        defer { previous = id }
        guard let previous, previous != id, isNth(50) else { return outcome }
        return .message(previous, bytes)
    }

    private static func isWarning(_ outcome: Outcome) -> Bool {
        guard case .message(_, let bytes) = outcome else { return false }
        return bytes.starts(with: #"{"type":"warning""#.utf8)
    }

    private mutating func isNth(_ period: Int) -> Bool {
        count += 1
        return count % period == 0
    }
}
