import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Topics whose owner, subscribers and publishers are on different loops.
@Suite struct HubLoopsTests {
    private let ada = HubNetwork.connection(1, on: 0)
    private let bob = HubNetwork.connection(1, on: 1)
    private let cleo = HubNetwork.connection(1, on: 2)

    @Test func `the owner on another loop answers`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        #expect(network.subscribe(ada, topic) == .waiting)
        #expect(network.hubs[0].isWaiting(ada.connection))
        #expect(network.heard.isEmpty)
        network.settle()
        #expect(!network.hubs[0].isWaiting(ada.connection))
        #expect(network.heard[ada] == [.subscribed(topic, TopicAnswer())])
        #expect(network.occupation == ["+" + topic])
    }

    @Test func `subscribers of all loops hear all publishers in the same order`() {
        var network = HubNetwork(loops: 3)
        let topic = network.topic(ownedBy: 2)
        for connection in [ada, bob, cleo] { network.subscribe(connection, topic) }
        network.settle()
        network.publish("from 0", to: topic, on: 0)
        network.publish("from 2", to: topic, on: 2)
        network.publish("from 1", to: topic, on: 1)
        network.settle()
        let order: [HubNetwork.Heard] = [
            .subscribed(topic, TopicAnswer()), .message(#"{"m":"from 2"}"#), .message(#"{"m":"from 0"}"#),
            .message(#"{"m":"from 1"}"#),
        ]
        for connection in [ada, bob, cleo] { #expect(network.heard[connection] == order) }
    }

    @Test func `a loop gets a message once however many of its connections hear it`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 0)
        for number in 1...20 { network.subscribe(HubNetwork.connection(UInt32(number), on: 1), topic) }
        network.settle()
        network.publish("one", to: topic)
        #expect(network.mail[0][1].count == 1)
    }

    @Test func `a loop without subscribers gets nothing`() {
        var network = HubNetwork(loops: 3)
        let topic = network.topic(ownedBy: 0)
        network.subscribe(bob, topic)
        network.settle()
        network.unsubscribe(bob, topic)
        network.settle()
        network.publish("one", to: topic)
        #expect(network.routes.isEmpty)
    }

    @Test func `the count is that of all loops at the time when each got the message`() {
        var network = HubNetwork(loops: 3)
        let topic = network.topic(ownedBy: 1)
        for connection in [ada, bob, cleo, HubNetwork.connection(2, on: 2)] { network.subscribe(connection, topic) }
        network.settle()
        network.publish("one", to: topic, on: 0, ticket: 5)
        network.deliver(from: 0, to: 1)
        network.close(cleo)
        network.settle()
        #expect(network.outcomes == [HubNetwork.Outcome(ticket: 5, topic: topic, offset: 1, delivered: 3)])
        #expect(network.heard[cleo] == [.subscribed(topic, TopicAnswer())])
    }

    @Test func `somebody on any loop can be left out`() {
        var network = HubNetwork(loops: 3)
        let topic = network.topic(ownedBy: 1)
        let twin = HubNetwork.connection(1, on: 2)
        for connection in [ada, bob, twin] { network.subscribe(connection, topic) }
        network.settle()
        network.publish("one", to: topic, on: 0, ticket: 5) { $0.except = twin }
        network.settle()
        #expect(network.outcomes.map(\.delivered) == [2])
        #expect(network.heard[twin] == [.subscribed(topic, TopicAnswer())])
        #expect(network.heard[ada]?.count == 2, "it has the same slot on its loop")
    }

    @Test func `what is under way when somebody subscribes is neither missed nor doubled`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        let other = HubNetwork.connection(2, on: 0)
        network.subscribe(other, topic, since: .now, keeping: 9)
        network.settle()
        network.publish("1", to: topic, on: 1, keeping: 9)
        network.subscribe(ada, topic, since: .now, keeping: 9)
        network.deliver(from: 0, to: 1)
        network.publish("2", to: topic, on: 1, keeping: 9)
        network.settle()
        let position = TopicPosition(epoch: network.hubs[1].position(of: topic)!.epoch, offset: 1)
        #expect(
            network.heard[ada] == [
                .subscribed(topic, TopicAnswer(position: position)), .message(#"{"m":"2","offset":2}"#),
            ])
    }

    // MARK: Subscribing anew

    /// Ada hears a topic of loop 1 from offset 1 on, message 2 is under way to her, and 3 comes when the owner has answered.
    private func renewed(
        from since: TopicSince, _ first: TopicSince? = .now, keeping: Int = 9,
        _ between: (inout HubNetwork) -> Void = { _ in }
    ) -> (network: HubNetwork, topic: String) {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic, since: first, keeping: keeping)
        network.settle()
        network.publish("1", to: topic, on: 1, keeping: keeping)
        network.settle()
        network.publish("2", to: topic, on: 1, keeping: keeping)
        network.heard[ada] = []
        let epoch = network.hubs[1].position(of: topic)?.epoch ?? ""
        var since = since
        if case .position(let place) = since { since = .position(TopicPosition(epoch: epoch, offset: place.offset)) }
        network.subscribe(ada, topic, since: since, keeping: keeping) { $0.renews = true }
        between(&network)
        network.deliver(from: 0, to: 1)
        network.publish("3", to: topic, on: 1, keeping: keeping)
        network.settle()
        return (network, topic)
    }

    /// The numbers of the messages that Ada heard, with a line where she was answered.
    private func story(_ network: HubNetwork) -> [String] {
        (network.heard[ada] ?? []).map {
            switch $0 {
            case .message(let text), .own(let text): String(text.dropFirst(6).prefix { $0 != "\"" })
            case .subscribed(_, let answer):
                "\(answer.position.map { "at \($0.offset)" } ?? "nowhere")\(answer.isRecovered == false ? ", not recovered" : "")"
            case .granted, .refused, .snapshot: "?"
            }
        }
    }

    private func place(_ offset: UInt64) -> TopicSince { .position(TopicPosition(epoch: "", offset: offset)) }

    @Test func `what is under way to somebody who subscribes anew is neither lost nor told twice`() {
        #expect(story(renewed(from: .now).network) == ["2", "at 2", "3"])
        #expect(story(renewed(from: place(1)).network) == ["2", "at 2", "3"], "she is where she says")
        #expect(story(renewed(from: .now, nil).network) == ["2", "at 2", "3"], "without positions before")
    }

    @Test func `who names an older place hears everything from there once more`() {
        #expect(story(renewed(from: place(0)).network) == ["2", "at 2", "1", "2", "3"])
    }

    @Test func `nothing under way is lost where nothing can be recovered`() {
        #expect(story(renewed(from: place(7)).network) == ["2", "at 2, not recovered", "3"])
        #expect(story(renewed(from: place(0), keeping: 0).network) == ["2", "nowhere, not recovered", "3"])
    }

    @Test func `who subscribes anew twice is answered once and counted once`() {
        var (network, topic) = renewed(from: .now) { network in
            let topic = network.topic(ownedBy: 1)
            network.subscribe(ada, topic, since: .now, keeping: 9) { $0.renews = true }
        }
        #expect(story(network) == ["2", "3", "at 3"], "the answer to the first one is nobody's")
        #expect(network.hubs[1].subscriberCount(of: topic) == 1)
        network.publish("4", to: topic, on: 0, keeping: 9, ticket: 1)
        network.settle()
        #expect(story(network).last == "4" && network.outcomes.map(\.delivered) == [1])
        #expect(network.occupation == ["+" + topic])
    }

    @Test func `who leaves while waiting to be subscribed anew hears nothing more and is not counted`() {
        let (network, topic) = renewed(from: .now) { network in
            let topic = network.topic(ownedBy: 1)
            #expect(network.hubs[0].isWaiting(ada.connection) && network.hubs[0].localCount(of: topic) == 1)
            network.unsubscribe(ada, topic)
        }
        #expect(story(network) == [])
        #expect(network.hubs.map { $0.subscriberCount(of: topic) } == [0, 0])
        #expect(network.groups[0].isEmpty && network.occupation == ["+" + topic, "-" + topic])
    }

    @Test func `a message that leaves somebody out does so while that one subscribes anew`() {
        var (network, topic) = renewed(from: .now)
        network.subscribe(ada, topic, since: .now, keeping: 9) { $0.renews = true }
        network.publish("4", to: topic, on: 1, keeping: 9, ticket: 1) { $0.except = ada }
        network.settle()
        #expect(story(network) == ["2", "at 2", "3", "at 4"])
        #expect(network.outcomes.map(\.delivered) == [0])
    }

    @Test func `a snapshot shows what is under way, which does not come besides`() {
        var (network, topic) = renewed(from: .now)
        network.publish("4", to: topic, on: 1, keeping: 9)
        network.subscribe(ada, topic, since: .now, keeping: 9) {
            $0.renews = true
            $0.wantsSnapshot = true
        }
        network.settle()
        #expect(story(network) == ["2", "at 2", "3", "at 4", "?"])
    }

    @Test func `a connection that died before the answer came leaves no trace`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic)
        network.deliver(from: 0, to: 1)
        network.close(ada)
        network.settle()
        #expect(network.heard.isEmpty)
        #expect(network.hubs.map(\.topicCount) == [0, 0])
        #expect(network.occupation == ["+" + topic, "-" + topic])
        #expect(network.groups[0].isEmpty)
    }

    @Test func `a connection that died before the owner heard of it leaves no trace`() {
        var network = HubNetwork(loops: 2)
        network.grantsAtOnce = false
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic) { $0.wantsSnapshot = true }
        network.close(ada)
        network.settle()
        #expect(network.hubs.map(\.topicCount) == [0, 0])
        #expect(network.occupation.isEmpty)
    }

    @Test func `a withdrawn request is refused in vain`() {
        var network = HubNetwork(loops: 2)
        network.grantsAtOnce = false
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic) { $0.wantsSnapshot = true }
        network.settle()
        network.unsubscribe(ada, topic)
        network.refuse()
        network.settle()
        #expect(network.heard.isEmpty)
        #expect(network.hubs.map(\.topicCount) == [0, 0])
    }

    @Test func `the answer to a withdrawn request is not taken for that to the next one`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic)
        network.deliver(from: 0, to: 1)
        network.unsubscribe(ada, topic)
        network.subscribe(ada, topic, since: .now, keeping: 5)
        network.settle()
        let position = network.hubs[1].position(of: topic)
        #expect(network.heard[ada] == [.subscribed(topic, TopicAnswer(position: position))])
        #expect(network.hubs[1].subscriberCount(of: topic) == 1)
        #expect(network.occupation == ["+" + topic])
    }

    @Test func `a message for a loop whose last subscriber has just left is dropped`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 0)
        network.subscribe(bob, topic)
        network.settle()
        network.publish("one", to: topic, ticket: 3)
        network.unsubscribe(bob, topic)
        network.settle()
        #expect(network.heard[bob] == [.subscribed(topic, TopicAnswer())])
        #expect(network.outcomes.map(\.delivered) == [0])
        #expect(network.hubs.map(\.topicCount) == [0, 0])
    }

    @Test func `a message for those before is not heard by who subscribes to the same topic again`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 0)
        network.subscribe(bob, topic, since: .now, keeping: 5)
        network.settle()
        network.publish("one", to: topic, keeping: 5)
        network.unsubscribe(bob, topic)
        network.subscribe(bob, topic, since: .now, keeping: 5)
        network.settle()
        let position = network.hubs[0].position(of: topic)
        #expect(network.heard[bob]?.dropFirst() == [.subscribed(topic, TopicAnswer(position: position))])
        #expect(position?.offset == 1)
    }

    @Test func `what was missed comes from the owner on another loop`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 1)
        network.subscribe(ada, topic, since: .now, keeping: 5)
        network.settle()
        let start = network.hubs[1].position(of: topic)!
        network.close(ada)
        for number in 1...3 { network.publish("\(number)", to: topic, on: 0, keeping: 5) }
        network.settle()
        network.subscribe(ada, topic, since: .position(start), keeping: 5)
        network.settle()
        #expect(
            network.heard[ada]?.suffix(3) == [
                .message(#"{"m":"1","offset":1}"#), .message(#"{"m":"2","offset":2}"#),
                .message(#"{"m":"3","offset":3}"#),
            ])
    }

    @Test func `a topic is occupied while any loop has a subscriber`() {
        var network = HubNetwork(loops: 3)
        let topic = network.topic(ownedBy: 2)
        for connection in [ada, bob] { network.subscribe(connection, topic) }
        network.settle()
        network.close(ada)
        network.settle()
        #expect(network.occupation == ["+" + topic])
        #expect(network.hubs[2].topicList().map(\.subscribers) == [1])
        network.close(bob)
        network.settle()
        #expect(network.occupation == ["+" + topic, "-" + topic])
    }

    @Test func `times that go back between loops lose nothing`() {
        var network = HubNetwork(loops: 2)
        let topic = network.topic(ownedBy: 0)
        network.subscribe(ada, topic, since: .now, keeping: 9)
        network.wait(.milliseconds(10))
        network.publish("1", to: topic, on: 1, keeping: 9)
        network.wait(.milliseconds(10))
        network.publish("2", to: topic, on: 0, keeping: 9)
        let seen = network.moment.timestamp
        network.close(ada)
        network.settle()
        network.subscribe(ada, topic, since: .time(seen), keeping: 9)
        #expect(
            network.heard[ada]?.suffix(2) == [.message(#"{"m":"2","offset":1}"#), .message(#"{"m":"1","offset":2}"#)],
            "the one sent earlier and numbered later was not seen")
    }
}
