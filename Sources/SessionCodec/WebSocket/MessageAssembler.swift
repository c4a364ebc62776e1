import SessionBase

/// Which of the two kinds of message (RFC 6455 §5.6).
package enum MessageKind: UInt8, Equatable, Sendable {
    case text = 0x1
    case binary = 0x2

    /// The opcode of the message's first frame.
    package var opcode: Opcode { self == .text ? .text : .binary }
}

/// Puts the pieces of data frames together to messages (RFC 6455 §5.4, RFC 7692 §6.2).
///
/// *between messages* → a frame that is not final, not all there or compressed → *inside a message* → its end. A message
/// that is one uncompressed frame lying wholly in the input stays there and is never copied. Otherwise ``buffer`` grows
/// with what was received, never with what a header claims. Text is checked as it comes.
package struct MessageAssembler: Sendable {
    /// The message that was put together; valid until the next piece is absorbed or ``release()``.
    package private(set) var buffer: [UInt8] = []
    /// Longest message; 32 bits keep an idle connection small.
    private let bytesMax: UInt32
    /// Bytes of compressed payload that the current message's headers announced.
    private var compressedBytes: UInt32 = 0
    private var frameCount: UInt32 = 0
    private var kind = MessageKind.text
    private var isInsideMessage = false
    private var isCompressed = false
    /// ``buffer`` holds a message that was handed out.
    private var isDelivered = false
    private var validator = UTF8Validator()

    /// Most frames of one message before its final one; bounds the time that empty fragments can take.
    package static let fragmentsMax = 65_536

    /// Starts between messages.
    ///
    /// - Parameter messageBytesMax: Longest message, in bytes, after inflation; counts up to 2 GiB.
    package init(messageBytesMax: Int) { bytesMax = UInt32(min(max(messageBytesMax, 0), Int(Int32.max))) }

    private var messageBytesMax: Int { Int(bytesMax) }

    /// What became complete with a piece.
    package enum Result: Equatable, Sendable {
        case nothing
        /// A message, lying in the input.
        case inPlace(MessageKind, Range<Int>)
        /// A message in ``MessageAssembler/buffer``.
        case assembled(MessageKind)
    }

    /// Takes the next piece of a data frame.
    ///
    /// - Parameters:
    ///   - piece: From ``FrameDecoder``, its opcode no control opcode.
    ///   - input: Where the piece lies.
    ///   - compression: What was negotiated; there for every message that ``FrameRules`` let be compressed.
    /// - Throws: ``WebSocketError``, as soon as the message cannot become valid any more.
    @inline(__always)
    package mutating func absorb(
        _ piece: FramePiece, in input: Span<UInt8>, compression: inout MessageCompression?
    ) throws(WebSocketError) -> Result {
        let isWhole = piece.isFirst && piece.isLast && piece.header.isFinal && !piece.header.isCompressed
        if isWhole, !isInsideMessage, let kind = MessageKind(rawValue: piece.header.opcode.rawValue) {
            guard piece.range.count <= messageBytesMax else { throw .messageTooBig }
            if kind == .text, !piece.isASCII { try Self.validate(input.extracting(piece.range)) }
            return .inPlace(kind, piece.range)
        }
        return try assemble(piece, in: input, compression: &compression)
    }

    /// Frees the memory of a message that was handed out.
    @inline(__always)
    package mutating func release() {
        guard isDelivered else { return }
        isDelivered = false
        buffer = []
    }

    private static func validate(_ text: Span<UInt8>) throws(WebSocketError) {
        var validator = UTF8Validator()
        guard validator.absorb(text), validator.isComplete else { throw .invalidUTF8 }
    }

    @inline(never)
    private mutating func assemble(
        _ piece: FramePiece, in input: Span<UInt8>, compression: inout MessageCompression?
    ) throws(WebSocketError) -> Result {
        if piece.isFirst { try admit(piece.header) }
        let bytes = input.extracting(piece.range)
        let isEnd = piece.isLast && piece.header.isFinal
        if isCompressed {
            try inflate(bytes, isEnd: isEnd, with: &compression)
        } else {
            try append(bytes, isASCII: piece.isASCII)
        }
        guard isEnd else { return .nothing }
        guard kind == .binary || validator.isComplete else { throw .invalidUTF8 }
        isInsideMessage = false
        isDelivered = true
        return .assembled(kind)
    }

    /// Checks a frame against those before it; the limits are decided before any of its payload is there.
    private mutating func admit(_ header: FrameHeader) throws(WebSocketError) {
        if let kind = MessageKind(rawValue: header.opcode.rawValue) {
            guard !isInsideMessage else { throw .expectedContinuation }
            release()
            self.kind = kind
            isInsideMessage = true
            isCompressed = header.isCompressed
            (frameCount, compressedBytes, validator) = (0, 0, UTF8Validator())
        } else {
            guard isInsideMessage else { throw .unexpectedContinuation }
        }
        frameCount += 1
        guard header.isFinal || frameCount <= Self.fragmentsMax else { throw .tooManyFragments }
        let (before, limit) =
            isCompressed ? (Int(compressedBytes), compressedBytesMax) : (buffer.count, messageBytesMax)
        guard header.payloadBytes <= limit - before else { throw .messageTooBig }
        if isCompressed { compressedBytes += UInt32(header.payloadBytes) }
    }

    /// Deflate can make data a little longer; beyond that, compressed bytes only waste time.
    private var compressedBytesMax: Int { messageBytesMax + messageBytesMax / 64 + 1024 }

    private mutating func append(_ bytes: Span<UInt8>, isASCII: Bool) throws(WebSocketError) {
        if kind == .text, !(isASCII && validator.isComplete) {
            guard validator.absorb(bytes) else { throw .invalidUTF8 }
        }
        buffer.append(copying: bytes)
    }

    private mutating func inflate(
        _ bytes: Span<UInt8>, isEnd: Bool, with compression: inout MessageCompression?
    ) throws(WebSocketError) {
        let start = buffer.count
        try compression?.inflate(bytes, isEnd: isEnd, into: &buffer, bytesMax: messageBytesMax)
        guard kind == .text else { return }
        var validator = validator
        guard validator.absorb(buffer.span.extracting(start..<buffer.count)) else { throw .invalidUTF8 }
        self.validator = validator
    }
}
