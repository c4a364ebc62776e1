import SessionBase

/// Gathers the bytes of a head up to its empty line, however they are cut, and refuses what no head contains.
///
/// A control character, a bare CR or a bare LF is refused where it stands, before the head is complete: a peer that
/// speaks TLS to a plain port gets its answer at once.
struct HTTPHeadCollector: Sendable {
    /// What was gathered, line breaks included.
    private(set) var bytes: [UInt8] = []
    private let bytesMax: Int
    /// Empty lines before the first line are skipped (RFC 9112 §2.2); trailers have no first line and end there.
    private let skipsEmptyLines: Bool
    private var consumed = 0
    private var lineIsEmpty = true
    private var lineCount = 0
    private var sawCarriageReturn = false

    /// Makes a collector for a head, or for the trailers of a chunked body.
    init(bytesMax: Int, isTrailer: Bool = false) {
        self.bytesMax = bytesMax
        skipsEmptyLines = !isTrailer
    }

    /// Whether nothing was gathered yet.
    var isEmpty: Bool { consumed == 0 }

    /// Gathers input from `cursor` on.
    ///
    /// - Returns: Whether the head is complete; then `cursor` is behind it.
    mutating func collect(_ input: Span<UInt8>, from cursor: inout Int) throws(HTTPParseError) -> Bool {
        let start = cursor
        let end = min(input.count, start + bytesMax - consumed)
        var keptFrom = start
        while cursor < end {
            if !sawCarriageReturn {
                let control = input.firstControl(in: cursor..<end)
                if control > cursor { lineIsEmpty = false }
                cursor = control
                guard cursor < end else { break }
            }
            let byte = input[cursor]
            cursor += 1
            guard try endsLine(byte) else { continue }
            if lineIsEmpty {
                if lineCount > 0 || !skipsEmptyLines {
                    keep(input, keptFrom..<cursor, consumedFrom: start)
                    return true
                }
                bytes = []
                keptFrom = cursor
            } else {
                lineCount += 1
                lineIsEmpty = true
            }
        }
        keep(input, keptFrom..<cursor, consumedFrom: start)
        if consumed >= bytesMax { throw tooLarge }
        return false
    }

    /// Takes in a control character, or whatever follows a CR.
    ///
    /// - Returns: Whether it ends a line.
    private mutating func endsLine(_ byte: UInt8) throws(HTTPParseError) -> Bool {
        if sawCarriageReturn {
            guard byte == UInt8(ascii: "\n") else { throw .malformed("a carriage return stands alone") }
            sawCarriageReturn = false
            return true
        }
        switch byte {
        case UInt8(ascii: "\r"): sawCarriageReturn = true
        case UInt8(ascii: "\t"): lineIsEmpty = false
        case UInt8(ascii: "\n"): throw .malformed("a line feed stands alone")
        default: throw .malformed("a control character stands in the head")
        }
        return false
    }

    private mutating func keep(_ input: Span<UInt8>, _ range: Range<Int>, consumedFrom start: Int) {
        bytes.append(copying: input.extracting(range))
        consumed += range.upperBound - start
    }

    private var tooLarge: HTTPParseError {
        lineCount == 0 && skipsEmptyLines
            ? HTTPParseError(.uriTooLong, "the request target is too long")
            : HTTPParseError(.headTooLarge, "the head is larger than \(bytesMax) bytes")
    }
}
