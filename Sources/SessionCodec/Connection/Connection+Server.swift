package import SessionBase

/// What a server answers in the HTTP phase.
extension Connection {
    /// The request of a `.request` or `.upgrade` event; it stays until it is answered.
    package func takeRequest() -> HTTPRequest {
        guard let request = http.first?.request else { preconditionFailure("no request waits for an answer") }
        return request
    }

    /// The fields of that request; `nil` where none has come to its end.
    package var requestFields: HTTPFields? { http.first?.request?.head.fields }

    /// Answers the request, or refuses one that has not come to its end.
    ///
    /// - Parameters:
    ///   - response: Gets `Content-Length`, `Date` and `Connection` where they belong.
    ///   - date: The time for `Date`.
    ///   - closes: Whether the connection must end even if the client would go on.
    /// - Returns: Whether another request may follow. If so, call ``receive(_:from:output:)`` with the input that is left.
    @discardableResult
    package mutating func respond(
        _ response: HTTPResponse, date: Timestamp? = nil, closes: Bool = false, output: inout [UInt8]
    ) -> Bool {
        precondition(phase == .http, "an HTTP answer outside of the HTTP phase")
        let head = http[0].request?.head
        let keepsAlive = !closes && !http[0].isInputEnded && (head?.keepsAlive ?? false)
        response.append(to: &output, date: date, keepsAlive: keepsAlive, answersHead: head?.method == "HEAD")
        http[0].request = nil
        if !keepsAlive { finish() }
        return keepsAlive
    }

    /// Answers an `.upgrade` with 101; from here on the connection speaks WebSocket.
    ///
    /// - Parameters:
    ///   - acceptance: The terms.
    ///   - subprotocol: One of those that the client offered.
    ///   - fields: More fields for the answer.
    package mutating func accept(
        _ acceptance: Acceptance, subprotocol: String? = nil, fields: HTTPFields = HTTPFields(),
        output: inout [UInt8]
    ) {
        let agreed = ServerHandshake.append(
            answering: takeRequest().head.fields, subprotocol: subprotocol, compression: acceptance.compression,
            fields: fields, to: &output)
        assembler = MessageAssembler(messageBytesMax: acceptance.messageBytesMax)
        open(agreed, messageBytesMin: acceptance.compression?.messageBytesMin ?? 0)
    }
}
