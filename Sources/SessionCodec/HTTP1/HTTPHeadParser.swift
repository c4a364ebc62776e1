import SessionBase

/// Reads a complete head, which ``HTTPHeadCollector`` gathered: all lines end with CRLF, the last one is empty.
struct HTTPHeadParser {
    private let limits: HTTPLimits

    /// Makes a parser with limits for target and fields.
    init(limits: HTTPLimits) { self.limits = limits }

    // MARK: Requests

    /// Reads the head of a request (RFC 9112 §3).
    func request(_ bytes: [UInt8]) throws(HTTPParseError) -> HTTPRequestHead {
        let text = bytes.span
        let lineEnd = text.firstControl(in: 0..<text.count)
        let methodEnd = text.endOfTokens(in: 0..<lineEnd)
        guard methodEnd > 0, methodEnd < lineEnd, text[methodEnd] == UInt8(ascii: " ") else {
            throw .malformed("the request line does not begin with a method")
        }
        let targetStart = methodEnd + 1
        var targetEnd = targetStart
        while targetEnd < lineEnd, text[targetEnd].isTargetCharacter { targetEnd += 1 }
        guard targetEnd - targetStart <= limits.targetBytesMax else {
            throw HTTPParseError(.uriTooLong, "the request target is longer than \(limits.targetBytesMax) bytes")
        }
        guard targetEnd < lineEnd, text[targetEnd] == UInt8(ascii: " ") else {
            throw .malformed("the request target has a character that must be escaped, or no version follows")
        }
        let version = try version(at: targetEnd + 1, in: text)
        guard targetEnd + 9 == lineEnd else { throw .malformed("the request line does not end after the version") }
        try checkTarget(targetStart..<targetEnd, methodEnd: methodEnd, in: text)
        let fields = try fields(of: bytes, from: lineEnd + 2)
        try checkHost(fields, version)
        return HTTPRequestHead(
            method: String(decoding: bytes[..<methodEnd], as: UTF8.self),
            target: String(decoding: bytes[targetStart..<targetEnd], as: UTF8.self), version: version, fields: fields)
    }

    /// Checks which of the four forms of a target it is (RFC 9112 §3.2).
    private func checkTarget(_ target: Range<Int>, methodEnd: Int, in text: Span<UInt8>) throws(HTTPParseError) {
        if methodEnd == 7, text.hasLiteral("CONNECT", at: 0) {
            throw HTTPParseError(.methodNotAllowed, "this server is no proxy")
        }
        guard !target.isEmpty else { throw .malformed("the request target is empty") }
        if text[target.lowerBound] == UInt8(ascii: "/") { return }
        if target.count == 1, text[target.lowerBound] == UInt8(ascii: "*") {
            guard methodEnd == 7, text.hasLiteral("OPTIONS", at: 0) else {
                throw .malformed("the target * is for OPTIONS only")
            }
            return
        }
        let schemes: [StaticString] = ["http://", "https://", "ws://", "wss://"]
        for scheme in schemes {
            let end = target.lowerBound + scheme.utf8CodeUnitCount
            guard end < target.upperBound, text.hasLiteralIgnoringCase(scheme, in: target.lowerBound..<end) else {
                continue
            }
            var hostEnd = end
            while hostEnd < target.upperBound, text[hostEnd].isAuthorityCharacter { hostEnd += 1 }
            let stop = hostEnd < target.upperBound ? text[hostEnd] : UInt8(ascii: "/")
            if hostEnd > end, stop == UInt8(ascii: "/") || stop == UInt8(ascii: "?") { return }
        }
        throw .malformed("the request target is neither a path nor a URL")
    }

    /// Checks that there is one `Host`, and that it can be one (RFC 9112 §3.2); HTTP/1.0 may go without.
    private func checkHost(_ fields: HTTPFields, _ version: HTTPVersion) throws(HTTPParseError) {
        switch fields.count(of: "host") {
        case 0:
            if version == .http11 { throw .malformed("the field Host is missing") }
        case 1:
            guard let place = fields.place(of: "host") else { return }
            let text = fields.text.span
            for index in place where !text[index].isAuthorityCharacter {
                throw .malformed("the field Host has a character that no host has")
            }
        default: throw .malformed("there is more than one field Host")
        }
    }

