package import SessionBase
package import SessionCodec
internal import SessionCrypto
package import SessionIO

/// One WebSocket connection as a client has it: a nonblocking socket, perhaps TLS, and a ``Connection`` in its client role.
///
/// *idle* → *connecting* (each address in turn) → *securing* (TLS) → *upgrading* → *open* → *ending* → *idle*. Whoever drives
/// it watches ``descriptor`` for ``interest``, calls ``ready(_:at:)`` and, at ``deadline``, ``tick(at:)``, and takes
/// what happened with ``takeEvents()``. After the end it may connect again.
package final class Client {
    enum State { case idle, connecting, securing, upgrading, open, ending }

    /// Finds the addresses of an endpoint, in the order in which they are tried; may block, on a thread of its own.
    package typealias Resolve = @Sendable (Endpoint) throws(ResolutionError) -> [SocketAddress]

    /// How it connects and talks; a change of endpoint or headers counts from the next connection on.
    package var configuration: ClientConfiguration
    var state = State.idle
    private(set) var events: [ClientEvent] = []
    private let maskSeed: SipHash
    /// Finds the addresses of an endpoint in place of the system's resolver.
    let resolve: Resolve?
    private var connectionCount: UInt64 = 0

    // The way to the server.
    /// The look-up of the endpoint's name, while it goes on.
    var lookup: NameLookup?
    var addresses: [SocketAddress] = []
    var attemptErrors: [SystemError] = []
    var socket: OwnedDescriptor?
    var address = SocketAddress.loopback(port: 0)
    /// Counts the sockets and look-ups that were begun, so that a driver can tell one from the next with the same number.
    package var socketsOpened = 0
    var startedAt = Instant.zero
    var openedAt = Instant.zero
    /// When the present state has lasted long enough.
    var stateDeadline: Instant?
    /// When the present address has had its time, so that the next one gets a chance.
    var attemptDeadline: Instant?

    // The bytes.
    var connection: Connection
    var tls: TLSSession?
    /// What the socket delivers into.
    var input: [UInt8] = []
    /// What the connection reads: received bytes, decrypted, from the cursor to the count.
    var inbox: [UInt8] = []
    var inboxCursor = 0
    var inboxCount = 0
    /// What the connection wrote and is not encrypted yet.
    var outbox: [UInt8] = []
    /// What the socket is to send, from ``outputStart`` on.
    var output: [UInt8] = []
    var outputStart = 0
    var readRate: ReadRate?
    var readAgainAt: Instant?

    // What became of it.
    var close: (code: CloseCode, reason: String, origin: ClientClose.Origin)?
    /// What went over the present connection.
    package private(set) var traffic = Traffic()

    /// Prepares a client; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - configuration: How it connects and talks.
    ///   - maskSeed: A secret from which the masking keys of all its connections follow (RFC 6455 §10.3).
    ///   - resolve: Finds the addresses of the endpoint; `nil` asks the system's resolver where a name is given.
    package init(configuration: ClientConfiguration, maskSeed: SipHash, resolve: Resolve? = nil) {
        self.resolve = resolve
        self.configuration = configuration
        self.maskSeed = maskSeed
        connection = Connection(role: .client(maskKeys: maskSeed), limits: ConnectionLimits())
    }

    /// What happened since the last call.
    package func takeEvents() -> [ClientEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    // MARK: What a driver needs

    /// The socket to watch, or the look-up of the name before; `nil` while there is neither.
    package var descriptor: Int32? { lookup?.descriptor ?? socket?.rawValue }

    /// What to watch the socket for.
    package var interest: Poller.Interest {
        switch state {
        case .idle: []
        case .connecting: lookup == nil ? .writable : .readable
        case .securing, .upgrading, .open, .ending:
            [isReadable ? .readable : [], unsentBytes > 0 ? .writable : []]
        }
    }

    /// When ``tick(at:)`` must be called.
    package var deadline: Instant? { [stateDeadline, attemptDeadline, readAgainAt].compactMap { $0 }.min() }

    /// Whether messages can be sent.
    package var isOpen: Bool { state == .open && connection.isWebSocket && !connection.isClosing }

    /// Whether there is no connection and none is being made.
    package var isIdle: Bool { state == .idle }

    /// How long the connection has been open.
    package func uptime(at now: Instant) -> Duration { state == .open ? now - openedAt : .zero }

    /// Bytes that wait for the peer to read.
    package var unsentBytes: Int { outbox.count + output.count - outputStart }

    /// Whether bytes may be taken in: not while the read rate forbids it, nor while too much waits to go out.
    var isReadable: Bool {
        readAgainAt == nil && (state != .open || unsentBytes <= configuration.unsentBytesMax ?? .max)
    }

    /// Does what the socket's readiness allows.
    package func ready(_ readiness: Poller.Readiness, at now: Instant) {
        if lookup != nil { return finishLookup(at: now) }
        if state == .connecting { return finishConnecting(at: now) }
        if !readiness.isDisjoint(with: [.error, .hangup]) {
            // The peer is gone, so that holding back helps nobody, and the socket would report it for ever.
            readRate = nil
            readAgainAt = nil
        }
        if !readiness.isDisjoint(with: [.readable, .error, .hangup]) { receive(at: now) }
        flush(at: now)
    }

    /// Does what is due.
    package func tick(at now: Instant) {
        if let readAgainAt, now >= readAgainAt { self.readAgainAt = nil }
        if let stateDeadline, now >= stateDeadline { return expire(at: now) }
        if let attemptDeadline, now >= attemptDeadline { abandonAttempt(at: now) }
    }

    private func expire(at now: Instant) {
        switch state {
        case .idle: break
        case .connecting, .securing, .upgrading: fail(timeout)
        case .open: finish(at: now)  // The peer did not answer our Close.
        case .ending: finish(at: now)
        }
    }

    // MARK: What a command asks for

    /// Sends a message; does nothing unless the connection is open.
    package func send(_ kind: MessageKind, _ payload: Span<UInt8>, at now: Instant) {
        guard isOpen else { return }
        connection.send(kind, payload, output: &outbox)
        traffic.messagesOut += 1
        traffic.payloadBytesOut += payload.count
        flush(at: now)
    }

    /// Sends a Ping of at most 125 bytes.
    package func ping(_ payload: Span<UInt8>, at now: Instant) {
        connection.ping(payload, output: &outbox)
        flush(at: now)
    }

    /// Sends an unasked Pong of at most 125 bytes.
    package func pong(_ payload: Span<UInt8>, at now: Instant) {
        connection.pong(payload, output: &outbox)
        flush(at: now)
    }

    /// Puts exactly these bytes on the wire, whatever they are, between two frames.
    package func sendRaw(_ bytes: [UInt8], at now: Instant) {
        guard state == .open else { return }
        outbox.append(contentsOf: bytes)
        flush(at: now)
    }

    /// Starts the closing handshake, or gives up an attempt to connect.
    ///
    /// - Parameter code: `.noStatus` sends an empty Close frame.
    package func close(_ code: CloseCode, reason: String, at now: Instant) {
        switch state {
        case .idle, .ending: break
        case .connecting, .securing, .upgrading: fail(.lost(endpoint: configuration.endpoint.publicDescription))
        case .open:
            guard !connection.isClosing else { return }
            close = (code, reason, .us)
            connection.close(code, reason: reason, output: &outbox)
            stateDeadline = now + configuration.closeTimeout
            flush(at: now)
        }
    }

    // MARK: Transitions

    /// Makes a fresh connection for a transport that is ready, and sends the handshake.
    func beginUpgrade(at now: Instant) {
        state = .upgrading
        connectionCount += 1
        // Each connection draws its keys from a function of its own.
        let keys = SipHash(key0: maskSeed.hash(2 * connectionCount), key1: maskSeed.hash(2 * connectionCount + 1))
        connection = Connection(
            role: .client(maskKeys: keys), limits: ConnectionLimits(messageBytesMax: configuration.messageBytesMax))
        connection.answersPings = configuration.answersPings
        connection.fragmentBytes = UInt32(configuration.fragmentBytes)
        sendRequest()
        flush(at: now)
    }

    /// Records the server's 101.
    func didOpen(at now: Instant) {
        state = .open
        stateDeadline = nil
        openedAt = now
        readRate = configuration.readBytesPerSecond.map { ReadRate(bytesPerSecond: $0, at: now) }
        events.append(.opened(report(at: now)))
    }

    /// Ends with the answer to a plain request.
    func answer(_ response: HTTPResponse) {
        reset()
        events.append(.answered(response))
    }

    /// Records something that was received.
    func didReceive(_ event: ClientEvent) {
        if case .received(_, let payload) = event {
            traffic.messagesIn += 1
            traffic.payloadBytesIn += payload.count
        }
        events.append(event)
    }

    /// Ends the attempt to connect.
    func fail(_ failure: ClientFailure) {
        reset()
        events.append(.ended(.failed(failure), next: nil))
    }

    /// Starts to wait for the peer's end of the transport: both Close frames are there, or the peer broke a rule.
    func beginEnding(at now: Instant) {
        state = .ending
        stateDeadline = now + configuration.closeTimeout
    }

    /// Ends a connection that was open.
    func finish(at now: Instant) {
        // Without a Close frame from the peer the connection was lost, even where we had asked for its end.
        let (code, reason, origin) =
            state == .ending ? close ?? (.abnormal, "", .nobody) : (.abnormal, lostReason, .nobody)
        let end = ClientClose(code: code, reason: reason, origin: origin, uptime: now - openedAt, traffic: traffic)
        reset()
        events.append(.ended(.closed(end), next: nil))
    }

    private var lostReason: String {
        connection.isClosing ? "the peer did not answer our Close" : "the peer went away without a Close frame"
    }

    private func reset() {
        state = .idle
        lookup = nil
        socket = nil
        tls = nil
        stateDeadline = nil
        attemptDeadline = nil
        readAgainAt = nil
        readRate = nil
        close = nil
        traffic = Traffic()
        inboxCursor = 0
        inboxCount = 0
        outbox = []
        output = []
        outputStart = 0
    }
}
