package import SessionBase
import SessionCodec

/// The name of a connection that its client knows: `ws_<milliseconds>_<9 digits of base 36>` (PROTOCOLS 2-30).
///
/// 36⁹ are 46.5 bits that nobody guesses; still the name is no credential. It is kept as two numbers, and written when
/// somebody asks.
package struct ConnectionName: Hashable, Sendable {
    /// When the connection was opened, in milliseconds since 1970.
    package let milliseconds: Int64
    /// The unguessable part, below 36⁹.
    package let secret: UInt64

    private static let digits: [UInt8] = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    private static let digitCount = 9
    private static let secretsCount: UInt64 = 101_559_956_668_416

    /// The name of no connection.
    static let none = ConnectionName(milliseconds: -1, secret: 0)

    private init(milliseconds: Int64, secret: UInt64) {
        self.milliseconds = milliseconds
        self.secret = secret
    }

    /// Draws a name.
    package init(at timestamp: Timestamp, from entropy: Entropy) {
        milliseconds = max(0, timestamp.milliseconds)
        // 2⁶⁴ is 181,634 times 36⁹: what the remainder favours is below one part in a hundred thousand.
        secret = entropy.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } % Self.secretsCount
    }

    /// Reads a name; `nil` where the text is none.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("ws".utf8), parts[2].count == Self.digitCount,
            (1...19).contains(parts[1].count), parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
            let milliseconds = Int64(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        var secret: UInt64 = 0
        for digit in parts[2] {
            guard let value = Self.digits.firstIndex(of: digit) else { return nil }
            secret = secret * 36 + UInt64(value)
        }
        self.milliseconds = milliseconds
        self.secret = secret
    }

    /// The name as clients see it.
    package var text: String {
        var bytes = Array("ws_".utf8)
        bytes.appendDecimal(milliseconds)
        bytes.append(UInt8(ascii: "_"))
        var rest = secret
        let start = bytes.count
        for _ in 0..<Self.digitCount {
            bytes.append(Self.digits[Int(rest % 36)])
            rest /= 36
        }
        bytes[start...].reverse()
        return String(decoding: bytes, as: UTF8.self)
    }
}
