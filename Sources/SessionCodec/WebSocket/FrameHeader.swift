/// What a frame carries (RFC 6455 §5.2 and §11.8).
package enum Opcode: UInt8, CaseIterable, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Whether the frame may stand between the fragments of a message, and must itself be short and whole.
    package var isControl: Bool { rawValue >= 0x8 }
}

/// The part of a frame before its payload (RFC 6455 §5.2).
///
///      0               1               2 … 9                    4 bytes
///     +-+-+-+-+-------+-+-------------+------------------------+----------+
///     |F|R|R|R|opcode |M| length      | 16 or 64 more bits     | mask key |
///     |I|S|S|S|       |A| 0…125, 126, | of length, where it    | where M  |
///     |N|1|2|3|       |S| 127         | was 126 or 127         | is set   |
///     +-+-+-+-+-------+-+-------------+------------------------+----------+
package struct FrameHeader: Equatable, Sendable {
    /// What the frame carries.
    package var opcode: Opcode
    /// The last, or only, frame of its message.
    package var isFinal: Bool
    /// RSV1, which permessage-deflate uses on the first frame of a compressed message (RFC 7692 §6).
    package var isCompressed: Bool
    /// The masking key with its first byte in the lowest place, `nil` for an unmasked frame.
    package var maskKey: UInt32?
    /// How many bytes of payload follow.
    package var payloadBytes: Int

    /// The longest header there is: 2 bytes, 8 of length, 4 of key.
    package static let bytesMax = 14
    /// Longest payload of a control frame (RFC 6455 §5.5).
    package static let controlPayloadBytesMax = 125

    /// Describes a frame that is about to be written.
    package init(
        opcode: Opcode, payloadBytes: Int, isFinal: Bool = true, isCompressed: Bool = false, maskKey: UInt32? = nil
    ) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.maskKey = maskKey
        self.payloadBytes = payloadBytes
    }

    /// Parses a header and checks what can be judged without knowing what came before (RFC 6455 §5.2 and §5.5).
    ///
    /// What the first bytes already forbid is refused before the others are there.
    ///
    /// - Parameters:
    ///   - bytes: Input.
    ///   - start: A frame boundary in it.
    ///   - rules: What the connection allows.
    /// - Returns: The header and its own size (2...14 bytes), or `nil` when more input is needed.
    /// - Throws: ``WebSocketError``; nothing has been consumed.
    /// - Complexity: O(1), no allocation.
    @inline(__always)
    package static func parse(
        _ bytes: Span<UInt8>, at start: Int = 0, rules: FrameRules
    ) throws(WebSocketError) -> (header: FrameHeader, size: Int)? {
        let available = bytes.count &- start
        guard available >= 2 else {
            if available == 1 { _ = try opcode(ofFirst: bytes[start], rules: rules) }
            return nil
        }
        let first = bytes[start]
        let second = bytes[start &+ 1]
        var header = FrameHeader(opcode: try opcode(ofFirst: first, rules: rules), payloadBytes: Int(second & 0x7F))
        header.isFinal = first & 0x80 != 0
        header.isCompressed = first & 0x40 != 0
        guard (second & 0x80 != 0) == rules.expectsMask else {
            throw rules.expectsMask ? .unmaskedFrame : .maskedFrame
        }
        if header.opcode.isControl {
            guard header.payloadBytes <= controlPayloadBytesMax else { throw .longControlFrame }
        }
        var size = 2
        if header.payloadBytes >= 126 {
            let lengthBytes = header.payloadBytes == 126 ? 2 : 8
            guard available >= 2 &+ lengthBytes else { return nil }
            header.payloadBytes = try extendedLength(bytes, at: start &+ 2, count: lengthBytes)
            size &+= lengthBytes
        }
        if rules.expectsMask {
            guard available >= size &+ 4 else { return nil }
            header.maskKey = key(bytes, at: start &+ size)
            size &+= 4
        }
        return (header, size)
    }

    /// The opcode, after a check of everything else that the first byte holds.
    @inline(__always)
    private static func opcode(ofFirst byte: UInt8, rules: FrameRules) throws(WebSocketError) -> Opcode {
        guard let opcode = Opcode(rawValue: byte & 0x0F) else { throw .unknownOpcode }
        if byte & 0x70 != 0 {
            // RSV1 belongs to the first frame of a data message, and only where it was negotiated.
            let isCompressedMessage = byte & 0x70 == 0x40 && (opcode == .text || opcode == .binary)
            guard isCompressedMessage, rules.allowsCompression else { throw .reservedBits }
        }
        if opcode.isControl {
            guard byte & 0x80 != 0 else { throw .fragmentedControlFrame }
        }
        return opcode
    }

    /// A length of two or eight bytes, which must have needed that many and fit 63 bits.
    private static func extendedLength(
        _ bytes: Span<UInt8>, at start: Int, count: Int
    ) throws(WebSocketError) -> Int {
        var length: UInt64 = 0
        for offset in 0..<count { length = length << 8 | UInt64(bytes[start &+ offset]) }
        guard let result = Int(exactly: length) else { throw .lengthBeyond63Bits }
        guard result > (count == 2 ? 125 : 65_535) else { throw .lengthNotMinimal }
        return result
    }

    @inline(__always)
    private static func key(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
        UInt32(bytes[start]) | UInt32(bytes[start &+ 1]) << 8 | UInt32(bytes[start &+ 2]) << 16
            | UInt32(bytes[start &+ 3]) << 24
    }

    /// Writes the header in as few bytes as it needs.
    ///
    /// - Parameter output: Must have room for ``bytesMax``.
    @inline(__always)
    func write(to output: inout OutputSpan<UInt8>) {
        output.append(firstByte)
        let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
        switch payloadBytes {
        case ...125:
            output.append(maskBit | UInt8(truncatingIfNeeded: payloadBytes))
        case ...65_535:
            output.append(maskBit | 126)
            output.append(UInt8(truncatingIfNeeded: payloadBytes >> 8))
            output.append(UInt8(truncatingIfNeeded: payloadBytes))
        default:
            output.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: payloadBytes >> shift))
            }
        }
        guard let maskKey else { return }
        for shift in stride(from: 0, to: 32, by: 8) { output.append(UInt8(truncatingIfNeeded: maskKey >> shift)) }
    }

    /// FIN, RSV1 and the opcode.
    @inline(__always)
    var firstByte: UInt8 { (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue }
}

/// What a connection allows in the frames it receives.
package struct FrameRules: Equatable, Sendable {
    /// A server expects every frame masked, a client none (RFC 6455 §5.1).
    package var expectsMask: Bool
    /// Whether permessage-deflate was negotiated.
    package var allowsCompression: Bool

    /// Names the rules.
    package init(expectsMask: Bool, allowsCompression: Bool = false) {
        self.expectsMask = expectsMask
        self.allowsCompression = allowsCompression
    }
}
