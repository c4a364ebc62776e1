import SessionBase
import SessionCodec

/// A program of a user: it connects, registers windows, and remembers what it was told.
struct AwarenessClient {
    let user: String
    let isVersion2: Bool
    /// Asks for version 2 by `?v=2` and not by subprotocol.
    let asksByQuery: Bool

    /// The link it uses; `nil` while it is not connected.
    private(set) var link: Int?
    private var connection: Connection?
    /// Whether the handshake is done.
    private(set) var isOpen = false
    /// The windows that the server confirmed on this link, and their cases.
    private(set) var windows: [String: String] = [:]
    /// Whether the last that it heard about several cases was a warning.
    private(set) var isWarned = false
    /// Whether it may have been without window for a while: then nobody told it that a warning was cleared.
    private(set) var hasMissed = false
    private(set) var lastHeard = Instant.zero
    /// The windows that it took back, and whether the server may have refused to hear of it.
    private var takenBack: Set<String> = []
    private var wasRefused = false
    /// What is to be sent.
    private var output: [UInt8] = []

    init(user: String, isVersion2: Bool, asksByQuery: Bool) {
        self.user = user
        self.isVersion2 = isVersion2
        self.asksByQuery = asksByQuery
    }

    // MARK: Doing

    mutating func connect(over link: Int, at now: Instant, using random: inout SeededRandom) {
        let keys = SipHash(key0: random.next(), key1: random.next())
        var connection = Connection(role: .client(maskKeys: keys), limits: ConnectionLimits())
        connection.fragmentBytes = random.chance(0.2) ? UInt32.random(in: 1...40, using: &random) : 0
        connection.request(
            ClientHandshake(
                target: isVersion2 && asksByQuery ? "/awareness?v=2" : "/", authority: "server",
                nonce: (random.next(), random.next()),
                subprotocols: isVersion2 && !asksByQuery ? [AwarenessProtocol.version2] : []), output: &output)
        self.link = link
        self.connection = connection
        lastHeard = now
    }

    mutating func say(_ message: AwarenessClientMessage, tag: MessageTag? = nil) {
        if case .deregister(user, let window) = message {
            windows[window] = nil
            takenBack.insert(window)
            if windows.isEmpty { hasMissed = true }
        }
        say(message.encoded(tag: tag))
    }

    /// Says once more what the server refused to hear, as long as it does.
    mutating func repeatRefused() {
        guard wasRefused else { return }
        wasRefused = false
        for window in takenBack.sorted() { say(.deregister(user: user, window: window)) }
    }

    mutating func say(_ bytes: [UInt8]) { connection?.send(.text, bytes.span, output: &output) }

    mutating func ping() {
        let payload: [UInt8] = [1, 2, 3]
        connection?.ping(payload.span, output: &output)
    }

    mutating func close(_ code: CloseCode) { connection?.close(code, output: &output) }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Forgets its link.
    mutating func disconnect() {
        (link, connection, isOpen) = (nil, nil, false)
        (windows, isWarned, hasMissed, output) = ([:], false, false, [])
        (takenBack, wasRefused) = ([], false)
    }

    // MARK: Hearing

    /// Reads bytes from the server.
    ///
    /// - Returns: Whether the link is over.
    mutating func receive(_ bytes: [UInt8], at now: Instant) throws -> Bool {
        guard var current = connection else { return true }
        connection = nil
        lastHeard = now
        var bytes = bytes
        var cursor = 0
        while !current.isFinished {
            var input = bytes.mutableSpan
            let event = current.receive(&input, from: &cursor, output: &output)
            switch event {
            case .needsInput:
                connection = current
                return false
            case .opened:
                isOpen = true
                guard (isVersion2 && !asksByQuery) == (current.subprotocol != nil) else {
                    throw SimulationFailure("the server chose subprotocol \(current.subprotocol ?? "none")")
                }
            case .message(_, .input(let range)): try hear(Array(bytes[range]))
            case .message: try hear(current.assembled)
            case .ping, .pong, .closeReceived: break
            default: throw SimulationFailure("a client was sent what RFC 6455 or HTTP forbids: \(event)")
            }
        }
        connection = current
        return true
    }

    private mutating func hear(_ bytes: [UInt8]) throws {
        guard let message = try? AwarenessServerMessage.decode(bytes.span).message else {
            throw SimulationFailure("a client does not understand \(String(decoding: bytes, as: UTF8.self))")
        }
        switch message {
        case .registered(let window, let `case`):
            windows[window] = `case`
            takenBack.remove(window)
        case .error(.rateLimited, _, _): wasRefused = true
        case .warning(let warning) where warning.kind == .multiCase: isWarned = true
        case .warningCleared: isWarned = false
        default: break
        }
        if !isVersion2, ![.registered, .warning, .error, .pong, .state].contains(message.kind) {
            throw SimulationFailure("a client of the seed was sent \(message.kind.name)")
        }
    }
}
