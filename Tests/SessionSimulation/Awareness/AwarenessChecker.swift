import SessionBase
import SessionCodec
import SessionCore

/// Holds the machine to the model, event by event, and to the seed's rules.
struct AwarenessChecker {
    private(set) var model: AwarenessModel
    /// How often each kind of outcome was seen, to know that a run was worth something.
    private(set) var tally: [String: Int] = [:]

    init(configuration: AwarenessConfiguration) { model = AwarenessModel(configuration: configuration) }

    /// Compares what came of an event with what should have.
    mutating func check(
        _ event: MachineEvent, _ outcomes: [Outcome], _ machine: AwarenessMachine, at moment: Moment
    ) throws {
        let heard = try outcomes.map { try Self.heard($0) }
        for one in heard { tally[Self.name(one), default: 0] += 1 }
        switch event {
        case .opened(let id, let handshake):
            model.open(id, handshake, at: moment.instant)
            try compare(heard, [], event)
        case .heard(let id):
            model.hear(id, at: moment.instant)
            try compare(heard, [], event)
        case .received(let id, let bytes): try compare(heard, model.receive(id, bytes, at: moment), event)
        case .closed(let id, let cleanly):
            try compare(heard, model.close(id, cleanly: cleanly, at: moment.instant), event)
        case .tick: try checkTick(heard, machine, at: moment)
        }
        try compareState(machine, at: moment.instant)
    }

    /// What falls due at the same instant may be done in any order.
    private mutating func checkTick(_ heard: [AwarenessModel.Heard], _ machine: AwarenessMachine, at moment: Moment)
        throws
    {
        let survivors = Set(machine.allWindows.map { [$0.user, $0.state.window] })
        let expected = try model.tick(at: moment.instant) { !survivors.contains([$0.user, $0.id]) }
        // Between two removals of one tick a connection may be told of a state that ends with its own close.
        let closed = expected.compactMap { if case .closed(let id, _) = $0 { id } else { nil } }
        let relevant: (AwarenessModel.Heard) -> Bool = { one in
            if case .message = one { !closed.contains(one.connection) } else { true }
        }
        let left = heard.filter(relevant).map(String.init(describing:)).sorted()
        let right = expected.filter(relevant).map(String.init(describing:)).sorted()
        guard left == right else { throw SimulationFailure("a tick led to \(left) instead of \(right)") }
    }

    private func compare(
        _ heard: [AwarenessModel.Heard], _ expected: [AwarenessModel.Heard], _ event: MachineEvent
    ) throws {
        guard heard != expected else { return }
        throw SimulationFailure("\(Self.description(event)) led to \(heard) instead of \(expected)")
    }

    private func compareState(_ machine: AwarenessMachine, at now: Instant) throws {
        let users = Set(model.windows.map(\.user))
        let statistics = AwarenessMachine.Statistics(
            connections: model.sockets.count, users: users.count, registrations: model.windows.count)
        guard machine.statistics == statistics else {
            throw SimulationFailure("the machine counts \(machine.statistics) instead of \(statistics)")
        }
        for user in users.sorted() {
            let windows = machine.windows(ofUser: user)
            guard windows.map(\.state) == model.state(of: user) else {
                throw SimulationFailure("\(user) has \(windows.map(\.state)) instead of \(model.state(of: user))")
            }
            guard windows.map(\.connection) == model.windows.filter({ $0.user == user }).map(\.connection) else {
                throw SimulationFailure("a window of \(user) is bound to another connection than it should be")
            }
            guard windows.filter({ $0.connection != nil }).count <= machine.configuration.windowsPerUserMax else {
                throw SimulationFailure("\(user) has more windows than allowed")
            }
        }
        let oldest = machine.configuration.heartbeatTimeout + machine.configuration.cleanupInterval
        for window in model.windows where model.silence(of: window, at: now) > oldest {
            throw SimulationFailure("window \(window.id) of \(window.user) outlived timeout and interval")
        }
    }

    // MARK: After quiet

    /// Checks that every live window's program knows what it should, once all messages have arrived.
    ///
    /// - Parameters:
    ///   - clientOf: The program at the other end of a connection.
    ///   - isDeaf: Whether nothing that the server says reaches it.
    func checkQuiet(
        clients: [AwarenessClient], clientOf: (ConnectionID) -> Int?, isDeaf: (Int) -> Bool
    ) throws {
        for window in model.windows {
            guard let connection = window.connection else {
                throw SimulationFailure("window \(window.id) of \(window.user) is in grace after a long quiet")
            }
            guard let number = clientOf(connection) else {
                throw SimulationFailure("window \(window.id) of \(window.user) is live without a program")
            }
            if isDeaf(number) { continue }
            let client = clients[number]
            guard client.windows[window.id] == window.case else {
                throw SimulationFailure("\(window.user) shows \(window.case) and believes \(client.windows)")
            }
            let hasSeveral = model.cases(of: window.user).count >= 2
            if hasSeveral, !client.isWarned {
                throw SimulationFailure("\(window.user) was never warned in window \(window.id)")
            }
            if client.isVersion2, !hasSeveral, client.isWarned, !client.hasMissed {
                throw SimulationFailure("\(window.user) was not told in window \(window.id) that one case is left")
            }
        }
    }

    // MARK: Names

    private static func heard(_ outcome: Outcome) throws -> AwarenessModel.Heard {
        switch outcome {
        case .message(let id, let bytes):
            guard let decoded = try? AwarenessServerMessage.decode(bytes.span) else {
                throw SimulationFailure("the machine said \(String(decoding: bytes, as: UTF8.self))")
            }
            if case .error(let code, _, _) = decoded.message { return .refused(id, code) }
            return .message(id, decoded.message, tag: decoded.tag)
        case .close(let id, let code): return .closed(id, code)
        case .move: throw SimulationFailure("a single shard moves nobody")
        }
    }

    private static func name(_ heard: AwarenessModel.Heard) -> String {
        switch heard {
        case .message(_, .warning(let warning), _): warning.kind.name
        case .message(_, let message, _): message.kind.name
        case .refused(_, let code): code.name
        case .closed(_, let code): "\(code.rawValue)"
        }
    }

    static func description(_ event: MachineEvent) -> String {
        switch event {
        case .opened(let id, _): "opened \(id.slot).\(id.generation)"
        case .received(let id, let bytes):
            "received \(id.slot).\(id.generation) \(String(decoding: bytes, as: UTF8.self))"
        case .heard(let id): "heard \(id.slot).\(id.generation)"
        case .closed(let id, let cleanly): "closed \(id.slot).\(id.generation)\(cleanly ? " cleanly" : "")"
        case .tick: "tick"
        }
    }
}
