/// What the hub of one loop tells that of another: the owner of a topic and the loops of its subscribers.
package enum HubParcel: Sendable {
    /// Nothing of this topic is wanted any more.
    case leave(topic: String)
}
