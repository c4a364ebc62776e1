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
        http[0].write(to: &output) {
            response.append(to: &$0, date: date, keepsAlive: keepsAlive, answersHead: head?.method == "HEAD")
        }
        http[0].request = nil
        if !keepsAlive { finish() }
        return keepsAlive
    }

    /// Puts a response in the place of the bare one that came with `.failed`.
    ///
    /// - Parameter queued: How much of the output is older than that.
    package mutating func refuse(
        _ response: HTTPResponse, date: Timestamp? = nil, queued: Int, output: inout [UInt8]
    ) {
        let isNext = http[0].line.isEmpty
        let bare = isNext ? Array(output[queued...]) : http[0].line.removeLast()
        if isNext { output.removeSubrange(queued...) }
        // It has no body only where HEAD is answered (RFC 9110 §9.3.2).
        let answersHead = bare.suffix(4).elementsEqual("\r\n\r\n".utf8)
        http[0].write(to: &output) {
            response.append(to: &$0, date: date, keepsAlive: false, answersHead: answersHead)
        }
    }

    // MARK: Answers that come later

    /// Lets the request be answered later, by ``respond(to:with:date:closes:output:)``; the next ones can be read and answered
    /// meanwhile, and what is said to them waits.
    ///
    /// - Parameter ticket: Names it among those of this connection. Its client must go on after it
    ///   (``HTTPRequestHead/keepsAlive``).
    package mutating func deferAnswer(_ ticket: UInt64) {
        let request = takeRequest()
        precondition(request.head.keepsAlive, "nothing follows on the last answer")
        http[0].line.append(request, ticket: ticket)
        http[0].request = nil
    }

    /// Whether answers are to be given to earlier requests.
    package var owesAnswers: Bool { http.first.map { !$0.line.isEmpty } ?? false }
    /// Whether so many are owed that no further request should be read.
    package var owesTooMuch: Bool { http.first?.line.isFull ?? false }
    /// Whether few enough are owed for going on after that.
    package var owesLittle: Bool { http.first?.line.isRoomy ?? true }

    /// The fields of a request whose answer comes later; `nil` where there is no such ticket.
    package func requestFields(of ticket: UInt64) -> HTTPFields? { http.first?.line.head(of: ticket)?.fields }

    /// Gives the answer to a request of ``deferAnswer(_:)``; it goes out once those before it have.
    ///
    /// - Parameter closes: Whether the connection must end, if nothing more is asked on it.
    /// - Returns: Whether another request may follow.
    @discardableResult
    package mutating func respond(
        to ticket: UInt64, with response: HTTPResponse, date: Timestamp? = nil, closes: Bool = false,
        output: inout [UInt8]
    ) -> Bool {
        let isLast = http[0].line.count == 1 && http[0].request == nil && http[0].parser.isBetweenMessages
        let ends = closes && isLast && phase == .http
        var bytes: [UInt8] = []
        response.append(to: &bytes, date: date, keepsAlive: !ends)
        http[0].line.give(bytes, to: ticket, output: &output)
        if ends { finish() }
        return !ends
    }

    // MARK: The handshake

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
        precondition(!owesAnswers, "a WebSocket cannot begin before all requests are answered")
        let agreed = ServerHandshake.append(
            answering: takeRequest().head.fields, subprotocol: subprotocol, compression: acceptance.compression,
            fields: fields, to: &output)
        assembler = MessageAssembler(messageBytesMax: acceptance.messageBytesMax)
        open(agreed, messageBytesMin: acceptance.compression?.messageBytesMin ?? 0)
    }
}
