package import SessionBase
package import SessionCodec

/// What the channels of one loop tell those of another.
package enum ChannelsParcel: Sendable {
    /// About a topic.
    case hub(HubParcel)
    /// To the owner of a channel: a maintenance notice, which is remembered and published in one step.
    case notice(NoticeOrder)
    /// From the owner: what became of the notice.
    case noticed(ticket: UInt64, offset: UInt64, delivered: Int)
    /// To the owner of a report: what a connection asks about it.
    case report(ReportQuestion)
    /// From the owner: the answer.
    case reported(ReportAnswer)
    /// To every loop: what one wants to know of all.
    case question(number: UInt64, ChannelsQuestion)
    /// Back to that one.
    case answer(number: UInt64, ChannelsAnswer)
}

/// A maintenance notice on its way to the owner of its channel.
package struct NoticeOrder: Sendable {
    let channel: String
    let message: ProducerMessage
    let except: ConnectionAddress?
    /// The publishing loop's number for it.
    let ticket: UInt64
}

/// What a connection asks about its report.
package struct ReportQuestion: Sendable {
    enum Wish: Sendable { case update, cancel(reason: String?) }

    let report: String
    let wish: Wish
    let asker: ConnectionAddress
    let tag: MessageTag?
    let caller: ChannelCaller
}

/// What the owner of a report says to a connection.
package struct ReportAnswer: Sendable {
    let connection: ConnectionID
    let tag: MessageTag?
    let messages: [ChannelsServerMessage]
    /// Whether the connection waited for it, and may go on.
    let isAwaited: Bool
}

/// What one loop wants to know of all loops, or wants done by all.
package enum ChannelsQuestion: Sendable {
    /// Sends a frame to all connections of a user, and counts them.
    case sendToUser(String, ProducerMessage)
    /// Sends a frame to a connection, and counts it.
    case sendToConnection(ConnectionName, ProducerMessage)
    /// Looks for connections.
    case find([ConnectionName])
    /// Describes all connections.
    case connections
    /// Lists the topics that a loop owns.
    case channels(prefix: String)
    /// Describes the connections that are subscribed to a channel.
    case members(String)
}

/// What a loop answers.
package enum ChannelsAnswer: Sendable {
    case count(Int)
    case found([ConnectionName: ConnectionID])
    case connections([ChannelsConnection])
    case channels([(topic: String, subscribers: Int)])
}

/// What a question to all loops is for.
enum ChannelsPurpose: Sendable {
    /// An HTTP request wants to know how many got its message; the name is that of a connection that must be there.
    case delivery(RequestTicket, isToOne: Bool)
    /// Broadcasts, in this order, leave out connections that are on other loops.
    case exclusions([BroadcastOrder])
    /// An HTTP request wants a list.
    case connections(RequestTicket)
    case channels(RequestTicket)
    case adminChannels(RequestTicket, after: String?, limit: Int)
    case presence(RequestTicket, channel: String)
}

/// A producer's message for a channel, until somebody knows where the connection is that it leaves out.
struct BroadcastOrder: Sendable {
    let channel: String
    let message: ProducerMessage
    /// Who does not get it.
    let excluded: ConnectionName?
    let asker: PublicationAsker
}
