package import SessionBase

/// What a ``Hub`` tells its machine, in the order in which it happened; to be taken after every call that may cause some.
package enum HubEvent: Equatable, Sendable {
    /// At the owner: somebody wants a topic with a snapshot. To be answered with ``Hub/grant(_:snapshot:at:effects:)`` or
    /// ``Hub/refuse(_:reason:at:effects:)``, at once or later; the subscription begins there.
    case subscribing(SubscriptionRequest)
    /// On the subscriber's loop: the reply, ``SubscriptionAnswer/missed`` and the snapshot are to be sent now; what is
    /// published from now on comes by itself.
    case subscribed(SubscriptionAnswer)
    /// On the subscriber's loop: the machine at the owner refused, for a reason of its own.
    case refused(ConnectionID, topic: String, note: UInt64, reason: UInt64)
    /// On the publisher's loop, where it gave a ticket: who got it.
    case published(PublicationOutcome)
    /// On each loop where subscribers of the topic have their own delivery: a message for them.
    case heard(HeardPublication)
    /// At the owner: the topic has its first subscriber on any loop.
    case occupied(String)
    /// At the owner: the topic has no subscriber on any loop any more.
    case vacated(String)
}
