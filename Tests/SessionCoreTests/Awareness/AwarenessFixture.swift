import SessionBase
import SessionCodec
import SessionCore

/// An awareness machine with a clock of its own, spoken to in owned messages.
struct AwarenessFixture {
    /// What came of an event, in order.
    enum Heard: Equatable {
        case message(ConnectionID, AwarenessServerMessage, tag: MessageTag? = nil)
        case closed(ConnectionID, CloseCode)
        case moved(ConnectionID, shard: Int)
    }

    var machine: AwarenessMachine
    /// 2024-01-15T10:30:00Z, one minute after the machine's clock began.
    private(set) var moment = Moment(
        instant: .zero + .seconds(60), timestamp: Timestamp(milliseconds: 1_705_314_600_000))
    private var slotCount: UInt32 = 0

    init(_ configure: (inout AwarenessConfiguration) -> Void = { _ in }) {
        var configuration = AwarenessConfiguration()
        configure(&configuration)
        machine = AwarenessMachine(configuration: configuration)
    }

    // MARK: Events

    mutating func open(query: [(name: String, value: String)] = [], subprotocol: String? = nil) -> ConnectionID {
        let connection = ConnectionID(slot: slotCount, generation: 7)
        slotCount += 1
        opened = perform { machine, moment, effects in
            machine.opened(
                connection, Handshake(subprotocol: subprotocol, query: query), at: moment, effects: &effects)
        }
        return connection
    }

    /// What the last handshake led to.
    private(set) var opened: [Heard] = []

    mutating func openVersion2() -> ConnectionID { open(subprotocol: AwarenessProtocol.version2) }

    @discardableResult
    mutating func say(
        _ message: AwarenessClientMessage, tag: MessageTag? = nil, on connection: ConnectionID
    ) -> [Heard] {
        receive(message.encoded(tag: tag), on: connection)
    }

    @discardableResult
    mutating func receive(_ text: String, on connection: ConnectionID) -> [Heard] {
        receive([UInt8](text.utf8), on: connection)
    }

    @discardableResult
    mutating func receive(_ bytes: [UInt8], on connection: ConnectionID) -> [Heard] {
        perform { machine, moment, effects in
            machine.received(connection, bytes.span, at: moment, effects: &effects)
        }
    }

    @discardableResult
    mutating func register(
        _ window: String, _ case: String, user: String = "u1", slide: String? = nil, on connection: ConnectionID
    ) -> [Heard] {
        say(.register(AwarenessRegistration(user: user, window: window, case: `case`, slide: slide)), on: connection)
    }

    /// Opens a connection and registers a window on it; what was heard is dropped.
    mutating func openWindow(_ window: String, _ case: String, user: String = "u1") -> ConnectionID {
        let connection = open()
        register(window, `case`, user: user, on: connection)
        return connection
    }

    mutating func pong(on connection: ConnectionID) { machine.heard(connection, at: moment) }

    @discardableResult
    mutating func close(_ connection: ConnectionID, cleanly: Bool = true) -> [Heard] {
        perform { machine, moment, effects in
            machine.closed(connection, cleanly: cleanly, at: moment, effects: &effects)
        }
    }

    /// Lets time pass, with every tick that is due on the way.
    @discardableResult
    mutating func wait(_ duration: Duration) -> [Heard] {
        let end = moment.instant + duration
        var heard: [Heard] = []
        while let deadline = machine.deadline, deadline <= end {
            advance(to: deadline)
            heard += perform { machine, moment, effects in machine.tick(at: moment, effects: &effects) }
        }
        advance(to: end)
        return heard
    }

    private mutating func advance(to instant: Instant) {
        guard instant > moment.instant else { return }
        moment.timestamp.milliseconds += (instant - moment.instant).milliseconds
        moment.instant = instant
    }

    private mutating func perform(_ body: (inout AwarenessMachine, Moment, inout Effects) -> Void) -> [Heard] {
        var effects = Effects()
        body(&machine, moment, &effects)
        machine.checkInvariants()
        return effects.list.flatMap { Self.heard($0, in: effects) }
    }

    private static func heard(_ effect: Effect, in effects: Effects) -> [Heard] {
        switch effect {
        case .send(let message, let connection): [decoded(message, to: connection, in: effects)]
        case .publish(let message, let audience):
            effects.members[audience.start..<audience.start + audience.count].map {
                decoded(message, to: $0, in: effects)
            }
        case .close(let connection, let code): [.closed(connection, code)]
        case .move(let connection, let shard): [.moved(connection, shard: shard)]
        // Awareness asks for none of them.
        case .pause, .resume, .authenticate, .store, .respond, .inform, .join, .leave, .multicast, .post, .hook,
            .backend:
            []
        }
    }

    private static func decoded(_ message: EncodedMessage, to connection: ConnectionID, in effects: Effects) -> Heard {
        let bytes = Array(effects.bytes[message.start..<message.start + message.count])
        guard let decoded = try? AwarenessServerMessage.decode(bytes.span) else {
            preconditionFailure("the machine sent what no client understands")
        }
        let spelling = decoded.message.encoded(tag: decoded.tag)
        precondition(spelling == bytes, "the machine has a spelling of its own")
        return .message(connection, decoded.message, tag: decoded.tag)
    }
}

extension AwarenessServerMessage {
    /// The warning that these pairs of case and window are open.
    static func multiCase(_ cases: (String, String)...) -> AwarenessServerMessage {
        .warning(.multiCase(cases.map { AwarenessWarning.Entry(case: $0.0, window: $0.1) }))
    }

    /// The warning that one case was opened while another one was being viewed.
    static func mismatch(viewed: (String, String), opened: (String, String)) -> AwarenessServerMessage {
        .warning(
            .caseMismatch(
                viewed: AwarenessWarning.Entry(case: viewed.0, window: viewed.1),
                opened: AwarenessWarning.Entry(case: opened.0, window: opened.1)))
    }

    /// An error with the sentence that belongs to its code.
    static func refused(_ code: AwarenessErrorCode, _ details: AwarenessErrorDetails? = nil) -> AwarenessServerMessage {
        .error(code, message: code.message.description, details: details)
    }
}
