import SessionBase

/// Takes the chunks of a body apart (RFC 9112 §7.1), however the input is cut.
///
/// `size` → `extension`? → `sizeEnd` → `data` → `dataEnd` → `dataEndLine` → `size` …, and after a size of 0 → `trailers`.
struct HTTPChunkedDecoder: Sendable {
    private enum State {
        case size, `extension`, sizeEnd, data, dataEnd, dataEndLine, trailers
    }

    private var state = State.size
    /// Of the current chunk: its size while that is read, then how many bytes are left.
    private var remaining = 0
    private var digitCount = 0
    private var extensionBytes = 0
    private var trailers: HTTPHeadCollector
    private let limits: HTTPLimits

    /// Makes a decoder for one body.
    init(limits: HTTPLimits) {
        self.limits = limits
        trailers = HTTPHeadCollector(bytesMax: limits.headBytesMax, isTrailer: true)
    }

    /// Appends the data in `input` from `cursor` on to `body`.
    ///
    /// Trailers are checked and dropped, as RFC 9110 §6.5.1 allows.
    ///
    /// - Returns: Whether the body is complete; then `cursor` is behind it.
    mutating func decode(
        _ input: Span<UInt8>, from cursor: inout Int, into body: inout [UInt8]
    ) throws(HTTPParseError) -> Bool {
        while cursor < input.count {
            switch state {
            case .data:
                let count = min(remaining, input.count - cursor)
                body.append(copying: input.extracting(cursor..<cursor + count))
                cursor += count
                remaining -= count
                if remaining == 0 { state = .dataEnd }
            case .trailers:
                guard try trailers.collect(input, from: &cursor) else { return false }
                _ = try HTTPHeadParser(limits: limits).fields(of: trailers.bytes, from: 0)
                return true
            default:
                try step(input[cursor], bodyCount: body.count)
                cursor += 1
            }
        }
        return false
    }

    /// Takes in one byte between the data of two chunks.
    private mutating func step(_ byte: UInt8, bodyCount: Int) throws(HTTPParseError) {
        switch state {
        case .size: try readSize(byte, bodyCount: bodyCount)
        case .extension: try readExtension(byte)
        case .sizeEnd:
            guard byte == UInt8(ascii: "\n") else { throw .malformed("the line of a chunk's size does not end") }
            state = remaining == 0 ? .trailers : .data
        case .dataEnd:
            guard byte == UInt8(ascii: "\r") else { throw .malformed("a chunk is longer than its size") }
            state = .dataEndLine
        case .dataEndLine:
            guard byte == UInt8(ascii: "\n") else { throw .malformed("a chunk is longer than its size") }
            (state, digitCount) = (.size, 0)
        case .data, .trailers: preconditionFailure("data and trailers are not read byte by byte")
        }
    }

    private mutating func readSize(_ byte: UInt8, bodyCount: Int) throws(HTTPParseError) {
        if let digit = byte.hexDigitValue {
            // Leading zeros are legal, and bounded so that a size always ends.
            guard digitCount < 16 else { throw .malformed("the size of a chunk has too many digits") }
            digitCount += 1
            remaining = remaining << 4 | Int(digit)
            if remaining > limits.bodyBytesMax - bodyCount { throw .bodyTooLarge(limits) }
        } else {
            guard digitCount > 0 else { throw .malformed("the size of a chunk is not a hexadecimal number") }
            switch byte {
            case UInt8(ascii: "\r"): state = .sizeEnd
            case UInt8(ascii: ";"): state = .extension
            default: throw .malformed("the size of a chunk is not a hexadecimal number")
            }
        }
    }

    private mutating func readExtension(_ byte: UInt8) throws(HTTPParseError) {
        if byte == UInt8(ascii: "\r") {
            state = .sizeEnd
            return
        }
        guard byte.isFieldValueCharacter else { throw .malformed("a chunk extension has a control character") }
        extensionBytes += 1
        guard extensionBytes <= limits.chunkExtensionBytesMax else {
            throw HTTPParseError(.contentTooLarge, "the chunk extensions are too long")
        }
    }
}
