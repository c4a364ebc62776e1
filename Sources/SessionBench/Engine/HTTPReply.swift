import SessionBase

/// The answer of an HTTP server to one request, lying in the bytes that were read.
struct HTTPReply {
    /// The status, such as 200.
    var status: Int
    /// Where its body lies.
    var body: Range<Int>
    /// Whether the server closes the connection behind it.
    var closes = false

    /// Whether the request was done.
    var isSuccess: Bool { 200..<300 ~= status }
}

/// What stands at a place in the bytes that were read from an HTTP connection.
enum HTTPReplyScan {
    /// A whole answer, and where the next one begins.
    case whole(HTTPReply, end: Int)
    /// Something that ``HTTPMessageParser`` must read: a part of an answer, or one without a plain length.
    case other
}

extension HTTPReply {
    /// A head that is longer is left to the parser.
    private static let headBytesMax = 4096

    /// Reads an answer that is all there and says its length, without allocating.
    ///
    /// The parser checks everything and copies; this one reads what a load needs of the answers that are usual, and leaves
    /// all others to it.
    static func scan(_ bytes: Span<UInt8>, from start: Int) -> HTTPReplyScan {
        // `HTTP/1.1 200 `
        guard bytes.count - start >= 16, bytes[start] == UInt8(ascii: "H"), bytes[start + 7] == UInt8(ascii: "1"),
            bytes[start + 8] == UInt8(ascii: " "), let status = number(bytes, start + 9..<start + 12), status >= 200,
            status != 204, status != 304
        else { return .other }
        var (length, closes): (Int?, Bool) = (nil, false)
        var cursor = start + 12
        let end = min(bytes.count, start + headBytesMax)
        while cursor < end {
            guard bytes[cursor] == UInt8(ascii: "\n") else {
                cursor += 1
                continue
            }
            let line = cursor + 1
            guard line + 1 < end else { return .other }
            if bytes[line] == UInt8(ascii: "\r") {
                guard bytes[line + 1] == UInt8(ascii: "\n"), let length, length <= bytes.count - line - 2 else {
                    return .other
                }
                let body = line + 2..<line + 2 + length
                return .whole(HTTPReply(status: status, body: body, closes: closes), end: body.upperBound)
            }
            switch bytes[line] | 0x20 {
            case UInt8(ascii: "c") where hasName(bytes, lengthName, at: line, end: end):
                length = self.length(bytes, from: line + lengthName.count, end: end)
            case UInt8(ascii: "c") where hasName(bytes, closeLine, at: line, end: end): closes = true
            case UInt8(ascii: "t") where hasName(bytes, codingName, at: line, end: end): return .other
            default: break
            }
            cursor = line + 1
        }
        return .other
    }

    private static let lengthName = Array("content-length:".utf8)
    private static let closeLine = Array("connection: close".utf8)
    private static let codingName = Array("transfer-encoding:".utf8)

    /// Whether a name of lower case stands at a place, in any case.
    private static func hasName(_ bytes: Span<UInt8>, _ name: [UInt8], at start: Int, end: Int) -> Bool {
        guard start + name.count < end else { return false }
        for index in name.indices where bytes[start + index] | 0x20 != name[index] { return false }
        return true
    }

    private static func length(_ bytes: Span<UInt8>, from start: Int, end: Int) -> Int? {
        var first = start
        while first < end, bytes[first] == UInt8(ascii: " ") { first += 1 }
        var last = first
        while last < end, 0x30...0x39 ~= bytes[last] { last += 1 }
        // Twelve digits are more than any body has.
        guard first < last, last - first <= 12, last < end, bytes[last] == UInt8(ascii: "\r") else { return nil }
        return number(bytes, first..<last)
    }

    private static func number(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Int? {
        var value = 0
        for index in place {
            guard 0x30...0x39 ~= bytes[index] else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }
}
