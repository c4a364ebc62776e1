import SessionBase
import SessionCodec

/// Binary messages of several lengths that must come back as they are: the layout is ``EchoWorkload``'s, and each payload
/// is the beginning of the longest.
struct EchoMixWorkload: Workload, ~Copyable {
    private let book: FrameBook
    private let lengths: [Int]
    private let longest: [UInt8]
    private let tag: UInt32
    private let choice: StepChoice
    private let share: WorkerShare
    private let masks: (sequence: UInt64, connection: UInt32)

    /// Prepares a share of a run.
    ///
    /// - Parameter steps: Their payloads' lengths and weights; the plan's length where a step names none.
    init(_ share: WorkerShare, steps: [Scenario.Step]) {
        var random = SeededRandom(seed: share.plan.seed)
        tag = UInt32(truncatingIfNeeded: random.next())
        lengths = steps.map { max(EchoWorkload.payloadBytesMin, $0.payloadBytes ?? share.plan.payloadBytes) }
        var payload: [UInt8] = Array(repeating: 0, count: EchoWorkload.payloadBytesMin)
        while payload.count < lengths.max() ?? 0 { payload.append(UInt8(truncatingIfNeeded: random.next())) }
        for place in 0..<4 { payload[12 + place] = UInt8(truncatingIfNeeded: tag >> UInt32(8 * place)) }
        // Workers of one run differ in their keys, and agree in everything else.
        let maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        let whole = payload
        book = FrameBook(lengths.map { (.binary, Array(whole.prefix($0))) }, maskKey: maskKey)
        masks = (book.mask(at: 0), UInt32(truncatingIfNeeded: book.mask(at: 8)))
        longest = payload
        choice = StepChoice(weights: steps.map(\.weight), share)
        self.share = share
    }

    var requestBytesMax: Int { book.frameBytesMax }

    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        let start = book.append(page: choice.step(of: sequence, on: connection), to: &frames)
        frames.set(sequence ^ masks.sequence, at: start)
        frames.set(number(connection) ^ masks.connection, at: start + 8)
    }

    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement {
        guard share.plan.isChecking else { return .oldest(isRight: true) }
        let head = EchoWorkload.payloadBytesMin
        guard kind == .binary, message.count >= head,
            message.word(at: 8) == UInt64(tag) << 32 | UInt64(number(connection))
        else { return .oldest(isRight: false) }
        let sequence = message.word(at: 0)
        let length = lengths[choice.step(of: sequence, on: connection)]
        let isRight =
            message.count == length
            && message.isEqual(from: head, count: length - head, to: longest.span, from: head)
        return .reply(sequence, isRight: isRight)
    }

    private func number(_ connection: Int) -> UInt32 { UInt32(truncatingIfNeeded: share.globalNumber(connection)) }
}
