import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What somebody who comes back is sent: everything that was missed, or nothing.
@Suite struct HubHistoryTests {
    private let ada = HubNetwork.connection(1)
    private let bob = HubNetwork.connection(2)

    /// A topic with `count` messages, of which the last `keeping` are kept, and the place before the first.
    private func network(publishing count: Int, keeping: Int) -> (HubNetwork, TopicPosition) {
        var network = HubNetwork()
        network.subscribe(bob, "a", since: .now, keeping: keeping)
        let start = network.hubs[0].position(of: "a")!
        for number in 0..<count { network.publish("\(number + 1)", to: "a", keeping: keeping) }
        return (network, start)
    }

    private func message(_ number: Int) -> HubNetwork.Heard { .message(#"{"m":"\#(number)","offset":\#(number)}"#) }

    private func place(_ start: TopicPosition, _ offset: UInt64) -> TopicPosition {
        TopicPosition(epoch: start.epoch, offset: offset)
    }

    private func recovered(_ start: TopicPosition, at offset: UInt64) -> HubNetwork.Heard {
        .subscribed("a", TopicAnswer(position: place(start, offset), isRecovered: true))
    }

    private func lost(_ start: TopicPosition, at offset: UInt64) -> HubNetwork.Heard {
        .subscribed("a", TopicAnswer(position: place(start, offset), isRecovered: false))
    }

    @Test(arguments: 0...5)
    func `everything after a place is sent in order`(seen: Int) {
        var (network, start) = network(publishing: 5, keeping: 5)
        network.subscribe(ada, "a", since: .position(place(start, UInt64(seen))), keeping: 5)
        #expect(network.heard[ada] == [recovered(start, at: 5)] + (seen + 1..<6).map { message($0) })
    }

    @Test func `what is published later follows what was missed`() {
        var (network, start) = network(publishing: 2, keeping: 5)
        network.subscribe(ada, "a", since: .position(place(start, 1)), keeping: 5)
        network.publish("3", to: "a", keeping: 5)
        #expect(network.heard[ada]?.dropFirst() == [message(2), message(3)])
    }

    @Test func `where one message is forgotten none is sent`() {
        var (network, start) = network(publishing: 5, keeping: 3)
        network.subscribe(ada, "a", since: .position(place(start, 1)), keeping: 3)
        #expect(network.heard[ada] == [lost(start, at: 5)])
    }

    @Test func `a place of another epoch is unknown`() {
        var (network, start) = network(publishing: 3, keeping: 5)
        network.subscribe(
            ada, "a", since: .position(TopicPosition(epoch: "0123456789ab", offset: 1)), keeping: 5)
        #expect(network.heard[ada] == [lost(start, at: 3)])
    }

    @Test func `a place that is not reached yet is unknown`() {
        var (network, start) = network(publishing: 3, keeping: 5)
        network.subscribe(ada, "a", since: .position(place(start, 4)), keeping: 5)
        #expect(network.heard[ada] == [lost(start, at: 3)])
    }

    @Test func `from now on nothing older is sent and nothing is claimed`() {
        var (network, start) = network(publishing: 3, keeping: 5)
        network.subscribe(ada, "a", since: .now, keeping: 5)
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer(position: place(start, 3)))])
    }

    @Test func `without positions nothing older is sent`() {
        var (network, _) = network(publishing: 3, keeping: 5)
        network.subscribe(ada, "a", keeping: 5)
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer())])
    }

    @Test func `a topic that keeps nothing has no positions`() {
        var network = HubNetwork()
        let place = TopicPosition(epoch: "0123456789ab", offset: 1)
        network.subscribe(ada, "a", since: .position(place))
        network.subscribe(bob, "a", since: .now)
        network.publish("1", to: "a")
        #expect(network.heard[ada] == [.subscribed("a", TopicAnswer(isRecovered: false)), .message(#"{"m":"1"}"#)])
        #expect(network.heard[bob] == [.subscribed("a", TopicAnswer()), .message(#"{"m":"1"}"#)])
    }

    @Test func `messages are forgotten when their time is over`() {
        var (network, start) = network(publishing: 1, keeping: 5)
        network.wait(.seconds(40))
        network.publish("2", to: "a", keeping: 5)
        network.wait(.seconds(20))
        #expect(network.hubs[0].history(of: "a", at: network.moment).map(\.offset) == [2])
        network.subscribe(ada, "a", since: .position(start), keeping: 5)
        #expect(network.heard[ada] == [lost(start, at: 2)])
    }

    @Test func `a message whose time is over is not sent even where no clock has ticked`() {
        var (network, start) = network(publishing: 1, keeping: 5)
        network.moment.instant = network.moment.instant + .seconds(60)
        network.subscribe(ada, "a", since: .position(start), keeping: 5)
        #expect(network.heard[ada] == [lost(start, at: 1)])
    }

    @Test func `a topic is remembered after its last subscriber`() {
        var (network, start) = network(publishing: 0, keeping: 5)
        network.close(bob)
        network.wait(.milliseconds(59_999))
        network.subscribe(ada, "a", since: .position(start), keeping: 5)
        #expect(network.heard[ada] == [recovered(start, at: 0)])
        network.wait(.seconds(1000))
        network.publish("1", to: "a", keeping: 5)
        #expect(network.heard[ada]?.last == message(1), "it is not forgotten while somebody is subscribed")
    }

    @Test func `a topic that nobody came back to is forgotten`() {
        var (network, _) = network(publishing: 3, keeping: 5)
        network.wait(.seconds(30))
        network.close(bob)
        network.wait(.seconds(59))
        #expect(network.hubs[0].topicCount == 1)
        network.wait(.seconds(1))
        #expect(network.hubs[0].topicCount == 0)
        #expect(network.hubs[0].deadline == nil)
    }

    @Test func `messages that nobody heard are kept for those who come`() {
        var network = HubNetwork()
        network.publish("1", to: "a", keeping: 5)
        #expect(network.hubs[0].keptBytes == 9)
        network.wait(.seconds(61))
        #expect(network.hubs[0].keptBytes == 0)
        #expect(network.hubs[0].topicCount == 0)
    }

    @Test func `a message that is not kept is a gap that nothing older bridges`() {
        var (network, start) = network(publishing: 2, keeping: 5)
        network.publish("3", to: "a")
        network.publish("4", to: "a", keeping: 5)
        network.subscribe(ada, "a", since: .position(place(start, 2)), keeping: 5)
        #expect(network.heard[ada] == [lost(start, at: 4)])
        network.unsubscribe(ada, "a")
        network.subscribe(ada, "a", since: .position(place(start, 3)), keeping: 5)
        #expect(network.heard[ada]?.suffix(2) == [recovered(start, at: 4), message(4)])
    }

    @Test func `a rule that keeps less takes hold with the next message`() {
        var (network, _) = network(publishing: 5, keeping: 5)
        network.publish("6", to: "a", keeping: 2)
        #expect(network.hubs[0].history(of: "a", at: network.moment).map(\.offset) == [5, 6])
    }

    @Test func `many bytes are kept no longer than few of them would fill their share`() {
        var network = HubNetwork()
        let text = String(repeating: "x", count: 100 << 10)
        for _ in 1...9 { network.publish(text, to: "a", keeping: 100) }
        #expect(network.hubs[0].history(of: "a", at: network.moment).count == 5, "512 KiB")
        network.publish(String(repeating: "y", count: 600 << 10), to: "a", keeping: 100)
        #expect(network.hubs[0].history(of: "a", at: network.moment).map(\.offset) == [10], "the last one always stays")
    }

    @Test func `all topics keep 64 MiB, and those that were quiet for longest give way`() {
        var network = HubNetwork()
        let text = String(repeating: "x", count: 1 << 20)
        for number in 1...65 {
            network.publish(text, to: "\(number)", keeping: 1)
            network.wait(.milliseconds(1))
        }
        #expect(network.hubs[0].keptBytes <= 64 << 20)
        #expect(network.hubs[0].history(of: "1", at: network.moment).isEmpty)
        #expect(network.hubs[0].history(of: "65", at: network.moment).count == 1)
    }

    @Test func `a time brings everything that was sent at it or later`() {
        var (network, start) = network(publishing: 0, keeping: 9)
        var times: [Timestamp] = []
        for number in 1...4 {
            network.wait(.milliseconds(10))
            times.append(network.moment.timestamp)
            network.publish("\(number)", to: "a", keeping: 9)
        }
        network.subscribe(ada, "a", since: .time(times[2]), keeping: 9)
        #expect(network.heard[ada] == [recovered(start, at: 4), message(3), message(4)])
        network.close(ada)
        network.wait(.milliseconds(1))
        network.subscribe(ada, "a", since: .time(network.moment.timestamp), keeping: 9)
        #expect(network.heard[ada]?.last == recovered(start, at: 4), "nothing since")
    }

    @Test func `a time before the topic began or its oldest message is too long ago`() {
        var (network, start) = network(publishing: 1, keeping: 2)
        let first = network.moment.timestamp
        network.subscribe(ada, "a", since: .time(first), keeping: 2)
        #expect(network.heard[ada] == [lost(start, at: 1)], "the topic began in that millisecond, or before")
        for number in 2...4 {
            network.wait(.milliseconds(10))
            network.publish("\(number)", to: "a", keeping: 2)
        }
        network.close(ada)
        network.subscribe(
            ada, "a", since: .time(Timestamp(milliseconds: first.milliseconds + 10)), keeping: 2)
        #expect(network.heard[ada]?.last == lost(start, at: 4), "the second message is forgotten")
        network.close(ada)
        network.subscribe(
            ada, "a", since: .time(Timestamp(milliseconds: first.milliseconds + 11)), keeping: 2)
        #expect(network.heard[ada]?.suffix(3) == [recovered(start, at: 4), message(3), message(4)])
    }
}
