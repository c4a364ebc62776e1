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
        return Base64.encode(bytes.span)
    }

    /// Whether the value is the base64 of sixteen bytes.
    package static func isValid(_ key: Span<UInt8>) -> Bool {
        guard key.count == characterCount, key[22] == UInt8(ascii: "="), key[23] == UInt8(ascii: "=") else {
            return false
        }
        for index in 0..<22 where Base64.value(key[index]) == nil { return false }
        // Only two bits of the last character belong to the sixteenth byte.
        return (Base64.value(key[21]) ?? 1) & 0x0F == 0
    }

    /// The value of `Sec-WebSocket-Accept` for a key.
    package static func accept(for key: Span<UInt8>) -> [UInt8] {
        var message: [UInt8] = []
        message.append(copying: key)
        message.append(literal: suffix)
        var digest = Digest(.sha1)
        var hash: [UInt8] = []
        digest.append(hashOf: message.span, to: &hash)
        return Base64.encode(hash.span)
    }
}
