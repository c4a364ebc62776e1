import SessionBase
import SessionCrypto

/// `Sec-WebSocket-Key` and the proof that a server understood it (RFC 6455 §4.2.2).
package enum HandshakeKey {
    /// The characters of a key: sixteen bytes in base64.
    package static let characterCount = 24

    private static let suffix: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Makes the key of a client from 16 random bytes.
    package static func make(_ nonce: (UInt64, UInt64)) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [nonce.0, nonce.1] {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return base64(bytes)
    }

    /// Whether the value is the base64 of sixteen bytes.
    package static func isValid(_ key: Span<UInt8>) -> Bool {
        guard key.count == characterCount, key[22] == UInt8(ascii: "="), key[23] == UInt8(ascii: "=") else {
            return false
        }
        for index in 0..<22 where value(key[index]) == nil { return false }
        // Only two bits of the last character belong to the sixteenth byte.
        return (value(key[21]) ?? 1) & 0x0F == 0
    }

    /// The value of `Sec-WebSocket-Accept` for a key.
    package static func accept(for key: Span<UInt8>) -> [UInt8] {
        var message: [UInt8] = []
        message.append(copying: key)
        message.append(literal: suffix)
        var digest = Digest(.sha1)
        var hash: [UInt8] = []
        digest.append(hashOf: message.span, to: &hash)
        return base64(hash)
    }

    /// RFC 4648 §4, padded.
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let sextet = UInt8(truncatingIfNeeded: bits >> UInt32(18 - 6 * place)) & 0x3F
                text.append(place <= group.count ? character(sextet) : UInt8(ascii: "="))
            }
        }
        return text
    }

    private static func character(_ sextet: UInt8) -> UInt8 {
        switch sextet {
        case 0..<26: UInt8(ascii: "A") + sextet
        case 26..<52: UInt8(ascii: "a") + sextet - 26
        case 52..<62: UInt8(ascii: "0") + sextet - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
