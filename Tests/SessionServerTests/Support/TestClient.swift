import Glibc
import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import Testing

/// A client that waits: every call returns when it is done, or throws after ``patience``.
final class TestClient {
    /// What a client hears.
    enum Heard: Equatable {
        case text(String)
        case binary([UInt8])
        case ping
        case pong
        case response(HTTPResponse)
        case opened
        case closed(CloseCode, String)
        /// The stream ended, without a Close frame where there was a WebSocket.
        case ended
        case failed(CloseCode)
    }

    /// Why a call did not return what the test waits for.
    enum Failure: Error { case silence, ended, unexpected(Heard) }

    let descriptor: OwnedDescriptor
    private var connection: Connection
    private var tls: TLSSession?
    private var input: [UInt8] = []
    private var cursor = 0
    private var output: [UInt8] = []
    private(set) var isEnded = false

    /// Connects, and starts TLS where there is a `secret` to share.
    init(_ address: SocketAddress, secret: TLSContext?, receiveBufferBytes: Int32? = nil) throws {
        descriptor = try Socket.connect(to: address)
        if let receiveBufferBytes { Socket.setReceiveBuffer(descriptor.rawValue, bytes: receiveBufferBytes) }
        connection = Connection(
            role: .client(maskKeys: SipHash(key0: 1, key1: 2)),
            limits: ConnectionLimits(messageBytesMax: 1 << 26, http: HTTPLimits(bodyBytesMax: 1 << 24)))
        _ = waitUntil(descriptor.rawValue, POLLOUT, until: SystemClock.now() + patience)
        let code = Socket.takeError(descriptor.rawValue)
        guard code == 0 else { throw SystemError(code: code, operation: "connect to", context: "\(address)") }
        guard let secret else { return }
        let session = try TLSSession(secret, peerName: "localhost")
        tls = session
        var hello: [UInt8] = []
        try session.start(output: &hello)
        try write(hello)
        while !session.isOpen { guard try receive() else { throw Failure.ended } }
    }

    // MARK: HTTP

    /// Sends a request and waits for its answer.
    func request(
        _ target: String, _ method: String = "GET", fields: HTTPFields = HTTPFields(), body: String = ""
    ) throws -> HTTPResponse {
        var fields = fields
        fields.set("Host", "localhost")
        let head = HTTPRequestHead(method: method, target: target, fields: fields)
        connection.request(HTTPRequest(head: head, body: Array(body.utf8)), output: &output)
        try flush()
        return try hearResponse()
    }

    /// The next thing heard, which must be an HTTP response.
    func hearResponse() throws -> HTTPResponse {
        let heard = try next()
        guard case .response(let response) = heard else { throw Failure.unexpected(heard) }
        return response
    }

    /// Sends a handshake.
    ///
    /// - Returns: The answer that refuses it, `nil` where it succeeded.
    func tryOpen(
        _ target: String = "/", subprotocols: [String] = [], compression: CompressionPolicy? = nil,
        fields: HTTPFields = HTTPFields()
    ) throws -> HTTPResponse? {
        let handshake = ClientHandshake(
            target: target, authority: "localhost", nonce: (3, 4), subprotocols: subprotocols,
            compression: compression, fields: fields)
        connection.request(handshake, output: &output)
        try flush()
        let heard = try next()
        switch heard {
        case .opened: return nil
        case .response(let response): return response
        default: throw Failure.unexpected(heard)
        }
    }

    /// Becomes a WebSocket, or throws.
    func open(
        _ target: String = "/", subprotocols: [String] = [], compression: CompressionPolicy? = nil,
        fields: HTTPFields = HTTPFields()
    ) throws {
        let refusal = try tryOpen(target, subprotocols: subprotocols, compression: compression, fields: fields)
        if let refusal { throw Failure.unexpected(.response(refusal)) }
    }

    /// The subprotocol that the server chose.
    var subprotocol: String? { connection.subprotocol }

    /// Whether messages of 512 bytes and more are compressed.
    var isCompressed: Bool { connection.compresses(bytes: 512) }

    // MARK: Messages

    /// Sends a text message.
    func say(_ text: String) throws {
        connection.send(.text, Array(text.utf8).span, output: &output)
        try flush()
    }

    /// Sends a binary message.
    func say(_ bytes: [UInt8]) throws {
        connection.send(.binary, bytes.span, output: &output)
        try flush()
    }

    /// The frames of text messages, to be written at once or not at all.
    func frames(_ texts: [String]) -> [UInt8] {
        var frames: [UInt8] = []
        for text in texts { connection.send(.text, Array(text.utf8).span, output: &frames) }
        return frames
    }

    /// Says which window shows which case.
    func register(_ user: String, _ window: String, case caseID: String) throws {
        try say(Self.registration(user, window, case: caseID))
    }

    /// A `register` message.
    static func registration(_ user: String, _ window: String, case caseID: String) -> String {
        #"{"type":"register","payload":{"userId":"\#(user)","windowId":"\#(window)","caseId":"\#(caseID)"}}"#
    }

    /// Starts the closing handshake.
    func close(_ code: CloseCode = .normal) throws {
        connection.close(code, reason: "", output: &output)
        try flush()
    }

    /// The next message as JSON; Pings are passed over.
    func hear() throws -> JSONValue {
        let heard = try nextMessage()
        guard case .text(let text) = heard else { throw Failure.unexpected(heard) }
        return try JSONValue.parse(text)
    }

