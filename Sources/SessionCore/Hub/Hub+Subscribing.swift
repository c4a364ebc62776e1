package import SessionBase
import SessionCodec

extension Hub {
    /// What comes of a wish to subscribe.
    package enum SubscribeAction: Equatable, Sendable {
        /// This loop owns the topic: the events that are there now lead to the answer.
        case asked
        /// Another loop owns the topic: its answer comes as a parcel.
        case waiting
        /// The connection is subscribed, or waits for the answer, and does not want to be subscribed anew.
        case already
    }

    /// Wants a topic for a connection; the answer comes as ``HubEvent/subscribed(_:)`` or
    /// ``HubEvent/refused(_:topic:note:reason:)``.
    package mutating func subscribe(
        _ connection: ConnectionID, to topic: String, _ terms: SubscriptionTerms, note: UInt64, at moment: Moment,
        effects: inout Effects
    ) -> SubscribeAction {
        let slot = slot(of: topic, at: moment)
        let before = subscription(of: connection, slot)
        if before != nil, !terms.renews { return .already }
        if let before { detach(connection, before, &effects) }
        lastRequest += 1
        let number = lastRequest
        requests[number] = Request(connection: connection, slot: slot, note: note, delivery: terms.delivery)
        subscriptions[connection, default: []].append(Subscription(slot: slot, state: .waiting(number: number)))
        topics[slot: slot].waitingCount += 1
        let request = SubscriptionRequest(
            number: number, subscriber: ConnectionAddress(loop: loop, connection: connection), topic: topic,
            note: note, terms: terms)
        let owner = topics[slot: slot].isOwned ? loop : owner(of: topic)
        if owner == loop {
            ask(request, at: moment, effects: &effects)
        } else {
            post(.subscribe(request), to: owner, &effects)
        }
        // Only now, so that a topic is not vacant in between.
        if let before { tellOwner(topic, before.state, at: moment, effects: &effects) }
        return owner == loop ? .asked : .waiting
    }

    /// Ends a subscription, answered or not; nothing more comes of it.
    ///
    /// - Returns: Whether there was one.
    package mutating func unsubscribe(
        _ connection: ConnectionID, from topic: String, at moment: Moment, effects: inout Effects
    ) -> Bool {
        guard let slot = slots[topic], let subscription = subscription(of: connection, slot) else { return false }
        end(connection, subscription, at: moment, effects: &effects)
        return true
    }

    /// Ends all subscriptions of a connection, which is gone.
    package mutating func leaveAll(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        for subscription in subscriptions[connection] ?? [] {
            end(connection, subscription, at: moment, effects: &effects)
        }
    }

    /// Changes how the messages of a subscription reach the connection, from the next one on.
    ///
    /// - Returns: Whether there is a subscription that is not waiting for its answer.
    package mutating func setDelivery(
        _ delivery: SubscriptionTerms.Delivery, of connection: ConnectionID, to topic: String, effects: inout Effects
    ) -> Bool {
        guard let slot = slots[topic], let before = subscription(of: connection, slot), !before.isWaiting else {
            return false
        }
        let state = Self.state(delivery, isPositioned: before.isPositioned)
        guard state != before.state else { return true }
        let place = detach(connection, before, &effects)
        attach(connection, slot, state, &effects, at: place)
        return true
    }

    /// Takes the owner's answer.
    mutating func accept(
        _ answer: HubAnswer, to number: UInt64, about topic: String, at moment: Moment, effects: inout Effects
    ) {
        guard let request = requests[number] else {
            // The connection is gone, or does not want it any more: the owner is told that its count is too high.
            if case .granted = answer { tellLeave(topic, at: moment, effects: &effects) }
            return
        }
        let waiting = Subscription(slot: request.slot, state: .waiting(number: number))
        detach(request.connection, waiting, &effects)
        switch answer {
        case .granted(let grant):
            let state = Self.state(request.delivery, isPositioned: grant.answer.position != nil)
            attach(request.connection, request.slot, state, &effects)
            emit(
                .subscribed(
                    SubscriptionAnswer(
                        connection: request.connection, topic: topic, note: request.note, answer: grant.answer,
                        missed: grant.missed, snapshot: grant.snapshot)))
        case .refused(let reason):
            settle(request.slot)
            emit(.refused(request.connection, topic: topic, note: request.note, reason: reason))
        }
    }

