import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What subscribers of one loop hear of its topics.
@Suite struct HubTests {
    private let ada = HubNetwork.connection(1)
    private let bob = HubNetwork.connection(2)
    private let cleo = HubNetwork.connection(3)
    private let network = HubNetwork()

    @Test func `a subscriber hears what is published afterwards and nothing else`() {
        var network = network
        network.publish("early", to: "a")
        network.subscribe(ada, "a")
        network.publish("one", to: "a")
        network.publish("elsewhere", to: "b")
        network.publish("two", to: "a")
        #expect(
            network.heard[ada] == [
                .subscribed("a", TopicAnswer()), .message(#"{"m":"one"}"#), .message(#"{"m":"two"}"#),
            ])
    }

    @Test func `who unsubscribes hears nothing more`() {
        var network = network
        network.subscribe(ada, "a")
        #expect(network.unsubscribe(ada, "a") == true)
        network.publish("one", to: "a")
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer())])
        #expect(network.unsubscribe(ada, "a") == false, "there is no subscription any more")
    }

    @Test func `subscribing twice changes nothing`() {
        var network = network
        #expect(network.subscribe(ada, "a") == .asked)
        #expect(network.subscribe(ada, "a") == .already)
        network.publish("one", to: "a")
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer()), .message(#"{"m":"one"}"#)])
        #expect(network.hubs[0].subscriberCount(of: "a") == 1)
    }

    @Test func `a message is encoded once however many hear it`() {
        var network = network
        for number in 1...50 { network.subscribe(HubNetwork.connection(UInt32(number)), "a") }
        network.publish("one", to: "a")
        #expect(network.multicastCount == 1)
    }

    @Test func `a message is encoded with and without its number only where somebody wants it so`() {
        var network = network
        network.publish("nobody", to: "a", keeping: 5)
        #expect(network.multicastCount == 0)
        network.subscribe(ada, "a", since: .now, keeping: 5)
        network.publish("one", to: "a", keeping: 5)
        #expect(network.multicastCount == 1)
        network.subscribe(bob, "a", keeping: 5)
        network.publish("two", to: "a", keeping: 5)
        #expect(network.multicastCount == 3)
        #expect(
            network.heard[ada]?.suffix(2) == [
                .message(#"{"m":"one","offset":2}"#), .message(#"{"m":"two","offset":3}"#),
            ])
        #expect(network.heard[bob]?.last == .message(#"{"m":"two"}"#))
    }

    @Test func `one subscriber can be left out`() {
        var network = network
        for connection in [ada, bob] { network.subscribe(connection, "a") }
        network.publish("one", to: "a", ticket: 7) { $0.except = ada }
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer())])
        #expect(network.heard[bob]?.last == .message(#"{"m":"one"}"#))
        #expect(network.outcomes == [HubNetwork.Outcome(ticket: 7, topic: "a", offset: 1, delivered: 1)])
    }

    @Test func `leaving out somebody who does not hear it anyway does not lower the count`() {
        var network = network
        network.subscribe(ada, "a")
        network.publish("one", to: "a", ticket: 7) { $0.except = bob }
        #expect(network.outcomes.map(\.delivered) == [1])
    }

    @Test func `a publisher who asks is told even where nobody hears it`() {
        var network = network
        network.publish("one", to: "a", ticket: 7)
        #expect(network.outcomes == [HubNetwork.Outcome(ticket: 7, topic: "a", offset: 1, delivered: 0)])
        #expect(network.hubs[0].topicCount == 0, "a topic that nobody wants is no topic")
    }

    @Test func `the policy of a publication goes with it`() {
        var network = network
        network.subscribe(ada, "a")
        network.publish("one", to: "a") { $0.policy = .conflate(key: 4) }
        #expect(network.policies == [.conflate(key: 4)])
    }

    @Test func `subscribers with their own delivery are handed every message`() {
        var network = network
        network.subscribe(ada, "a") { $0.delivery = .own }
        network.subscribe(bob, "a")
        network.subscribe(cleo, "a") { $0.delivery = .own }
        network.publish("one", to: "a", ticket: 1)
        network.publish("two", to: "a") { $0.except = cleo }
        #expect(network.multicastCount == 2, "only for those who are in a group")
        #expect(network.outcomes.map(\.delivered) == [3])
        #expect(
            network.heard[ada]?.dropFirst() == [.own(#"{"m":"one","offset":1}"#), .own(#"{"m":"two","offset":2}"#)])
        #expect(network.heard[cleo]?.dropFirst() == [.own(#"{"m":"one","offset":1}"#)])
    }

    @Test func `the delivery of a subscription can change`() {
        var network = network
        network.subscribe(ada, "a", since: .now, keeping: 5)
        #expect(network.setDelivery(.own, of: ada, "a") == true)
        network.publish("one", to: "a", keeping: 5)
        #expect(network.hubs[0].isPositioned(ada.connection, to: "a"))
        #expect(network.setDelivery(.group, of: ada, "a") == true)
        network.publish("two", to: "a", keeping: 5)
        #expect(
            network.heard[ada]?.dropFirst() == [.own(#"{"m":"one","offset":1}"#), .message(#"{"m":"two","offset":2}"#)])
        #expect(network.setDelivery(.own, of: bob, "a") == false, "somebody who is not subscribed")
    }

    @Test func `a snapshot comes from the owner's machine together with the subscription`() {
        var network = network
        network.subscribe(ada, "a") {
            $0.wantsSnapshot = true
            $0.detail = Array("ada".utf8)
        }
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer()), .snapshot("snapshot for ada")])
    }

    @Test func `what is published before the snapshot is granted is not heard`() {
        var network = network
        network.grantsAtOnce = false
        network.subscribe(ada, "a", since: .now, keeping: 5) { $0.wantsSnapshot = true }
        network.publish("one", to: "a", keeping: 5)
        network.grant(0, ["with one"])
        network.publish("two", to: "a", keeping: 5)
        #expect(network.heard[ada]?.dropFirst() == [.snapshot("with one"), .message(#"{"m":"two","offset":2}"#)])
    }

    @Test func `a machine can refuse`() {
        var network = network
        network.grantsAtOnce = false
        network.subscribe(ada, "a") { $0.wantsSnapshot = true }
        network.refuse(reason: 12)
        #expect(network.heard[ada] == [.refused("a", reason: 12)])
        #expect(network.hubs[0].topicCount == 0)
        #expect(network.occupation.isEmpty)
    }

    @Test func `a request that was taken back is neither granted nor refused`() {
        var network = network
        network.grantsAtOnce = false
        for connection in [ada, bob] { network.subscribe(connection, "a") { $0.wantsSnapshot = true } }
        network.unsubscribe(ada, "a")
        network.close(bob)
        #expect(network.hubs[0].topicCount == 0)
        network.grant()
        network.refuse()
        #expect(network.heard.isEmpty)
        #expect(network.hubs[0].topicCount == 0)
    }

    @Test func `who subscribes anew gets a new snapshot and no message twice`() {
        var network = network
        network.grantsAtOnce = false
        network.subscribe(ada, "a", since: .now, keeping: 9)
        network.publish("one", to: "a", keeping: 9)
        let action = network.subscribe(ada, "a", since: .now, keeping: 9) {
            $0.wantsSnapshot = true
            $0.renews = true
        }
        #expect(action == .asked)
        network.publish("two", to: "a", keeping: 9)
        network.grant(0, ["one and two"])
        network.publish("three", to: "a", keeping: 9)
        let numbers = network.heard[ada]!.filter { if case .subscribed = $0 { false } else { true } }
        #expect(
            numbers == [
                .message(#"{"m":"one","offset":1}"#), .snapshot("one and two"), .message(#"{"m":"three","offset":3}"#),
            ])
        #expect(network.occupation == ["+a"], "the topic was never without a subscriber")
        #expect(network.hubs[0].subscriberCount(of: "a") == 1)
    }

    @Test func `the first subscriber occupies a topic and the last one vacates it`() {
        var network = network
        network.subscribe(ada, "a")
        network.subscribe(bob, "a")
        network.unsubscribe(ada, "a")
        #expect(network.occupation == ["+a"])
        network.close(bob)
        #expect(network.occupation == ["+a", "-a"])
        #expect(network.hubs[0].topicCount == 0, "an empty topic without messages is forgotten")
    }

    @Test func `a connection that is gone leaves nothing behind`() {
        var network = network
        for topic in ["c", "a", "b"] { network.subscribe(ada, topic) }
        #expect(network.hubs[0].topics(of: ada.connection) == ["c", "a", "b"])
        network.close(ada)
        #expect(network.groups[0].isEmpty)
        #expect(network.hubs[0].topicCount == 0)
        #expect(network.hubs[0].subscriptionCount(of: ada.connection) == 0)
        #expect(network.occupation == ["+c", "+a", "+b", "-c", "-a", "-b"])
    }

    @Test func `a slot that is used again is another connection`() {
        var network = network
        network.subscribe(ada, "a")
        network.close(ada)
        let next = ConnectionAddress(loop: 0, connection: ConnectionID(slot: 1, generation: 2))
        #expect(!network.hubs[0].isSubscribed(next.connection, to: "a"))
        network.subscribe(next, "b")
        network.publish("one", to: "a")
        #expect(network.heard[next] == [.subscribed("b", TopicAnswer())])
    }

    @Test func `topics are listed by name in pages`() {
        var network = network
        for topic in ["b", "room:2", "a", "room:10", "room:1"] { network.subscribe(ada, topic) }
        network.subscribe(bob, "room:2")
        let hub = network.hubs[0]
        #expect(hub.topicList().map(\.topic) == ["a", "b", "room:1", "room:10", "room:2"])
        #expect(hub.topicList(prefix: "room:", limit: 2).map(\.topic) == ["room:1", "room:10"])
        #expect(hub.topicList(prefix: "room:", after: "room:10").map(\.subscribers) == [2])
        #expect(hub.occupiedCount == 5)
        #expect(hub.occupiedCount { $0.hasPrefix("room:") } == 3)
    }
}