    /// The types of the messages up to the answer to a ping of our own, which is not counted.
    func typesUntilPong() throws -> [String] {
        try say(#"{"type":"ping"}"#)
        var types: [String] = []
        while true {
            let message = try hear()
            let type =
                message["payload"]?["code"]?.string ?? message["payload"]?["type"]?.string ?? message["type"]?.string
            if type == "pong" { return types }
            types.append(type ?? "?")
        }
    }

    /// Passes messages over until the connection is closed.
    ///
    /// - Returns: The code; ``CloseCode/abnormal`` where the stream just ended.
    func hearClose(answeringPings: Bool = true) throws -> CloseCode {
        connection.answersPings = answeringPings
        while true {
            switch try next() {
            case .closed(let code, let reason):
                #expect(reason.split(separator: ":").first.map(String.init) == code.name)
                return code
            case .ended: return .abnormal
            case .failed(let code): throw Failure.unexpected(.failed(code))
            default: continue
            }
        }
    }

    /// The next thing heard that is no Ping or Pong.
    func nextMessage() throws -> Heard {
        while true {
            let heard = try next()
            if heard != .ping, heard != .pong { return heard }
        }
    }

    /// The next thing heard.
    func next() throws -> Heard {
        while true {
            if let heard = take() {
                // Where the server is gone already, its last words still count.
                try? flush()
                return heard
            }
            try? flush()
            guard try receive() else { return .ended }
        }
    }

    /// What has arrived already, `nil` where that is nothing.
    func poll() throws -> Heard? {
        if let heard = take() { return heard }
        guard !isEnded, waitUntil(descriptor.rawValue, POLLIN, until: SystemClock.now() + .milliseconds(1)) else {
            return nil
        }
        return try receive() ? take() : .ended
    }

    private func take() -> Heard? {
        var bytes = input
        input = []
        defer { input = bytes }
        var span = bytes.mutableSpan
        switch connection.receive(&span, from: &cursor, output: &output) {
        case .needsInput:
            bytes.removeFirst(cursor)
            cursor = 0
            return nil
        case .message(let kind, .input(let range)): return Self.message(kind, Array(bytes[range]))
        case .message(let kind, _): return Self.message(kind, connection.assembled)
        case .ping: return .ping
        case .pong: return .pong
        case .response: return .response(connection.takeResponse())
        case .opened: return .opened
        case .closeReceived(let code): return .closed(code, connection.closeReason)
        case .failed(let code): return .failed(code)
        case .request, .upgrade: preconditionFailure("a client connection acts as a server")
        }
    }

    private static func message(_ kind: MessageKind, _ payload: [UInt8]) -> Heard {
        kind == .text ? .text(String(decoding: payload, as: UTF8.self)) : .binary(payload)
    }

    // MARK: Bytes

    /// Sends bytes as they are, through TLS where there is any.
    func write(plain bytes: [UInt8]) throws {
        output += bytes
        try flush()
    }

    /// Sends text as it is.
    func write(_ text: String) throws { try write(plain: Array(text.utf8)) }

    /// Everything that arrives up to the end of the stream.
    func readToEnd() throws -> String {
        while try receive() {}
        return String(decoding: input, as: UTF8.self)
    }

    /// What arrives next, as text; `nil` at the end of the stream.
    func readSome() throws -> String? {
        guard try !input.isEmpty || receive() else { return nil }
        defer { input = [] }
        return String(decoding: input, as: UTF8.self)
    }

    /// Waits until the server has ended the stream; what arrives until then is dropped.
    func waitForEnd() throws { while try receive() { input = [] } }

    /// Says that we send nothing more.
    func endOutput() { Socket.shutdownWrite(descriptor.rawValue) }

    /// Sends as much as the socket takes without waiting.
    ///
    /// - Returns: How many bytes that was.
    func writeSome(_ bytes: ArraySlice<UInt8>) -> Int {
        let copy = Array(bytes)
        if case .sent(let count) = Socket.send(descriptor.rawValue, copy.span) { return count }
        return 0
    }

    private func flush() throws {
        guard !output.isEmpty else { return }
        var bytes = output
        output = []
        if let tls {
            let plain = bytes
            bytes = []
            try tls.send(plain.span, output: &bytes)
        }
        try write(bytes)
    }

    private func write(_ bytes: [UInt8]) throws {
        let deadline = SystemClock.now() + patience
        var rest = bytes[...]
        while !rest.isEmpty {
            switch Socket.send(descriptor.rawValue, Array(rest).span) {
            case .sent(let count): rest = rest.dropFirst(count)
            case .wouldBlock:
                guard waitUntil(descriptor.rawValue, POLLOUT, until: deadline) else { throw Failure.silence }
            case .failed(let code): throw SystemError(code: code, operation: "send")
            }
        }
    }

    /// Waits for bytes.
    ///
    /// - Returns: `false` at the end of the stream.
    private func receive() throws -> Bool {
        if isEnded { return false }
        guard waitUntil(descriptor.rawValue, POLLIN, until: SystemClock.now() + patience) else { throw Failure.silence }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch Socket.receive(descriptor.rawValue, into: &buffer) {
        case .received(let count):
            guard let tls else {
                input += buffer[..<count]
                return true
            }
            var answer: [UInt8] = []
            defer { try? write(answer) }
            try tls.receive(buffer.span.extracting(first: count), plaintext: &input, output: &answer)
            return true
        case .ended, .failed:
            isEnded = true
            return false
        case .wouldBlock: return true
        }
    }
}
