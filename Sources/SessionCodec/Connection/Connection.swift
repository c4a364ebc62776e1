package import SessionBase

/// One connection, HTTP/1.1 first and WebSocket after the handshake, as bytes in and bytes out, for either role.
///
/// No socket, clock or chance: the driver hands over what it received, sends what was appended to its output, and closes
/// when ``isFinished``. An idle WebSocket connection is this value and nothing on the heap.
///
/// A value at one place: it is moved from loop to loop, never copied, because compression streams are not.
package struct Connection: Sendable {
    /// Which end of the connection this is.
    package enum Role: Sendable {
        case server
        /// Draws the masking keys of its frames from a secret function (RFC 6455 §10.3).
        case client(maskKeys: SipHash)
    }

    /// `http` → `webSocket` → `finished`; `http` → `finished`.
    enum Phase: UInt8, Sendable { case http, webSocket, finished }

    var phase: Phase
    var closing = CloseHandshake()
    /// Whether a Ping is answered with a Pong; only a test tool wants it off.
    package var answersPings = true
    var frameFailure: WebSocketError?
    /// Cuts sent messages into frames of so many bytes; 0 sends each as one frame.
    package var fragmentBytes: UInt32 = 0
    var decoder: FrameDecoder
    var assembler: MessageAssembler
    /// What only a client has: none or one.
    var client: [ClientSide] = []
    var compression: MessageCompression?
    /// What only the HTTP phase has: one or, after the upgrade, none. An array of one is a box with a value in it.
    var http: [HTTPExchange]
    /// Payload of a control frame that came in pieces, and of the peer's Close frame.
    package internal(set) var control: [UInt8] = []

    /// Starts with HTTP: a server reads a request, a client first writes one.
    package init(role: Role, limits: ConnectionLimits) {
        self.init(role: role, limits: limits, phase: .http)
        http = [HTTPExchange(role: client.isEmpty ? .server : .client, limits: limits.http)]
    }

    /// Starts behind a handshake that was done elsewhere.
    ///
    /// - Parameters:
    ///   - role: This end.
    ///   - limits: What the peer may cost.
    ///   - deflate: What was negotiated, `nil` for no compression.
    package init(establishedAs role: Role, limits: ConnectionLimits, deflate: DeflateParameters? = nil) {
        self.init(role: role, limits: limits, phase: .webSocket)
        open(deflate, messageBytesMin: 512)
    }

    private init(role: Role, limits: ConnectionLimits, phase: Phase) {
        self.phase = phase
        http = []
        assembler = MessageAssembler(messageBytesMax: limits.messageBytesMax)
        switch role {
        case .server:
            decoder = FrameDecoder(rules: FrameRules(expectsMask: true))
        case .client(let keys):
            decoder = FrameDecoder(rules: FrameRules(expectsMask: false))
            client = [ClientSide(maskKeys: MaskKeys(function: keys))]
        }
    }

    /// The handshake is over, and the closing handshake is not.
    package var isWebSocket: Bool { phase == .webSocket }
    /// We sent a Close frame and wait for the peer's.
    package var isClosing: Bool { closing.isClosing }
    /// Nothing more will be read or written: send what is in the output, then close the transport.
    package var isFinished: Bool { phase == .finished }
    /// The message of a `.message` event whose place is `.assembled`.
    package var assembled: [UInt8] { assembler.buffer }
    /// The reason in the peer's Close frame, after `.closeReceived`.
    package var closeReason: String { String(decoding: control.dropFirst(2), as: UTF8.self) }
    /// Whether a message of so many bytes would be compressed.
    package func compresses(bytes: Int) -> Bool {
        compression.map { bytes >= Int($0.messageBytesMin) } ?? false
    }

    /// Connections with the same key compress a message to the same frame, which may be sent to all of them (PROTOCOLS
    /// C10); `nil` where compression depends on what was sent before, or there is none.
    package var compressionKey: UInt8? { compression?.sharedKey }

    /// Why ``ConnectionEvent/failed(_:)`` happened; `nil` where the peer just vanished.
    package var failure: ConnectionFailure? { frameFailure.map { .webSocket($0) } ?? http.first?.failure }

    /// Consumes input and returns the first thing that happened; call it again until `.needsInput`.
    ///
    /// - Parameters:
    ///   - input: Received bytes. Payloads are unmasked in place.
    ///   - cursor: Where to go on; moves behind what was consumed.
    ///   - output: Gets what the protocol itself must answer: Pong, Close, an HTTP error.
    /// - Complexity: O(n); a message that lies wholly in the input is neither copied nor allocated.
    package mutating func receive(
        _ input: inout MutableSpan<UInt8>, from cursor: inout Int, output: inout [UInt8]
    ) -> ConnectionEvent {
        switch phase {
        case .webSocket: return receiveFrames(&input, from: &cursor, output: &output)
        case .http: return receiveHTTP(input.span, from: &cursor, output: &output)
        case .finished:
            cursor = input.count
            return .needsInput
        }
    }

    /// Records that the peer sends nothing more.
    ///
    /// - Returns: `.failed(.abnormal)` where the peer owed something, `.response` where the end completes one,
    ///   `.needsInput` where all was said.
    package mutating func receiveEOF() -> ConnectionEvent {
        switch phase {
        case .http: return receiveEndOfHTTP()
        case .webSocket:
            finish()
            return .failed(.abnormal)
        case .finished: return .needsInput
        }
    }

    /// Becomes a WebSocket.
    mutating func open(_ deflate: DeflateParameters?, messageBytesMin: Int) {
        phase = .webSocket
        http = []
        guard let deflate else { return }
        decoder.rules.allowsCompression = true
        compression = MessageCompression(deflate, isServer: client.isEmpty, messageBytesMin: messageBytesMin)
    }

    /// Drops what only a living connection needs.
    mutating func finish() {
        phase = .finished
        compression = nil
    }
}
