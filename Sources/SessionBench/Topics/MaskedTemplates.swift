import SessionBase
import SessionCodec

/// Messages of a WebSocket that are sent many times with other numbers in them, one page for each kind: masked frames, and
/// where the numbers stand in their payloads.
struct MaskedTemplates: ~Copyable {
    private let book: FrameBook
    /// Where each slot's numbers stand in each page's payload.
    private let places: [[[Int]]]

    /// One message while it is being written.
    struct Copy {
        /// Where its frame begins in the buffer.
        let start: Int
        fileprivate let payload: Int
        fileprivate let page: Int
    }

    /// Encodes texts with placeholders of ``RequestTemplate/Slot``.
    init(_ texts: [String], _ share: WorkerShare) {
        var random = SeededRandom(seed: share.plan.seed)
        // Workers of one run differ in their keys, and agree in everything else.
        let maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        let pages = texts.map(RequestTemplate.fill)
        book = FrameBook(pages.map { (.text, $0.bytes) }, maskKey: maskKey)
        places = pages.map { page in
            RequestTemplate.Slot.allCases.map { slot in page.slots.filter { $0.slot == slot }.map(\.offset) }
        }
    }

    /// The longest frame.
    var frameBytesMax: Int { book.frameBytesMax }

    /// Appends a page's frame.
    func append(_ page: Int, to frames: inout FrameBuffer) -> Copy {
        let start = frames.count
        return Copy(start: start, payload: book.append(page: page, to: &frames), page: page)
    }

    /// Writes a number of eight or sixteen digits everywhere where its slot is.
    func set(_ slot: RequestTemplate.Slot, _ number: UInt64, in copy: Copy, of frames: inout FrameBuffer) {
        for offset in places[copy.page][slot.rawValue] {
            guard slot.width == 16 else {
                write(number, at: offset, in: copy, of: &frames)
                continue
            }
            write(number / DigitWord.limit, at: offset, in: copy, of: &frames)
            write(number % DigitWord.limit, at: offset + 8, in: copy, of: &frames)
        }
    }

    private func write(_ number: UInt64, at offset: Int, in copy: Copy, of frames: inout FrameBuffer) {
        frames.set(DigitWord.spell(number) ^ book.mask(at: offset), at: copy.payload + offset)
    }
}
