import SessionBase
import SessionCodec

/// Messages of devices, encoded once and copied: masked frames whose correlation id, a number of sixteen digits, is
/// overwritten, and with it a text of digits that the value of a change begins with.
struct DeviceMessages: ~Copyable {
    /// Stands where the number of the request goes; as a text, for a correlation id is one.
    private static let numberDigits = "9999999999999999"

    private let book: FrameBook
    /// Where the correlation id and the value's digits stand in each message; `nil` for a message without a value.
    private let places: [(number: Int, value: Int?)]

    /// One message while it is being written.
    struct Copy {
        /// Where its frame begins in the buffer, and its payload.
        let start: Int
        fileprivate let payload: Int
        fileprivate let page: Int
    }

    /// Encodes messages.
    ///
    /// - Parameter valueDigits: What the value of a change begins with.
    init(_ messages: [SyncClientMessage], valueDigits: String = "", _ share: WorkerShare) {
        var random = SeededRandom(seed: share.plan.seed)
        // Workers of one run differ in their keys, and agree in everything else.
        let maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        let payloads = messages.map { message in
            var bytes: [UInt8] = []
            SyncClientFrame(message, envelope: SyncEnvelope(correlationID: Self.numberDigits)).encode(
                tag: nil, to: &bytes)
            return bytes
        }
        book = FrameBook(payloads.map { (.text, $0) }, maskKey: maskKey)
        places = payloads.map { payload in
            let value = valueDigits.isEmpty ? nil : Self.place(of: valueDigits, in: payload)
            return (Self.place(of: Self.numberDigits, in: payload) ?? 0, value)
        }
    }

    /// Where a text begins for the first time.
    private static func place(of text: String, in payload: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        guard payload.count >= wanted.count else { return nil }
        return (0...payload.count - wanted.count).first { payload[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    /// The longest frame.
    var frameBytesMax: Int { book.frameBytesMax }

    /// Appends a message's frame with the number of its request.
    @inline(__always)
    func append(_ page: Int, number: UInt64, to frames: inout FrameBuffer) -> Copy {
        let start = frames.count
        let payload = book.append(page: page, to: &frames)
        let copy = Copy(start: start, payload: payload, page: page)
        set(number, at: places[page].number, in: copy, of: &frames)
        return copy
    }

    /// Overwrites eight digits of the value.
    ///
    /// - Parameter place: Which eight, from 0.
    @inline(__always)
    func setValue(_ digits: UInt64, at place: Int, in copy: Copy, of frames: inout FrameBuffer) {
        guard let value = places[copy.page].value else { preconditionFailure("a message without a value") }
        let offset = value + 8 * place
        frames.set(DigitWord.spell(digits) ^ book.mask(at: offset), at: copy.payload + offset)
    }

    @inline(__always)
    private func set(_ number: UInt64, at offset: Int, in copy: Copy, of frames: inout FrameBuffer) {
        frames.set(DigitWord.spell(number / DigitWord.limit) ^ book.mask(at: offset), at: copy.payload + offset)
        frames.set(DigitWord.spell(number % DigitWord.limit) ^ book.mask(at: offset + 8), at: copy.payload + offset + 8)
    }
}
