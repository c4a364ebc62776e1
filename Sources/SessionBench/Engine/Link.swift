import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// What every message of a connection touches.
struct Link: BitwiseCopyable {
    /// *idle* → *connecting* → *securing*? → *upgrading* → *greeting*? → *open* → *closing* → *ended*; every state may lead
    /// to *ended*, which may lead to *connecting* again. A plain HTTP connection is never *upgrading* nor *closing*.
    enum State: UInt8, BitwiseCopyable { case idle, connecting, securing, upgrading, greeting, open, closing, ended }

    /// The socket, -1 where there is none.
    var descriptor: Int32 = -1
    /// Counts the sockets, so that an event of one that is gone means nothing.
    var generation: UInt32 = 0
    var state = State.idle
    /// Whether it speaks plain HTTP and stays so.
    var isHTTP = false
    /// Whether received bytes go to the codec: a message is not complete, or the connection is compressed.
    var isInsideMessage = false
    /// Whether messages are compressed, so that the codec must write them too.
    var isCompressed = false
    /// Whether there is TLS.
    var isSecure = false
    /// Whether the socket took less than it was given, so that what follows must wait.
    var isBlocked = false
    /// Whether it reads slowly, so that its latencies say nothing about the server.
    var isSlow = false
    /// Whether a storm has cut it, and it is not back yet.
    var isAway = false
    /// Whether it reads when it may, and not when something is there.
    var isHeldBack = false
    /// How many requests have left, over all lives of the connection: the number of the next one.
    var sent: UInt64 = 0
    /// The number of the oldest request that no answer has come to nor behind.
    var expected: UInt64 = 0
    /// The requests that were planned and not answered.
    var queue = FlightQueue()

    /// What the poller tells an event by.
    func token(of index: Int) -> UInt64 { UInt64(generation) << 32 | UInt64(index) }
}

/// What a connection needs beside its messages.
struct Wire {
    /// The protocol: handshake, and whatever is not a plain message lying wholly in the input.
    var connection: Connection
    /// Reads what is no whole answer in the input; only on plain HTTP connections.
    var parser: HTTPMessageParser?
    var tls: TLSSession?
    /// Bytes that the socket did not take, from a place on.
    var backlog: [UInt8] = []
    var backlogStart = 0
    /// When the attempt began, and its present part.
    var startedAt = Instant.zero
    var phaseAt = Instant.zero
    /// How many of the target's addresses were tried, and why they did not do.
    var attempts = 0
    var errors: [SystemError] = []

    var backlogBytes: Int { backlog.count - backlogStart }
}
