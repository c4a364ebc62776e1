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
    ///
    /// Whoever is subscribed anew hears as before until then, for what is under way to it would be lost otherwise. Only
    /// where a snapshot is wanted it hears nothing meanwhile: the snapshot holds what was under way.
    package mutating func subscribe(
        _ connection: ConnectionID, to topic: String, _ terms: SubscriptionTerms, note: UInt64, at moment: Moment,
        effects: inout Effects
    ) -> SubscribeAction {
        let slot = slot(of: topic, at: moment)
        let before = subscription(of: connection, slot)
        if before == nil {
            subscriptions[connection, default: []].append(Subscription(slot: slot))
        } else if !terms.renews {
            return .already
        }
        if terms.wantsSnapshot { setForm(nil, of: connection, slot, &effects) }
        lastRequest += 1
        let number = lastRequest
        let isHeard = subscription(of: connection, slot)?.form != nil
        setAwaited(number, of: connection, slot)
        requests[number] = Request(
            connection: connection, slot: slot, note: note, delivery: terms.delivery,
            heard: isHeard ? topics[slot: slot].heard : nil)
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
        if let before { tellOwner(topic, before.awaited, at: moment, effects: &effects) }
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
        guard let slot = slots[topic], let before = subscription(of: connection, slot), before.awaited == nil else {
            return false
        }
        setForm(Self.form(delivery, isPositioned: before.isPositioned), of: connection, slot, &effects)
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
        let (connection, slot) = (request.connection, request.slot)
        switch answer {
        case .granted(let grant):
            setAwaited(nil, of: connection, slot)
            let form = Self.form(request.delivery, isPositioned: grant.answer.position != nil)
            setForm(form, of: connection, slot, &effects)
            topics[slot: slot].heard = grant.offset
            emit(
                .subscribed(
                    SubscriptionAnswer(
                        connection: connection, topic: topic, note: request.note, answer: grant.answer,
                        missed: request.missed(of: grant), snapshot: grant.snapshot)))
        case .refused(let reason):
            drop(connection, slot, &effects)
            settle(slot)
            emit(.refused(connection, topic: topic, note: request.note, reason: reason))
        }
    }

    private static func form(_ delivery: SubscriptionTerms.Delivery, isPositioned: Bool) -> Subscription.Form {
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
        drop(connection, subscription.slot, &effects)
        tellOwner(topics[slot: subscription.slot].name, subscription.awaited, at: moment, effects: &effects)
        settle(subscription.slot)
    }

    /// Tells the owner that a subscription is over, or the one that it was to become; of what that took the place of it
    /// knows already.
    private mutating func tellOwner(
        _ topic: String, _ awaited: UInt64?, at moment: Moment, effects: inout Effects
    ) {
        guard let number = awaited else { return tellLeave(topic, at: moment, effects: &effects) }
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

    // MARK: Books

    /// Which of a connection's subscriptions is the one to a topic, which it has.
    private func place(of connection: ConnectionID, _ slot: UInt32) -> Int {
        guard let place = subscriptions[connection]?.firstIndex(where: { $0.slot == slot }) else {
            preconditionFailure("a subscription that its connection does not have")
        }
        return place
    }

    /// Has a connection hear a topic in this form from the next message on; `nil` for not at all.
    private mutating func setForm(
        _ form: Subscription.Form?, of connection: ConnectionID, _ slot: UInt32, _ effects: inout Effects
    ) {
        let place = place(of: connection, slot)
        let before = subscriptions[connection]?[place].form
        guard form != before else { return }
        subscriptions[connection]?[place].form = form
        switch before {
        case .plain:
            topics[slot: slot].plainCount -= 1
            effects.leave(connection, plainGroup(slot))
        case .positioned:
            topics[slot: slot].positionedCount -= 1
            effects.leave(connection, positionedGroup(slot))
        case .own: topics[slot: slot].own.remove(connection)
        case nil: break
        }
        switch form {
        case .plain:
            topics[slot: slot].plainCount += 1
            effects.join(connection, plainGroup(slot))
        case .positioned:
            topics[slot: slot].positionedCount += 1
            effects.join(connection, positionedGroup(slot))
        case .own: topics[slot: slot].own.append(connection)
        case nil: break
        }
    }

    /// Has a subscription wait for the answer to a request; `nil` for none.
    private mutating func setAwaited(_ number: UInt64?, of connection: ConnectionID, _ slot: UInt32) {
        let place = place(of: connection, slot)
        if let before = subscriptions[connection]?[place].awaited {
            requests[before] = nil
            topics[slot: slot].waitingCount -= 1
        }
        if number != nil { topics[slot: slot].waitingCount += 1 }
        subscriptions[connection]?[place].awaited = number
    }

    /// Takes a subscription out of this loop's books.
    private mutating func drop(_ connection: ConnectionID, _ slot: UInt32, _ effects: inout Effects) {
        setForm(nil, of: connection, slot, &effects)
        setAwaited(nil, of: connection, slot)
        let place = place(of: connection, slot)
        subscriptions[connection]?.remove(at: place)
        if subscriptions[connection]?.isEmpty == true { subscriptions[connection] = nil }
    }
}
