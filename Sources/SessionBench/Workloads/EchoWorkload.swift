import SessionBase
import SessionCodec

/// Binary messages that must come back as they are.
///
///     0                8        12       16 …
///     +----------------+--------+--------+------------------+
///     | sequence       | conn.  | run    | fill, random but |
///     | number         | number | tag    | the same in all  |
///     +----------------+--------+--------+------------------+
///
/// Numbers have their lowest byte first.
struct EchoWorkload: Workload, ~Copyable {
    /// The shortest payload: the numbers without fill.
    static let payloadBytesMin = 16

    private let book: FrameBook
    private let payload: [UInt8]
    private let tag: UInt32
    /// The numbers in the whole run of the worker's first connection, and of each next one after the one before.
    private let numbers: (first: UInt32, step: UInt32)
    private let isChecking: Bool
    /// The masks of the numbers.
    private let masks: (sequence: UInt64, connection: UInt32)

    init(_ share: WorkerShare) {
        var random = SeededRandom(seed: share.plan.seed)
        tag = UInt32(truncatingIfNeeded: random.next())
        var payload: [UInt8] = Array(repeating: 0, count: Self.payloadBytesMin)
        while payload.count < share.plan.payloadBytes { payload.append(UInt8(truncatingIfNeeded: random.next())) }
        for place in 0..<4 { payload[12 + place] = UInt8(truncatingIfNeeded: tag >> UInt32(8 * place)) }
        // Workers of one run differ in their keys, and agree in everything else.
        let maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        book = FrameBook([(.binary, payload)], maskKey: maskKey)
        masks = (book.mask(at: 0), UInt32(truncatingIfNeeded: book.mask(at: 8)))
        numbers = (UInt32(truncatingIfNeeded: share.index), UInt32(truncatingIfNeeded: share.plan.workers))
        isChecking = share.plan.isChecking
        self.payload = payload
    }

    var requestBytesMax: Int { book.frameBytesMax }

    @inline(__always)
    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        let start = book.append(page: 0, to: &frames)
        frames.set(sequence ^ masks.sequence, at: start)
        frames.set(number(connection) ^ masks.connection, at: start &+ 8)
    }

    @inline(__always)
    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement {
        guard isChecking else { return .oldest(isRight: true) }
        guard case .binary = kind, message.count == payload.count,
            message.word(at: 8) == UInt64(tag) << 32 | UInt64(number(connection))
        else { return .oldest(isRight: false) }
        let isRight = message.isEqual(
            from: Self.payloadBytesMin, count: message.count &- Self.payloadBytesMin, to: payload.span,
            from: Self.payloadBytesMin)
        return .reply(message.word(at: 0), isRight: isRight)
    }

    @inline(__always)
    private func number(_ connection: Int) -> UInt32 {
        numbers.first &+ UInt32(truncatingIfNeeded: connection) &* numbers.step
    }
}
