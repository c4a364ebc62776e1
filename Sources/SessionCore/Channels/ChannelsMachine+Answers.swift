import SessionBase
import SessionCodec

/// The answers that a publishing connection is still to get, in the order of its messages.
///
/// How many heard a message is known once all loops have said so. A client that goes on publishing meanwhile is not held up:
/// its messages go out together, and only their answers wait for each other.
struct AnswerLine: Sendable {
    /// More answers than this are not waited for at once; the connection is paused instead (PROTOCOLS C6).
    static let countMax = 64

    struct Answer: Sendable {
        /// The place in `publications` of what decides it; ``noIndex`` where it is decided.
        var publication: UInt32
        /// Its encoding, once it is decided.
        var frame: [UInt8] = []
    }

    /// The oldest first.
    private(set) var answers: [Answer] = []
    /// What came behind and must not be carried out before they are given.
    var aside: [UInt8]?

    var isEmpty: Bool { answers.isEmpty }
    var isFull: Bool { answers.count >= Self.countMax }

    /// Adds an answer behind all others.
    mutating func append(_ answer: Answer) { answers.append(answer) }

    /// Decides an answer; says whether there was one to be decided.
    mutating func decide(_ publication: UInt32, _ frame: [UInt8]) -> Bool {
        guard let place = answers.firstIndex(where: { $0.publication == publication }) else { return false }
        answers[place] = Answer(publication: noIndex, frame: frame)
        return true
    }

    /// Takes out the answers that no other one has to precede.
    mutating func takeDecided() -> [[UInt8]] {
        let count = answers.firstIndex { $0.publication != noIndex } ?? answers.count
        defer { answers.removeFirst(count) }
        return answers.prefix(count).map(\.frame)
    }
}

/// Publishing without waiting for each answer.
extension ChannelsMachine {
    /// Notes that the answer to a `publish` comes later.
    mutating func awaitAnswer(_ publication: UInt32, for connection: ConnectionID, effects: inout Effects) {
        lines[connection, default: AnswerLine()].append(AnswerLine.Answer(publication: publication))
        if lines[connection]?.isFull == true { effects.pause(connection) }
    }

    /// Keeps a message for later where answers to earlier ones are still to be given: its own would overtake them.
    ///
    /// - Returns: Whether it was kept, and nothing more is to be done with it now.
    mutating func putsAside(_ message: Span<UInt8>, from connection: ConnectionID, effects: inout Effects) -> Bool {
        guard !lines.isEmpty, lines[connection] != nil else { return false }
        var copy: [UInt8] = []
        copy.append(copying: message)
        lines[connection]?.aside = copy
        effects.pause(connection)
        return true
    }

    /// Gives the answer to a `publish` whose outcome is known now, and what waited for it.
    mutating func answer(
        _ publication: UInt32, _ message: ChannelsServerMessage, _ tag: MessageTag?, to connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        var frame: [UInt8] = []
        message.encode(at: moment.timestamp, tag: tag, to: &frame)
        guard lines[connection]?.decide(publication, frame) == true else {
            // It was known at once.
            return reply(message, tag, to: connection, at: moment, effects: &effects)
        }
        counters.sent(message.kind)
        let wasFull = lines[connection]?.isFull == true
        for frame in lines[connection]?.takeDecided() ?? [] {
            effects.send(effects.encode { $0 += frame }, to: connection)
        }
        guard let line = lines[connection] else { return }
        if line.isEmpty { return goOn(connection, at: moment, effects: &effects) }
        if wasFull, !line.isFull, line.aside == nil { effects.resume(connection) }
    }

    /// Says what is decided to a connection that is about to be closed, and waits for nothing more.
    mutating func giveUpAnswers(_ connection: ConnectionID, effects: inout Effects) {
        guard let line = lines.removeValue(forKey: connection) else { return }
        for answer in line.answers where answer.publication == noIndex {
            effects.send(effects.encode { $0 += answer.frame }, to: connection)
        }
    }

    /// Lets a connection go on that has got all its answers.
    private mutating func goOn(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let line = lines.removeValue(forKey: connection)
        guard let message = line?.aside else { return }
        received(connection, message.span, at: moment, effects: &effects)
        // It may itself have to wait for another loop.
        guard isOpen(connection), connections[Int(connection.slot)].awaited == 0 else { return }
        effects.resume(connection)
    }
}
