import SessionBase

/// A text of at most sixteen bytes as two integers, so that a key is read once and then compared as a number.
///
/// ```
/// "timestamp"    low  t i m e s t a m    high  p 0 0 0 0 0 0 0
/// ```
/// Zeros fill what is left, so a text with a zero in it counts as unknown, and so does a longer one: they are all alike,
/// and equal to no literal with characters.
struct ShortText: Equatable {
    private let low: UInt64
    private let high: UInt64

    private static var unknown: ShortText { ShortText(low: 0, high: 0) }

    /// Makes a text of its bytes, the first in the lowest place of `low`.
    @inline(__always)
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The characters of a literal; the compiler makes constants of them.
    @inline(__always)
    init(_ literal: StaticString) {
        let (low, high) = UInt64.pair(characters: literal)
        self.init(low: low, high: high)
    }

    /// The characters of any JSON text, escapes replaced by what they mean; usual ones are read by ``JSONReader``.
    init(_ text: JSONText, in bytes: Span<UInt8>) {
        guard text.hasEscapes else {
            self = Self.take(bytes.extracting(text.range))
            return
        }
        var unescaped: [UInt8] = []
        text.append(to: &unescaped, in: bytes)
        self = unescaped.contains(0) ? .unknown : Self.take(unescaped.span)
    }

    private static func take(_ bytes: Span<UInt8>) -> ShortText {
        switch bytes.count {
        case 0..<8: ShortText(low: bytes.partialWord(at: 0, count: bytes.count), high: 0)
        case 8..<16: ShortText(low: bytes.word(at: 0), high: bytes.partialWord(at: 8, count: bytes.count - 8))
        case 16: ShortText(low: bytes.word(at: 0), high: bytes.word(at: 8))
        default: .unknown
        }
    }
}
