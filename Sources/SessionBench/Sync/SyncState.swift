import SessionBase
import SessionCodec

/// The state that loads keep in sessions: which session, which write, and as much filling as asked for, so that what comes
/// back says whether it is right.
///
///     {"mark":"SSSSSSSS-CCCCCCCCCCCCCCCC","fill":"…"}      S: the session's number, C: the write's
struct SyncState {
    /// The numbers in a state.
    struct Mark: Equatable {
        var session: UInt64
        var write: UInt64

        /// How many characters it has.
        static let count = 25

        init(session: UInt64, write: UInt64) {
            self.session = session
            self.write = write
        }

        /// Reads a mark; `nil` for another text.
        init?(_ text: JSONText, in bytes: Span<UInt8>) {
            guard !text.hasEscapes, text.count == Self.count, bytes[text.start + 8] == UInt8(ascii: "-"),
                let session = bytes.decimal(in: text.start..<text.start + 8),
                let write = bytes.decimal(in: text.start + 9..<text.start + 25)
            else { return nil }
            self.init(session: session, write: write)
        }
    }

    /// The filling of every state.
    let filling: [UInt8]

    /// Prepares a state of so many bytes of JSON; at least those without filling.
    init(bytes: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let empty =
            Self.text(filling: "").utf8.count - RequestTemplate.Slot.session.placeholder.utf8.count
            - RequestTemplate.Slot.mark.placeholder.utf8.count + 24
        filling = (0..<max(0, bytes - empty)).map { _ in UInt8(ascii: "a") + UInt8(random.next() & 15) }
    }

    /// The state as text with placeholders.
    var text: String { Self.text(filling: String(decoding: filling, as: UTF8.self)) }

    private static func text(filling: String) -> String {
        let slots = RequestTemplate.Slot.self
        return #"{"mark":"\#(slots.session.placeholder)-\#(slots.mark.placeholder)","fill":"\#(filling)"}"#
    }

    /// Whether an answer has this state of a session, whichever write's.
    func isRight(_ answer: SyncAnswer, session: UInt64, in bytes: Span<UInt8>) -> Bool {
        guard answer.mark?.session == session, let found = answer.filling else { return false }
        return found.equals(filling.span, in: bytes)
    }
}
