import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// One accepted socket of a loop, with all its state.
///
/// Nothing here is on the heap while the connection is idle: buffers are borrowed from the loop's pool, and what only
/// some connections have (TLS, unread input) hangs on one reference. What each message touches stands first and together:
/// with many connections each line of the cache counts.
struct ServerConnection: Sendable {
    /// Where the connection is in its life.
    enum Phase: Sendable {
        /// Reads requests, and may become a WebSocket.
        case http
        /// A request's answer is being gathered from the loops; nothing is read meanwhile.
        case answering
        /// A request waits until all before it are answered, or too many wait for their answers; nothing is read meanwhile.
        case queueing
        /// An answer without end is being written: a trace.
        case streaming
        /// Messages flow.
        case webSocket
        /// Our Close frame is sent and the peer's awaited; its messages are dropped.
        case closing
        /// Our side said its last; the peer's bytes are dropped until it ends the stream.
        case lingering
    }

    let descriptor: CInt
    /// Index into the server's listeners; tells which services are found here.
    let listener: UInt8
    /// Set while the connection counts as one of this service.
    var profile: ProtocolID?
    /// Whether the limit of its address counts the connection.
    var isAddressCounted = false
    var phase = Phase.http
    /// Whether the poller reports readiness to read.
    var isReading = true
    /// Whether the poller reports readiness to write.
    var isWriting = false
    /// Whether echo stopped reading until its output is written.
    var isPaused = false
    /// Why its messages are not handled at the moment.
    var holds: Holds = []
    /// Whether somebody looks on.
    var isTraced = false
    /// Whether frames go into its socket as they are: no TLS, no permessage-deflate.
    var isPlain = false
    /// Whether the peer's half of the stream is ended.
    var isInputEnded = false
    /// Whether our half of the stream is ended.
    var isOutputEnded = false
    /// Whether the loop's list of connections with output holds this one.
    var isDirty = false
    /// Whether a Ping is unanswered (C1).
    var isAwaitingPong = false
    /// Whether the connection was closed for not reading, or was named in the log for it (C5).
    var isNamedSlow = false
    /// Whether it missed what was sent under ``OverflowPolicy/skip``, so that it gets nothing more of that sort until its
    /// service was told.
    var isSkipping = false
    /// The code with which the connection ended, once one side decided it.
    var closeCode: CloseCode?
    /// How many groups it is in.
    var groupCount: UInt32 = 0
    /// What only some connections have.
    private(set) var rare: RareState?
    /// Everything before this position of ``Fanout`` it has, or must not have.
    var position: UInt64 = 0
    /// When the last bytes arrived.
    var heardAt: Instant
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var messagesIn: UInt32 = 0
    var messagesOut: UInt32 = 0
    var output = OutputQueue()
    var wire: Connection
    let address: SocketAddress
    let openedAt: Moment
    /// When the phase must end, whatever happens; `.distantFuture` where only silence counts.
    var phaseDeadline: Instant
    /// When the Ping that is not yet answered was sent.
    var pingedAt: Instant?
    /// Node-wide name, never used again.
    let serial: UInt64

    init(
        serial: UInt64, descriptor: CInt, listener: UInt8, wire: Connection, address: SocketAddress, openedAt: Moment,
        deadline: Instant
    ) {
        self.serial = serial
        self.descriptor = descriptor
        self.listener = listener
        self.wire = wire
        self.address = address
        self.openedAt = openedAt
        heardAt = openedAt.instant
        phaseDeadline = deadline
    }

    /// What stands in an empty slot of the table.
    static let none = ServerConnection(
        serial: 0, descriptor: -1, listener: 0, wire: Connection(establishedAs: .server, limits: ConnectionLimits()),
        address: .unix(path: ""), openedAt: Moment(instant: .zero, timestamp: Timestamp(milliseconds: 0)),
        deadline: .zero)

    /// Lets the protocol consume input; what it answers itself goes to the output queue, in order with the messages.
    mutating func receive(_ input: inout MutableSpan<UInt8>, from cursor: inout Int) -> ConnectionEvent {
        wire.receive(&input, from: &cursor, output: &output.bytes)
    }

    /// Queues one message, compressed where that was negotiated.
    mutating func send(_ kind: MessageKind, _ payload: Span<UInt8>) {
        messagesOut &+= 1
        // A reply to what stood before the peer's Close frame: the wire takes no more, but that frame is not answered yet.
        guard wire.isWebSocket else { return Connection.appendServerFrame(kind, payload, to: &output.bytes) }
        wire.send(kind, payload, output: &output.bytes)
    }

    /// Queues a Close frame.
    mutating func close(_ code: CloseCode, detail: String = "") {
        if closeCode == nil { closeCode = code }
        wire.close(code, reason: CloseBody.reason(code, detail: detail), output: &output.bytes)
    }

    /// Queues a Ping.
    mutating func ping() {
        let empty: [UInt8] = []
        wire.ping(empty.span, output: &output.bytes)
    }

    /// Queues the 101 and becomes a WebSocket.
    mutating func accept(_ acceptance: Acceptance, subprotocol: String?) {
        wire.accept(acceptance, subprotocol: subprotocol, output: &output.bytes)
    }

    /// Queues the answer to a request.
    ///
    /// - Returns: Whether the connection takes another one.
    mutating func respond(_ response: HTTPResponse, at timestamp: Timestamp, closes: Bool) -> Bool {
        wire.respond(response, date: timestamp, closes: closes, output: &output.bytes)
    }

