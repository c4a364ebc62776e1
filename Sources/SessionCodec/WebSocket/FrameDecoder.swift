/// A stretch of one frame's payload, unmasked where it lies.
///
/// A frame that is wholly in the input yields one piece; otherwise there is one as soon as its header is complete, even
/// when no byte of payload is there, and one for each later stretch.
package struct FramePiece: Equatable, Sendable {
    /// The frame's header.
    package var header: FrameHeader
    /// Where the bytes are in the input.
    package var range: Range<Int>
    /// The frame begins with this piece.
    package var isFirst: Bool
    /// The frame ends with this piece.
    package var isLast: Bool
    /// Every byte of the piece is below 0x80.
    package var isASCII: Bool
}

/// Cuts input into frames, whatever the boundaries of the input are (RFC 6455 §5).
///
/// It consumes all it is given: of a header that is cut off it keeps at most 13 bytes, of a payload nothing.
///
/// *between frames* → header complete → *inside a payload* → all of it seen → *between frames*
package struct FrameDecoder: Sendable {
    /// The beginning of a header, its first byte in the lowest place.
    private var stash: (UInt64, UInt32, UInt16) = (0, 0, 0)
    private var stashCount: UInt8 = 0
    /// What this connection allows; ``Connection`` sets it once the handshake is over.
    package var rules: FrameRules
    /// The frame whose payload is being read, its key turned to the next byte.
    private var opcode = Opcode.continuation
    private var isFinal = false
    private var isCompressed = false
    private var maskKey: UInt32 = 0
    /// How much of its payload is missing; 0 between frames.
    private var remaining = 0

    /// Starts at a frame boundary.
    package init(rules: FrameRules) { self.rules = rules }

    /// Unmasks and returns the next piece of a frame.
    ///
    /// - Parameters:
    ///   - input: Received bytes; those of the piece are unmasked in place.
    ///   - cursor: Where to go on; moves behind what was consumed.
    /// - Returns: `nil` when all input is consumed.
    /// - Throws: ``WebSocketError``; the decoder must not be used again.
    /// - Complexity: O(n) in the bytes consumed, no allocation.
    @inline(__always)
    package mutating func next(
        _ input: inout MutableSpan<UInt8>, from cursor: inout Int
    ) throws(WebSocketError) -> FramePiece? {
        if remaining > 0 { return nextOfPayload(&input, from: &cursor) }
        guard stashCount == 0 else { return try resume(&input, from: &cursor) }
        guard let (header, size) = try FrameHeader.parse(input.span, at: cursor, rules: rules) else {
            keepHeader(input.span, from: &cursor)
            return nil
        }
        cursor &+= size
        return begin(header, &input, from: &cursor)
    }

    /// Makes the first piece of a frame, which for most frames is all of it.
    @inline(__always)
    private mutating func begin(
        _ header: FrameHeader, _ input: inout MutableSpan<UInt8>, from cursor: inout Int
    ) -> FramePiece {
        let count = min(header.payloadBytes, input.count &- cursor)
        let key = header.maskKey ?? 0
        let isASCII = unmask(&input, cursor..<cursor &+ count, key: key)
        let piece = FramePiece(
            header: header, range: cursor..<cursor &+ count, isFirst: true, isLast: count == header.payloadBytes,
            isASCII: isASCII)
        cursor &+= count
        if !piece.isLast {
            opcode = header.opcode
            isFinal = header.isFinal
            isCompressed = header.isCompressed
            maskKey = Masking.advance(key, by: count)
            remaining = header.payloadBytes &- count
        }
        return piece
    }

    /// Makes the next piece of a payload that did not end with the input before.
    private mutating func nextOfPayload(_ input: inout MutableSpan<UInt8>, from cursor: inout Int) -> FramePiece? {
        let count = min(remaining, input.count &- cursor)
        guard count > 0 else { return nil }
        let isASCII = unmask(&input, cursor..<cursor &+ count, key: maskKey)
        maskKey = Masking.advance(maskKey, by: count)
        let header = FrameHeader(
            opcode: opcode, payloadBytes: remaining, isFinal: isFinal, isCompressed: isCompressed)
        remaining &-= count
        defer { cursor &+= count }
        return FramePiece(
            header: header, range: cursor..<cursor &+ count, isFirst: false, isLast: remaining == 0, isASCII: isASCII)
    }

    @inline(__always)
    private func unmask(_ input: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt32) -> Bool {
        var payload = input._mutatingExtracting(range)
        return Masking.apply(key, to: &payload)
    }

    /// Keeps the beginning of a header for the next input.
    private mutating func keepHeader(_ input: Span<UInt8>, from cursor: inout Int) {
        while cursor < input.count { keep(input[cursor], &cursor) }
    }

    private mutating func keep(_ byte: UInt8, _ cursor: inout Int) {
        switch stashCount {
        case 0...7: stash.0 |= UInt64(byte) &<< (UInt64(stashCount) &* 8)
        case 8...11: stash.1 |= UInt32(byte) &<< (UInt32(stashCount &- 8) &* 8)
        default: stash.2 |= UInt16(byte) &<< (UInt16(stashCount &- 12) &* 8)
        }
        stashCount &+= 1
        cursor &+= 1
    }

    /// Completes a header that was cut off, one byte at a time, and goes on with its payload.
    private mutating func resume(
        _ input: inout MutableSpan<UInt8>, from cursor: inout Int
    ) throws(WebSocketError) -> FramePiece? {
        while cursor < input.count {
            keep(input[cursor], &cursor)
            guard let header = try stashedHeader() else { continue }
            stash = (0, 0, 0)
            stashCount = 0
            return begin(header, &input, from: &cursor)
        }
        return nil
    }

    private func stashedHeader() throws(WebSocketError) -> FrameHeader? {
        let bytes = InlineArray<14, UInt8> { index in
            switch index {
            case 0...7: UInt8(truncatingIfNeeded: stash.0 &>> (UInt64(index) &* 8))
            case 8...11: UInt8(truncatingIfNeeded: stash.1 &>> (UInt32(index &- 8) &* 8))
            default: UInt8(truncatingIfNeeded: stash.2 &>> (UInt16(index &- 12) &* 8))
            }
        }
        return try FrameHeader.parse(bytes.span.extracting(0..<Int(stashCount)), rules: rules)?.header
    }
}
