import SessionBase

/// How the end of a message's body is found (RFC 9112 §6.3); everything that two readers could understand differently is
/// refused.
enum HTTPFraming: Equatable {
    /// No body.
    case none
    /// As many bytes as `Content-Length` says.
    case length(Int)
    /// Chunks, then trailers.
    case chunked
    /// Up to the end of the connection; responses only.
    case untilClose

    /// The framing of a request.
    static func request(_ head: HTTPRequestHead, _ limits: HTTPLimits) throws(HTTPParseError) -> HTTPFraming {
        try explicit(head.fields, head.version, limits) ?? .none
    }

    /// The framing of the response to a request of `method`.
    static func response(
        _ head: HTTPResponseHead, to method: String, _ limits: HTTPLimits
    ) throws(HTTPParseError) -> HTTPFraming {
        let framing = try explicit(head.fields, head.version, limits)
        if head.status.isBodiless || method == "HEAD" || (method == "CONNECT" && head.status.isSuccess) { return .none }
        return framing ?? .untilClose
    }

    /// What the fields say; `nil` where they say nothing.
    private static func explicit(
        _ fields: HTTPFields, _ version: HTTPVersion, _ limits: HTTPLimits
    ) throws(HTTPParseError) -> HTTPFraming? {
        let lengths = fields.count(of: "content-length")
        if let coding = fields.place(of: "transfer-encoding") {
            guard lengths == 0 else { throw .malformed("Content-Length and Transfer-Encoding contradict each other") }
            guard version == .http11 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
            guard fields.count(of: "transfer-encoding") == 1,
                fields.text.span.hasLiteralIgnoringCase("chunked", in: coding)
            else { throw HTTPParseError(.notImplemented, "the only Transfer-Encoding here is chunked") }
            return .chunked
        }
        guard let place = fields.place(of: "content-length") else { return nil }
        guard lengths == 1 else { throw .malformed("there is more than one Content-Length") }
        return .length(try length(fields.text.span, place, limits))
    }

    private static func length(
        _ text: Span<UInt8>, _ place: Range<Int>, _ limits: HTTPLimits
    ) throws(HTTPParseError) -> Int {
        guard !place.isEmpty, place.allSatisfy({ text[$0].isDigit }) else {
            throw .malformed("Content-Length is not a decimal number")
        }
        var length = 0
        for index in place {
            length = length * 10 + Int(text[index] - UInt8(ascii: "0"))
            if length > limits.bodyBytesMax { throw .bodyTooLarge(limits) }
        }
        return length
    }
}

extension HTTPParseError {
    /// The error of a body beyond its limit.
    static func bodyTooLarge(_ limits: HTTPLimits) -> HTTPParseError {
        HTTPParseError(.contentTooLarge, "the body is larger than \(limits.bodyBytesMax) bytes")
    }
}
