import SessionBase

/// What an ``HTTPMessageParser`` found.
package enum HTTPMessage: Equatable, Sendable {
    /// A request; role server.
    case request(HTTPRequest)
    /// A final response, or 101 behind which another protocol begins; role client.
    case response(HTTPResponse)
    /// A response with a status of 1xx but 101; the final one follows.
    case interim(HTTPResponse)
}

/// Reads the messages of one HTTP/1.1 connection from bytes that arrive in any pieces (RFC 9112).
///
/// A value, which ``Connection`` keeps in a box and drops when it has become a WebSocket.
/// `head` → `body`? → `head` …; → `failed` for ever after an error.
package struct HTTPMessageParser: Sendable {
    /// Which end of the connection this is.
    package enum Role: Sendable {
        /// Reads requests.
        case server
        /// Reads responses.
        case client
    }

    private enum State: Sendable {
        case head
        case length(remaining: Int)
        case chunked(HTTPChunkedDecoder)
        case untilClose
        case failed(HTTPParseError)
    }

    private enum Head: Sendable {
        case request(HTTPRequestHead)
        case response(HTTPResponseHead)
    }

    private let role: Role
    private let limits: HTTPLimits
    private var state = State.head
    private var collector: HTTPHeadCollector
    /// The head of the message whose body is being read.
    private var head: Head?
    private var body: [UInt8] = []
    private var requestMethods: [String] = []
    private var owesContinue = false

    /// Makes a parser for a new connection.
    package init(role: Role, limits: HTTPLimits = HTTPLimits()) {
        self.role = role
        self.limits = limits
        collector = HTTPHeadCollector(bytesMax: limits.headBytesMax)
    }

    /// Whether no byte of a next message has arrived.
    package var isBetweenMessages: Bool { if case .head = state { collector.isEmpty } else { false } }

    /// The target of the request whose body is being read, or was refused.
    var target: String? { if case .request(let request)? = head { request.target } else { nil } }

    /// Tells a client's parser what it sent, as the answer to HEAD has no body; not needed for GET without pipelining.
    package mutating func expectResponse(to method: String) { requestMethods.append(method) }

    /// Tells once for each request with `Expect: 100-continue` that its body is waited for, so that
    /// ``HTTPResponse/continueLine`` should be sent.
    package mutating func takeContinue() -> Bool {
        defer { owesContinue = false }
        return owesContinue
    }

    /// Reads up to the end of the next message.
    ///
    /// - Parameters:
    ///   - input: What the connection received.
    ///   - cursor: Where reading begins; behind the message afterwards, or at the end where more input is needed.
    /// - Returns: The message; `nil` where it is not complete. Call again as long as there is input.
    /// - Throws: ``HTTPParseError``, and the same one at every later call: nothing can be read behind it.
    package mutating func parse(_ input: Span<UInt8>, from cursor: inout Int) throws(HTTPParseError) -> HTTPMessage? {
        do throws(HTTPParseError) {
            if case .head = state {
                guard try collector.collect(input, from: &cursor) else { return nil }
                try beginMessage()
            }
            return try readBody(input, from: &cursor)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Ends the input.
    ///
    /// - Returns: The response whose body the end of the connection completes; `nil` between two messages.
    /// - Throws: ``HTTPParseError`` where the connection ended inside of a message.
    package mutating func finish() throws(HTTPParseError) -> HTTPMessage? {
        switch state {
        case .untilClose: return takeMessage()
        case .head where collector.isEmpty: return nil
        case .failed(let error): throw error
        case .head, .length, .chunked: throw .malformed("the connection ended inside of a message")
        }
    }

    // MARK: A body that is read as it comes

    /// The head of the final response whose body is being read; `nil` before it, between messages, and for a server.
    package var responseHead: HTTPResponseHead? {
        if case .response(let head)? = head, !head.status.isInterim { head } else { nil }
    }

    /// Takes what has come of the body, for a stream that may never end; its limit then holds for what is not taken yet.
    package mutating func takeBody() -> [UInt8] {
        defer { body.removeAll() }
        return body
    }

    // MARK: Heads

    /// Reads the head that was gathered and decides how its body ends.
    private mutating func beginMessage() throws(HTTPParseError) {
        let parser = HTTPHeadParser(limits: limits)
        let framing: HTTPFraming
        switch role {
        case .server:
            let request = try parser.request(collector.bytes)
            head = .request(request)
            framing = try HTTPFraming.request(request, limits)
            owesContinue = try expectsContinue(request) && framing != .none && framing != .length(0)
        case .client:
            let response = try parser.response(collector.bytes)
            framing = try HTTPFraming.response(response, to: requestMethods.first ?? "GET", limits)
            if !response.status.isInterim, !requestMethods.isEmpty { requestMethods.removeFirst() }
            head = .response(response)
        }
        collector = HTTPHeadCollector(bytesMax: limits.headBytesMax)
        switch framing {
        case .none: state = .length(remaining: 0)
        case .length(let count): state = .length(remaining: count)
        case .chunked: state = .chunked(HTTPChunkedDecoder(limits: limits))
        case .untilClose: state = .untilClose
        }
    }

    private func expectsContinue(_ request: HTTPRequestHead) throws(HTTPParseError) -> Bool {
        guard request.version == .http11, let place = request.fields.place(of: "expect") else { return false }
        guard request.fields.text.span.hasLiteralIgnoringCase("100-continue", in: place) else {
            throw HTTPParseError(.expectationFailed, "the only expectation here is 100-continue")
        }
        return true
    }

    // MARK: Bodies

    private mutating func readBody(_ input: Span<UInt8>, from cursor: inout Int) throws(HTTPParseError) -> HTTPMessage?
    {
        switch state {
        case .length(let remaining):
            let count = min(remaining, input.count - cursor)
            take(count, of: input, from: &cursor)
            guard count == remaining else {
                state = .length(remaining: remaining - count)
                return nil
            }
            return takeMessage()
        case .chunked(var decoder):
            state = .head
            guard try decoder.decode(input, from: &cursor, into: &body) else {
                state = .chunked(decoder)
                return nil
            }
            return takeMessage()
        case .untilClose:
            guard input.count - cursor <= limits.bodyBytesMax - body.count else { throw .bodyTooLarge(limits) }
            take(input.count - cursor, of: input, from: &cursor)
            return nil
        case .failed(let error): throw error
        case .head: preconditionFailure("a body is read before its head")
        }
    }

    private mutating func take(_ count: Int, of input: Span<UInt8>, from cursor: inout Int) {
        guard count > 0 else { return }
        body.append(copying: input.extracting(cursor..<cursor + count))
        cursor += count
        owesContinue = false
    }

    /// Puts head and body together, and starts with the next message.
    private mutating func takeMessage() -> HTTPMessage {
        defer { (state, head, body, owesContinue) = (.head, nil, [], false) }
        switch head {
        case .request(let head): return .request(HTTPRequest(head: head, body: body))
        case .response(let head):
            let response = HTTPResponse(status: head.status, fields: head.fields, body: body)
            return head.status.isInterim ? .interim(response) : .response(response)
        case nil: preconditionFailure("a message ends that never began")
        }
    }
}

extension HTTPResponse {
    /// What a server sends when the peer waits with its body (RFC 9110 §10.1.1).
    package static let continueLine: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"
}
