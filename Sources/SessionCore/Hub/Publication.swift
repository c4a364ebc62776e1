package import SessionBase
import SessionCodec

/// A message on its way to the subscribers of a topic.
package struct Publication: Equatable, Sendable {
    /// The message as one JSON object with fields, without a position: what a client of a seed gets.
    package var message: [UInt8]
    /// A subscriber that does not get it, on whichever loop.
    package var except: ConnectionAddress?
    /// What becomes of it for those who do not read.
    package var policy: OverflowPolicy
    /// What the topic keeps, as the rule says now; `nil` where it keeps nothing.
    package var history: HistoryPolicy?
    /// What subscribers with their own delivery are served from, such as a row; not kept.
    package var detail: [UInt8] = []
    /// What ``HubEvent/published(_:)`` carries, where the machine wants to know who got it; `nil` where not.
    package var ticket: UInt64?

    /// Describes a message.
    package init(_ message: [UInt8], policy: OverflowPolicy = .disconnect, history: HistoryPolicy? = nil) {
        self.message = message
        self.policy = policy
        self.history = history
    }
}

/// A message with its place in the sequence of a topic.
package struct TopicMessage: Equatable, Sendable {
    /// Its number.
    package var offset: UInt64
    /// The message as one JSON object, without the number.
    package var message: [UInt8]

    /// Appends the message as subscribers with positions get it: with a last field `offset`.
    package func append(to bytes: inout [UInt8]) {
        PositionedFrame.append(message.span, offset: offset, to: &bytes)
    }
}

/// What became of a publication.
package struct PublicationOutcome: Equatable, Sendable {
    /// What the machine gave with it.
    package var ticket: UInt64
    /// The topic.
    package var topic: String
    /// Its number in the topic's sequence.
    package var offset: UInt64
    /// To how many subscribers of all loops it was handed; the one that was left out is not among them.
    package var delivered: Int
}

/// A publication for the subscribers of a loop that the machine serves itself.
package struct HeardPublication: Equatable, Sendable {
    /// The topic.
    package var topic: String
    /// The message and its number.
    package var message: TopicMessage
    /// What the publisher gave for this purpose.
    package var detail: [UInt8]
    /// What becomes of it for those who do not read.
    package var policy: OverflowPolicy
    /// The subscribers, in the order in which they came; the one that is left out is not among them.
    package var subscribers: [ConnectionID]
}
