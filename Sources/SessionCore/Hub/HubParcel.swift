package import SessionBase
import SessionCodec

/// What the hub of one loop tells that of another: the owner of a topic and the loops of its subscribers.
///
/// Between two loops parcels keep their order; everything that the hub promises rests on that alone.
package enum HubParcel: Sendable {
    /// To the owner: a connection wants a topic.
    case subscribe(SubscriptionRequest)
    /// To the owner: a connection that asked is gone, or does not want the topic any more. A request that was answered in
    /// the meantime is not meant: whoever gets that answer says ``leave(topic:)``.
    case withdraw(topic: String, number: UInt64)
    /// To the owner: one subscriber less.
    case leave(topic: String)
    /// From the owner: the answer to a request.
    case answer(number: UInt64, topic: String, HubAnswer)
    /// To the owner: a message for the subscribers; the time is the publisher's.
    case publish(topic: String, Publication, at: Timestamp)
    /// From the owner: the message with its number.
    case publication(HubDelivery)
    /// To the owner: how many subscribers of a loop got a message.
    case count(tally: UInt64, delivered: Int)
    /// From the owner: what became of a message.
    case outcome(PublicationOutcome)
}

/// The owner's answer, on its way.
package enum HubAnswer: Sendable {
    /// The subscription begins here.
    case granted(HubGrant)
    /// It does not, for a reason of the machine's.
    case refused(reason: UInt64)
}

/// What a new subscriber gets to know; see ``SubscriptionAnswer``.
package struct HubGrant: Sendable {
    /// The number of the last message before the subscription.
    var offset: UInt64
    var answer = TopicAnswer()
    var missed: [TopicMessage] = []
    var snapshot: [[UInt8]]
}

/// A publication that got its number, on its way to a loop with subscribers.
package struct HubDelivery: Sendable {
    /// Which topic's it is.
    package let topic: String
    var message: TopicMessage
    var except: ConnectionAddress?
    var policy: OverflowPolicy
    var detail: [UInt8]
    /// Under which number the owner waits for the count; `nil` where nobody asked.
    var tally: UInt64?
}
