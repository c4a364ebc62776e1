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

    /// *http* (client: until the response) → *webSocket* → *finished*; *http* → *finished*.
    enum Phase: UInt8, Sendable { case http, webSocket, finished }

    var phase = Phase.webSocket
    var closing = CloseHandshake()
    /// Whether a Ping is answered with a Pong; only a test tool wants it off.
    package var answersPings = true
    /// Why ``ConnectionEvent/failed(_:)`` happened.
    package internal(set) var failure: ConnectionFailure?
    /// Cuts sent messages into frames of so many bytes; 0 sends each as one frame.
    package var fragmentBytes: UInt32 = 0
    var decoder: FrameDecoder
    var assembler: MessageAssembler
    /// Payload of a control frame that came in pieces, and of the peer's Close frame.
    package internal(set) var control: [UInt8] = []
    var compression: MessageCompression?
    /// What only a client has: none or one. An array of one is a box that keeps the server's connections small.
    var client: [ClientSide] = []

    /// Starts behind a handshake that was done elsewhere.
    ///
    /// - Parameters:
    ///   - role: This end.
    ///   - limits: What the peer may cost.
    ///   - deflate: What was negotiated, `nil` for no compression.
    package init(establishedAs role: Role, limits: ConnectionLimits, deflate: DeflateParameters? = nil) {
        let isServer = if case .server = role { true } else { false }
        decoder = FrameDecoder(rules: FrameRules(expectsMask: isServer, allowsCompression: deflate != nil))
        assembler = MessageAssembler(messageBytesMax: limits.messageBytesMax)
        if case .client(let keys) = role { client = [ClientSide(maskKeys: MaskKeys(function: keys))] }
        compression = deflate.map { MessageCompression($0, isServer: isServer, messageBytesMin: 512) }
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
        case .http: return .needsInput
        case .finished:
            cursor = input.count
            return .needsInput
        }
    }

    /// Records that the peer sends nothing more.
    ///
    /// - Returns: `.failed(.abnormal)` where the peer owed something, `.needsInput` where all was said.
    package mutating func receiveEOF() -> ConnectionEvent {
        guard phase != .finished else { return .needsInput }
        phase = .finished
        return .failed(.abnormal)
    }
}

/// Why a connection failed.
package enum ConnectionFailure: Hashable, Sendable {
    /// A frame or message broke a rule.
    case webSocket(WebSocketError)
}

/// What only a client's connection keeps.
struct ClientSide: Sendable {
    var maskKeys: MaskKeys
}