    // MARK: Responses

    /// Reads the head of a response (RFC 9112 §4).
    func response(_ bytes: [UInt8]) throws(HTTPParseError) -> HTTPResponseHead {
        let text = bytes.span
        let version = try version(at: 0, in: text)
        guard text.count > 12, text[8] == UInt8(ascii: " "), text[9].isDigit, text[10].isDigit, text[11].isDigit,
            text[9] != UInt8(ascii: "0")
        else { throw .malformed("the status line has no status of three digits") }
        var lineEnd = 12
        while text[lineEnd].isFieldValueCharacter { lineEnd += 1 }
        guard lineEnd == 12 || text[12] == UInt8(ascii: " "), text[lineEnd] == UInt8(ascii: "\r") else {
            throw .malformed("the status line does not go on after the status")
        }
        let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return HTTPResponseHead(
            version: version, status: HTTPStatus(rawValue: status),
            reason: String(decoding: bytes[min(13, lineEnd)..<lineEnd], as: UTF8.self),
            fields: try fields(of: bytes, from: lineEnd + 2))
    }

    // MARK: Parts

    /// Reads `HTTP/1.1`; eight bytes in any case.
    private func version(at start: Int, in text: Span<UInt8>) throws(HTTPParseError) -> HTTPVersion {
        if text.hasLiteral("HTTP/1.1", at: start) { return .http11 }
        if text.hasLiteral("HTTP/1.0", at: start) { return .http10 }
        guard text.hasLiteral("HTTP/", at: start), start + 8 <= text.count, text[start + 5].isDigit,
            text[start + 6] == UInt8(ascii: "."), text[start + 7].isDigit
        else { throw .malformed("the version is none of HTTP") }
        throw HTTPParseError(.versionNotSupported, "only HTTP/1.1 is spoken here")
    }

    /// Reads the lines of fields from `start` to the empty line (RFC 9112 §5).
    func fields(of bytes: [UInt8], from start: Int) throws(HTTPParseError) -> HTTPFields {
        var fields = HTTPFields(text: bytes)
        let text = bytes.span
        var lineStart = start
        while text[lineStart] != UInt8(ascii: "\r") {
            guard fields.count < limits.fieldCountMax else {
                throw HTTPParseError(.headTooLarge, "the head has more than \(limits.fieldCountMax) fields")
            }
            let nameEnd = text.endOfTokens(in: lineStart..<text.count)
            guard nameEnd > lineStart, text[nameEnd] == UInt8(ascii: ":") else {
                throw nameError(lineStart..<nameEnd, in: text)
            }
            let lineEnd = text.endOfLine(from: nameEnd + 1)
            fields.append(name: lineStart..<nameEnd, value: text.trimmed(nameEnd + 1..<lineEnd))
            guard text[lineEnd] == UInt8(ascii: "\r") else { throw .malformed("a field has a control character") }
            lineStart = lineEnd + 2
        }
        return fields
    }

    private func nameError(_ name: Range<Int>, in text: Span<UInt8>) -> HTTPParseError {
        guard text[name.upperBound].isBlank else { return .malformed("a line of the head has no valid field name") }
        return name.isEmpty
            ? .malformed("a field is folded over two lines") : .malformed("a space stands before the colon of a field")
    }
}

extension Span where Element == UInt8 {
    /// Index of the first byte in `range` that no token has, or its end.
    @inline(__always)
    fileprivate func endOfTokens(in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, self[index].isTokenCharacter { index &+= 1 }
        return index
    }

    /// Index of the first control character from `start` on that is not a tab.
    @inline(__always)
    fileprivate func endOfLine(from start: Int) -> Int {
        var index = firstControl(in: start..<count)
        while self[index] == UInt8(ascii: "\t") { index = firstControl(in: index &+ 1..<count) }
        return index
    }
}
