import SessionBase
import SessionCodec

/// Rooms: who joins, who may, who leaves (PROTOCOLS 4-7 to 4-9).
extension LockersMachine {
    /// Joins a room; whoever is in it gets the same answer again, with `since` from another place.
    mutating func join(
        _ connection: ConnectionID, _ room: String, since: TopicSince?, _ tag: MessageTag?, at moment: Moment,
        effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        let topic = LockersTopic.name(connections[slot].namespace, room)
        guard RoomAccess.allows(connections[slot].identity, room, configuration) else {
            let isAnonymous = connections[slot].isAnonymous
            return refuse(
                isAnonymous ? .authRequired : .forbidden,
                isAnonymous ? "Joining a room needs a session" : "This session may not join the room", tag,
                from: connection, at: moment, effects: &effects)
        }
        let isMember = hub.isSubscribed(connection, to: topic)
        guard isMember || roomCount(of: connection) < configuration.roomsMax else {
            let sentence = "A connection is in at most \(configuration.roomsMax) rooms; leave one first"
            return refuse(.roomLimit, sentence, tag, from: connection, at: moment, effects: &effects)
        }
        guard !isMember || since != nil else {
            return reply(.roomJoined(room), tag, to: connection, at: moment, effects: &effects)
        }
        connections[slot].tag = tag
        connections[slot].awaitedRoom = room
        subscribe(connection, room: room, since: since, at: moment, effects: &effects)
    }

    /// Leaves a room; whoever is not in it gets the same answer.
    mutating func leave(
        _ connection: ConnectionID, _ room: String, _ tag: MessageTag?, at moment: Moment, effects: inout Effects
    ) {
        let topic = LockersTopic.name(connections[Int(connection.slot)].namespace, room)
        // Nothing to leave is what was wanted, too.
        _ = hub.unsubscribe(connection, from: topic, at: moment, effects: &effects)
        followHub(at: moment, effects: &effects)
        reply(.roomLeft(room), tag, to: connection, at: moment, effects: &effects)
    }

    /// Confirms a room whose owner has answered, unless the session opens it no more.
    ///
    /// - Returns: Whether the connection is in the room.
    mutating func joined(
        _ connection: ConnectionID, _ room: String, _ answer: SubscriptionAnswer, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        let slot = Int(connection.slot)
        let tag = connections[slot].tag
        (connections[slot].tag, connections[slot].awaitedRoom) = (nil, nil)
        guard RoomAccess.allows(connections[slot].identity, room, configuration) else {
            _ = hub.unsubscribe(connection, from: answer.topic, at: moment, effects: &effects)
            refuse(
                .forbidden, "This session may not join the room", tag, from: connection, at: moment, effects: &effects)
            return false
        }
        let isPositioned = answer.answer.position != nil || answer.answer.isRecovered != nil
        let message = LockersServerMessage.roomJoined(room, answer: isPositioned ? answer.answer : nil)
        reply(message, tag, to: connection, at: moment, effects: &effects)
        return true
    }

    /// Takes a connection out of the rooms that its session, as it is now, does not open any more. A room whose owner is
    /// being asked is judged when that answers: until then the connection is held.
    mutating func leaveForbiddenRooms(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let (identity, awaited) = (
            connections[Int(connection.slot)].identity, connections[Int(connection.slot)].awaitedRoom
        )
        for room in rooms(of: connection) where room != awaited && !RoomAccess.allows(identity, room, configuration) {
            leave(connection, room, nil, at: moment, effects: &effects)
        }
    }

    /// The rooms of a connection, in the order in which it joined.
    func rooms(of connection: ConnectionID) -> [String] { hub.topics(of: connection).compactMap(LockersTopic.room) }

    /// How many rooms a connection is in: its topics but for the namespace.
    private func roomCount(of connection: ConnectionID) -> Int { hub.subscriptionCount(of: connection) - 1 }
}
