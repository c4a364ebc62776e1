import SessionBase
import SessionCodec
import SessionIO

/// What the connections of a run say, and what the answers must be.
///
/// The engine owns sockets, frames, times and counts; a workload owns words. It is a generic parameter of the engine, so
/// that its methods are part of the engine's own loops. Connections carry the worker's own numbers, 0 up to the share's
/// connections; ``WorkerShare/globalNumber(_:)`` makes them different in the whole run.
protocol Workload: ~Copyable {
    /// Subprotocols that handshakes offer.
    var subprotocols: [String] { get }

    /// The subprotocol without which the server cannot answer; `nil` where every server can.
    var requiredSubprotocol: String? { get }

    /// Whether a request is a whole connection: opened, counted as answered with its 101, closed.
    static var isCycling: Bool { get }

    /// How many sockets one turn reads at most, before requests that are due leave.
    static var eventsPerTurn: Int { get }

    /// What only this connection's handshake has: another target than its endpoint's, and further header fields.
    func handshake(of connection: Int) -> HandshakePart

    /// The messages that each connection begins with, plain; none where it only listens at first, and `nil` where it takes
    /// part at once.
    ///
    /// Otherwise the connection takes part in the load once ``greeted(by:kind:on:)`` has found the answer.
    mutating func greeting(of connection: Int) -> [Greeting]?

    /// Looks at a message that came before the connection takes part.
    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer

    /// Appends the frame of a request.
    ///
    /// - Parameters:
    ///   - sequence: How many requests of this connection came before, over all its lives.
    ///   - connection: Whose request it is.
    ///   - frames: Has room for ``requestBytesMax``.
    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer)

    /// The longest frame of a request.
    var requestBytesMax: Int { get }

    /// Tells what a message is the answer to, and whether it says what it must.
    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement

    // MARK: Conversations

    /// Whether a request is more than one message and its answer on one connection: then ``begin(_:on:_:_:)`` and the
    /// methods behind it are called in place of ``request(_:on:into:)`` and ``judge(_:kind:on:)``, and the workload keeps
    /// its requests itself.
    static var isConversing: Bool { get }

    /// How many requests are under way, and how many messages are still to come that were told to others.
    var underWay: Int { get }

    /// Looks at a message that came before the connection takes part, where it may be about requests too.
    mutating func greeted(
        by message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) -> GreetingAnswer

    /// How many messages are still to come at the end that are no part of any request.
    var owed: Int { get }

    /// Begins what a plain HTTP connection says before it takes part.
    ///
    /// - Returns: Whether there is anything; ``introduced(by:_:on:_:)`` then finds the end of it.
    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool

    /// Looks at an answer that came before a plain HTTP connection takes part, and may go on.
    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer

    /// Begins a request: writes its first message.
    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder)

    /// Handles a message of a WebSocket.
    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder)

    /// Handles an answer of a plain HTTP connection.
    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder)

    /// Gives up what a connection that is gone had to do with; writes nothing, for it may come while others are sent to.
    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder)

    /// Gives up the requests that left before a time.
    mutating func expire(before: Instant, _ desk: inout Desk, _ recorder: inout Recorder)

    /// Does what is due by the clock; called every 10 ms.
    mutating func tick(_ desk: inout Desk, _ recorder: inout Recorder)

    /// Says what is to be said once no request begins any more.
    mutating func conclude(_ desk: inout Desk, _ recorder: inout Recorder)

    /// Records what is known only once nothing more is waited for.
    func settle(_ recorder: inout Recorder)
}

/// A message of a connection that does not take part yet.
typealias Greeting = (kind: MessageKind, payload: [UInt8])

/// What only one connection's handshake has.
struct HandshakePart {
    /// Path and query; `nil` for the endpoint's.
    var target: String?
    /// Header fields beside those of the plan.
    var fields: [HeaderField] = []
}

/// What a message is to the engine.
enum Judgement {
    /// The answer to the request with this number, as it must be or not.
    case reply(UInt64, isRight: Bool)
    /// An answer that does not say to what: the oldest request's.
    case oldest(isRight: Bool)
    /// Nobody asked for it.
    case push
}

/// What a message is to a connection that has not been greeted.
enum GreetingAnswer {
    /// The answer; the connection takes part.
    case welcome
    /// Something else; the answer is still to come.
    case other
    /// One of several answers, or what the workload has dealt with; others are still to come.
    case part
    /// A refusal, in one clause.
    case refusal(String)
}

extension Workload where Self: ~Copyable {
    static var isCycling: Bool { false }
    static var eventsPerTurn: Int { Poller.eventsMax }
    var subprotocols: [String] { [] }
    var requiredSubprotocol: String? { nil }
    func handshake(of connection: Int) -> HandshakePart { HandshakePart() }
    mutating func greeting(of connection: Int) -> [Greeting]? { nil }
    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer { .other }

    static var isConversing: Bool { false }
    var underWay: Int { 0 }
    var owed: Int { 0 }
    mutating func greeted(
        by message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) -> GreetingAnswer { greeted(by: message, kind: kind, on: connection) }
    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool { false }
    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer { .other }
    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {}
    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {}
    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {}
    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {}
    mutating func expire(before: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {}
    mutating func tick(_ desk: inout Desk, _ recorder: inout Recorder) {}
    mutating func conclude(_ desk: inout Desk, _ recorder: inout Recorder) {}
    func settle(_ recorder: inout Recorder) {}
}