    /// Queues the answer to a request whose answer was to come later.
    ///
    /// - Returns: Whether the connection takes another request.
    mutating func respond(
        toRequest number: UInt64, _ response: HTTPResponse, at timestamp: Timestamp, closes: Bool
    ) -> Bool {
        wire.respond(to: number, with: response, date: timestamp, closes: closes, output: &output.bytes)
    }

    /// Puts the answer to a request that broke the rules of HTTP in the place of the bare one, which the protocol queued
    /// behind the first `queued` bytes.
    mutating func refuse(_ response: HTTPResponse, at timestamp: Timestamp, queued: Int) {
        wire.refuse(response, date: timestamp, queued: queued, output: &output.bytes)
    }

    /// What becomes of a write.
    enum WriteResult { case done, blocked, lost }

    /// Writes what waits, through TLS where the connection has it, as much as the socket takes.
    mutating func write(at now: Instant, pool: inout BufferPool) -> WriteResult {
        guard let rare, let tls = rare.tls else { return Self.write(&output, self.descriptor, &bytesOut, now, &pool) }
        if !output.isEmpty, tls.isOpen || tls.isClosedByPeer {
            rare.encrypted.prepare(&pool)
            let isPatient = output.isPatient && rare.encrypted.isPatient
            do { try output.encrypt(with: tls, into: &rare.encrypted.bytes) } catch { return .lost }
            if isPatient { rare.encrypted.letWait() }
            output.release(to: &pool)
        }
        return Self.write(&rare.encrypted, descriptor, &bytesOut, now, &pool)
    }

    private static func write(
        _ queue: inout OutputQueue, _ descriptor: CInt, _ bytesOut: inout UInt64, _ now: Instant,
        _ pool: inout BufferPool
    ) -> WriteResult {
        var isLost = false
        while !queue.isEmpty {
            let before = queue.count
            queue.drain(at: now) { bytes in
                switch Socket.send(descriptor, bytes) {
                case .sent(let count): return count
                case .wouldBlock: return 0
                case .failed:
                    isLost = true
                    return 0
                }
            }
            let written = before - queue.count
            bytesOut &+= UInt64(written)
            if isLost { return .lost }
            if written == 0 { return .blocked }
        }
        queue.release(to: &pool)
        return .done
    }

    /// Decrypts received bytes; what the handshake must answer waits for the socket.
    mutating func decrypt(
        _ received: Span<UInt8>, _ tls: TLSSession, _ plaintext: inout [UInt8], _ pool: inout BufferPool
    ) throws(TLSError) {
        let rare = rareState()
        rare.encrypted.prepare(&pool)
        try tls.receive(received, plaintext: &plaintext, output: &rare.encrypted.bytes)
    }

    /// Whether a peer that says nothing more may still wait for something.
    var owesAnswer: Bool {
        switch phase {
        case .answering, .queueing: true
        case .http, .lingering: waitingBytes > 0 || wire.owesAnswers || !(rare?.unread.isEmpty ?? true)
        case .streaming: false
        case .webSocket, .closing: !holds.isEmpty && !(rare?.unread.isEmpty ?? true)
        }
    }

    /// Tells a TLS peer that nothing more will come.
    mutating func endEncryption(_ pool: inout BufferPool) {
        guard let rare, let tls = rare.tls else { return }
        rare.encrypted.prepare(&pool)
        tls.close(output: &rare.encrypted.bytes)
    }

    /// Bytes that wait for the socket.
    var waitingBytes: Int { output.count + (rare.map { $0.encrypted.count + $0.held.byteCount } ?? 0) }

    /// Keeps the most bytes that ever waited up to date.
    mutating func noteWaiting() { output.highWater = max(output.highWater, waitingBytes) }

    /// Whether more waits than `limit` bytes allow (C4), apart from what makes way for others.
    func isFull(_ limit: Int) -> Bool {
        guard let rare else { return output.exceeds(limit) }
        let held = rare.held.firmByteCount
        return output.exceeds(limit, with: held) || rare.encrypted.exceeds(limit, with: held + output.count)
    }

    /// Whether something has waited for longer than `age`.
    func isStuck(longerThan age: Duration, at now: Instant) -> Bool {
        if output.isOlder(than: age, at: now) { return true }
        guard let rare else { return false }
        return rare.encrypted.isOlder(than: age, at: now) || rare.held.isOlder(than: age, at: now)
    }

    /// Frees the part that only some connections have, where nothing is in it any more.
    mutating func dropRareState() { if let rare, rare.isEmpty { self.rare = nil } }

    /// The part that only some connections have, made at the first need.
    mutating func rareState() -> RareState {
        if let rare { return rare }
        let made = RareState()
        rare = made
        return made
    }
}

/// What only some connections have, and an idle plain one does not.
///
/// `@unchecked Sendable`: it belongs to one connection, which belongs to one loop at a time and travels through a
/// mailbox, so two threads never hold it.
final class RareState: @unchecked Sendable {
    /// The TLS session of a connection on a secure listener.
    var tls: TLSSession?
    /// Encrypted bytes that wait for the socket.
    var encrypted = OutputQueue()
    /// Input that arrived while the connection could not be read.
    var unread: [UInt8] = []
    /// Those who look at its frames.
    var taps: [TraceTap] = []
    /// What it reads the frames of another connection from.
    var source: TraceTap?
    /// What it was sent after its socket took no more.
    var held = HeldMessages()

    /// Whether a connection without it would be the same.
    var isEmpty: Bool {
        tls == nil && encrypted.isEmpty && unread.isEmpty && taps.isEmpty && source == nil && held.isEmpty
    }
}
