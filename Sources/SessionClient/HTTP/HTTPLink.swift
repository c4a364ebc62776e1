import SessionBase
import SessionCodec
import SessionIO

/// One connection of an ``HTTPClient``: requests out, answers in, one after the other.
final class HTTPLink {
    /// Chunks of a body that are taken before other sources get their turn.
    private static let chunksMax = 16

    private let transport: HTTPTransport
    private let wait: HTTPWait
    private let name: String
    private let bytesMax: Int
    private var parser: HTTPMessageParser
    private var unread: [UInt8] = []
    private var cursor = 0
    /// Whether another request may follow.
    private(set) var keepsAlive = false
    /// Whether the whole answer to the last request has come.
    private(set) var isComplete = false

    /// Connects.
    init(_ configuration: HTTPConfiguration) throws(HTTPFailure) {
        wait = try HTTPWait(configuration)
        wait.begin()
        name = configuration.endpoint.httpDescription
        bytesMax = configuration.bodyBytesMax
        parser = HTTPMessageParser(role: .client, limits: HTTPLimits(bodyBytesMax: bytesMax))
        transport = try HTTPTransport.connect(configuration, wait)
    }

    /// Watched by a driver that waits for other things too.
    var descriptor: Int32 { transport.descriptor }

    /// Whether the server has neither ended the connection nor said anything unasked.
    var isUsable: Bool {
        // A connection that fails is of no use either.
        if case .nothing? = try? transport.poll() { cursor == unread.count } else { false }
    }

    /// Sends a request; the time of the exchange runs from here, or from connecting.
    func send(_ request: HTTPRequest) throws(HTTPFailure) {
        if keepsAlive { wait.begin() }
        (keepsAlive, isComplete) = (false, false)
        var bytes: [UInt8] = []
        request.append(to: &bytes)
        parser.expectResponse(to: request.head.method)
        try transport.send(bytes)
    }

    /// Waits for the whole answer.
    func receive() throws(HTTPFailure) -> HTTPResponse {
        while true {
            if let response = try parse() { return response }
            guard let bytes = try transport.receive() else { return try finish() }
            append(bytes)
        }
    }

    // MARK: A body that is read as it comes

    /// Waits for the head of the answer.
    ///
    /// - Returns: Status and fields, and the body where all of it has come already; ``isComplete`` tells.
    func receiveHead() throws(HTTPFailure) -> HTTPResponse {
        while true {
            if let response = try parse() { return response }
            if let head = parser.responseHead { return HTTPResponse(status: head.status, fields: head.fields) }
            guard let bytes = try transport.receive() else { return try finish() }
            append(bytes)
        }
    }

    /// Takes what has come of the body behind the head, without a wait.
    func takeBody() throws(HTTPFailure) -> [UInt8] {
        var body: [UInt8] = []
        // A stream that never pauses must not keep its reader from everything else.
        for _ in 0..<Self.chunksMax where !isComplete {
            switch try transport.poll() {
            case .bytes(let bytes): append(bytes)
            case .nothing: return body + parser.takeBody()
            case .end:
                // What came before the end is worth having, whether or not the end was due.
                body += parser.takeBody()
                return body.isEmpty ? try finish().body : body
            }
            if let rest = try parse() { return body + rest.body }
            body += parser.takeBody()
        }
        return body
    }

    /// Waits for more of the body, up to an instant.
    ///
    /// - Returns: Whether there is more, or the end.
    func awaitBody(until instant: Instant?) throws(HTTPFailure) -> Bool {
        try wait.waits(for: .readable, on: descriptor, until: instant)
    }

    // MARK: Parsing

    private func append(_ bytes: [UInt8]) {
        if cursor == unread.count {
            unread = bytes
            cursor = 0
        } else {
            unread += bytes
        }
    }

    /// The final answer, once all of it is there.
    private func parse() throws(HTTPFailure) -> HTTPResponse? {
        while cursor < unread.count {
            let input = unread
            defer { withExtendedLifetime(input) {} }
            do throws(HTTPParseError) {
                switch try parser.parse(input.span, from: &cursor) {
                case nil: return nil
                case .interim?: continue
                case .response(let response)?:
                    isComplete = true
                    keepsAlive = !response.fields.containsToken("connection", "close")
                    return response
                case .request?: preconditionFailure("a client was asked for something")
                }
            } catch {
                throw failure(error)
            }
        }
        return nil
    }

    /// The answer that the end of the connection completes.
    private func finish() throws(HTTPFailure) -> HTTPResponse {
        do throws(HTTPParseError) {
            if case .response(let response)? = try parser.finish() {
                isComplete = true
                return response
            }
        } catch {
            throw .lost(endpoint: name, reason: error.message)
        }
        throw .lost(endpoint: name, reason: "it ended without a byte")
    }

    private func failure(_ error: HTTPParseError) -> HTTPFailure {
        error.status == .contentTooLarge
            ? .tooLarge(endpoint: name, bytesMax: bytesMax) : .malformed(endpoint: name, reason: error.message)
    }
}