    private static func state(_ delivery: SubscriptionTerms.Delivery, isPositioned: Bool) -> Subscription.State {
        switch delivery {
        case .own: .own(isPositioned: isPositioned)
        case .group: isPositioned ? .positioned : .plain
        }
    }

    /// The subscription of a connection to a topic.
    func subscription(of connection: ConnectionID, _ slot: UInt32) -> Subscription? {
        subscriptions[connection]?.first { $0.slot == slot }
    }

    private mutating func end(
        _ connection: ConnectionID, _ subscription: Subscription, at moment: Moment, effects: inout Effects
    ) {
        detach(connection, subscription, &effects)
        tellOwner(topics[slot: subscription.slot].name, subscription.state, at: moment, effects: &effects)
        settle(subscription.slot)
    }

    /// Tells the owner that a subscription is over.
    private mutating func tellOwner(
        _ topic: String, _ state: Subscription.State, at moment: Moment, effects: inout Effects
    ) {
        guard case .waiting(let number) = state else { return tellLeave(topic, at: moment, effects: &effects) }
        let owner = owner(of: topic)
        if owner == loop {
            withdraw(RequestKey(loop: loop, number: number), at: moment)
        } else {
            post(.withdraw(topic: topic, number: number), to: owner, &effects)
        }
    }

    private mutating func tellLeave(_ topic: String, at moment: Moment, effects: inout Effects) {
        let owner = owner(of: topic)
        if owner == loop {
            left(topic, by: loop, at: moment)
        } else {
            post(.leave(topic: topic), to: owner, &effects)
        }
    }

    /// Adds a subscription that is answered.
    private mutating func attach(
        _ connection: ConnectionID, _ slot: UInt32, _ state: Subscription.State, _ effects: inout Effects,
        at place: Int? = nil
    ) {
        let subscription = Subscription(slot: slot, state: state)
        let end = subscriptions[connection]?.count ?? 0
        subscriptions[connection, default: []].insert(subscription, at: place ?? end)
        switch state {
        case .plain:
            topics[slot: slot].plainCount += 1
            effects.join(connection, plainGroup(slot))
        case .positioned:
            topics[slot: slot].positionedCount += 1
            effects.join(connection, positionedGroup(slot))
        case .own: topics[slot: slot].own.append(connection)
        case .waiting: preconditionFailure("attaching a subscription that waits")
        }
    }

    /// Takes a subscription out of this loop's books.
    ///
    /// - Returns: Which of the connection's it was.
    @discardableResult
    private mutating func detach(
        _ connection: ConnectionID, _ subscription: Subscription, _ effects: inout Effects
    ) -> Int {
        let slot = subscription.slot
        switch subscription.state {
        case .plain:
            topics[slot: slot].plainCount -= 1
            effects.leave(connection, plainGroup(slot))
        case .positioned:
            topics[slot: slot].positionedCount -= 1
            effects.leave(connection, positionedGroup(slot))
        case .own: topics[slot: slot].own.remove(connection)
        case .waiting(let number):
            topics[slot: slot].waitingCount -= 1
            requests[number] = nil
        }
        guard let place = subscriptions[connection]?.firstIndex(where: { $0.slot == slot }) else {
            preconditionFailure("a subscription that its connection does not have")
        }
        subscriptions[connection]?.remove(at: place)
        if subscriptions[connection]?.isEmpty == true { subscriptions[connection] = nil }
        return place
    }
}
