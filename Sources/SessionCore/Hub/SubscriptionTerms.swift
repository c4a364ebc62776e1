package import SessionBase
package import SessionCodec

/// What a connection wants of a topic.
package struct SubscriptionTerms: Equatable, Sendable {
    /// How its messages reach a subscriber.
    package enum Delivery: UInt8, Sendable {
        /// By the driver, as a member of a group: no work for each subscriber.
        case group
        /// By the machine, which is handed every message (``HubEvent/heard(_:)``): filters, intervals.
        case own
    }

    /// How its messages reach it.
    package var delivery = Delivery.group
    /// From where on it wants them, and thereby every message with its offset; `nil` where it gets what the seeds describe:
    /// what comes from now on, without positions.
    package var since: TopicSince?
    /// What the topic keeps, as the rule says now; `nil` where it keeps nothing, and then there are no positions either.
    package var history: HistoryPolicy?
    /// Whether the machine at the owner adds something to the answer (``HubEvent/subscribing(_:)``).
    package var wantsSnapshot = false
    /// What the machine at the owner needs to know for that.
    package var detail: [UInt8] = []
    /// Whether a connection that is subscribed already is subscribed anew, with these terms, a new answer and snapshot.
    package var renews = false

    /// What a client of a seed wants.
    package init() {}
}

/// A connection of one of the node's loops.
package struct ConnectionAddress: Hashable, Sendable {
    /// Its loop.
    package var loop: Int
    /// What that loop calls it.
    package var connection: ConnectionID

    /// Names a connection.
    package init(loop: Int, connection: ConnectionID) {
        self.loop = loop
        self.connection = connection
    }
}

/// What the owner of a topic is asked by the loop of a connection that wants it.
package struct SubscriptionRequest: Equatable, Sendable {
    /// The asking loop's number for it.
    package var number: UInt64
    /// Who wants the topic.
    package var subscriber: ConnectionAddress
    /// Which one.
    package var topic: String
    /// What the machine gave to ``Hub/subscribe(_:to:_:note:at:effects:)``.
    package var note: UInt64
    /// On which terms.
    package var terms: SubscriptionTerms
}

/// The owner's answer to a subscriber; from its position on the subscriber gets everything.
package struct SubscriptionAnswer: Equatable, Sendable {
    /// Who wanted the topic.
    package var connection: ConnectionID
    /// Which one.
    package var topic: String
    /// What the machine gave to ``Hub/subscribe(_:to:_:note:at:effects:)``.
    package var note: UInt64
    /// Where the topic was when the subscription began: no position where the subscriber did not ask for positions, or the
    /// topic has none; and whether it gets all that it missed. Never partial: without that, ``missed`` is empty.
    package var answer: TopicAnswer
    /// What it missed, oldest first, to be sent after the reply and before anything else.
    package var missed: [TopicMessage]
    /// What the machine at the owner added.
    package var snapshot: [[UInt8]]
}
