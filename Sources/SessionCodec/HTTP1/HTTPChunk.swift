package import SessionBase

/// The parts of a body whose length nobody knows beforehand (RFC 9112 §7.1).
package enum HTTPChunk {
    /// Appends one part; an empty one would end the body, and is left out.
    package static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard bytes.count > 0 else { return }
        output.append(contentsOf: String(bytes.count, radix: 16).utf8)
        output.append(literal: "\r\n")
        output.append(copying: bytes)
        output.append(literal: "\r\n")
    }

    /// Appends the end of the body, without trailers.
    package static func appendEnd(to output: inout [UInt8]) { output.append(literal: "0\r\n\r\n") }
}

extension Connection {
    /// Answers the request with the head of a response whose body follows in chunks; the connection ends with it.
    package mutating func startStream(_ head: HTTPResponse, date: Timestamp, output: inout [UInt8]) {
        precondition(phase == .http && http[0].request != nil, "a stream answers a request")
        head.appendStreamHead(to: &output, date: date)
        http[0].request = nil
        finish()
    }
}
