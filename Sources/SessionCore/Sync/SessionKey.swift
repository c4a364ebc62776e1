import SessionBase

/// A session's id in 16 bytes: an RFC 4122 UUID of any version (PROTOCOLS 1-27).
///
/// As a text it would be 36 characters on the heap, in every record that names it.
struct SessionKey: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt64

    /// The id that no session has.
    static let none = SessionKey(high: 0, low: 0)

    private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// Draws a new one, version 4 (RFC 4122 §4.4).
    init(from entropy: Entropy) {
        let bytes = entropy.bytes(16)
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        high = word(0) & ~0xF000 | 0x4000
        low = word(8) & ~(0b11 << 62) | 0b10 << 62
    }

    /// Reads the text form, in either case; `nil` where it is another one.
    init?(_ text: some StringProtocol) {
        var words: (UInt64, UInt64) = (0, 0)
        var place = 0
        for byte in text.utf8 {
            defer { place += 1 }
            switch place {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard place < 36, let digit = Self.value(ofHexDigit: byte) else { return nil }
                if place < 18 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
            }
        }
        guard place == 36 else { return nil }
        (high, low) = words
    }

    /// The text form in lower case.
    var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { bytes.append(UInt8(ascii: "-")) }
            let word = place < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place & 15)) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The share that owns the session, by the text form that all loops hash.
    func shard(_ configuration: SyncConfiguration) -> Int {
        configuration.shardCount == 1 ? 0 : configuration.shard(ofSession: text)
    }

    private static func value(ofHexDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension SyncConfiguration {
    /// The share that owns a session.
    ///
    /// - Parameter session: Its id, a UUID in lower case.
    package func shard(ofSession session: String) -> Int {
        share(of: session)
    }

    /// The share on which a user's first session is made.
    func shard(ofUser user: String) -> Int { share(of: user) }

    private func share(of name: String) -> Int {
        let bytes = [UInt8](name.utf8)
        return Int(hash.hash(bytes.span) % UInt64(shardCount))
    }
}
