import SessionBase
import SessionCodec

/// What connections of a workload say and hear before they take part: the same for all loads on one service.
protocol ConversationOpening {
    /// Subprotocols that handshakes offer.
    var subprotocols: [String] { get }

    /// The messages that a WebSocket begins with, as ``Workload/greeting(of:)``.
    mutating func greeting(of connection: Int) -> [Greeting]?

    /// Looks at a message that came before a WebSocket takes part.
    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer

    /// Begins what a plain HTTP connection says before it takes part, as ``Workload/introduce(_:_:)``.
    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool

    /// Looks at an answer that came before a plain HTTP connection takes part.
    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer
}

extension ConversationOpening {
    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool { false }
    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer { .other }
}

/// A conversation that leaves all that comes before the load to its ``opening``.
protocol OpenedConversation: Conversation, ~Copyable {
    associatedtype Opening: ConversationOpening

    /// What connections say and hear before they take part.
    var opening: Opening { get set }
}

extension OpenedConversation where Self: ~Copyable {
    var subprotocols: [String] { opening.subprotocols }

    mutating func greeting(of connection: Int) -> [Greeting]? { opening.greeting(of: connection) }

    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        opening.greeted(by: message, kind: kind, on: connection)
    }

    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool { opening.introduce(connection, &desk) }

    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer { opening.introduced(by: reply, bytes, on: connection, &desk) }
}
