import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Clients that publish without waiting for each answer, where other loops decide the answers.
@Suite struct ChannelPipeliningTests {
    /// Two loops whose parcels wait until they are carried, and a publisher on the first.
    private func service() -> (ChannelsFixture, ChannelsFixture.Peer) {
        var service = ChannelsFixture(loops: 2) { configuration in
            var rule = ChannelRule(pattern: "test:*")
            rule.publishers = ["writer"]
            configuration.rules.append(rule)
        }
        let writer = service.join(as: "w", roles: ["writer"])
        service.carriesParcels = false
        return (service, writer)
    }

    private func publish(_ channel: String, _ id: Int) -> String {
        #"{"type":"publish","channel":"\#(channel)","message":{"type":"x"},"id":\#(id)}"#
    }

    /// The ids of answers, and the types of what has none.
    private func ids(_ frames: [String]) -> [String] {
        frames.map { frame in
            // Whatever is no JSON shows up as it is.
            guard let value = try? JSONValue.parse(frame) else { return frame }
            return value["id"]?.integer.map { "\($0)" } ?? value["type"]?.string ?? frame
        }
    }

    @Test func `messages go out before the first is answered, and the answers keep the messages' order`() {
        var (service, writer) = service()
        let near = service.channel(ownedBy: 0)
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.say(publish(near, 2), on: writer)
        service.say(publish(far, 3), on: writer)
        service.say(publish(near, 4), on: writer)
        #expect(service.parcelCount == 2)
        #expect(!service.isPaused(writer))
        #expect(service.take(writer).isEmpty)
        service.carry()
        #expect(ids(service.take(writer)) == ["1", "2", "3", "4"])
    }

    @Test func `what is no publish waits until everything before it is answered`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.say(#"{"type":"ping","id":2}"#, on: writer)
        #expect(service.isPaused(writer))
        service.say(publish(far, 3), on: writer)
        #expect(service.take(writer).isEmpty)
        service.carry()
        #expect(ids(service.take(writer)) == ["1", "2", "3"])
        #expect(!service.isPaused(writer))
    }

    @Test func `a subscription that was put aside waits for its own answer too`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.subscribe(writer, far)
        service.say(#"{"type":"ping","id":3}"#, on: writer)
        service.carry()
        #expect(ids(service.take(writer)) == ["1", "subscribed", "3"])
        #expect(!service.isPaused(writer))
    }

    @Test func `refusals wait for the answers before them`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.say(publish("admin:x", 2), on: writer)
        service.say("nonsense", on: writer)
        #expect(service.take(writer).isEmpty)
        service.carry()
        #expect(ids(service.take(writer)) == ["1", "2", "error"])
    }

    @Test func `a client is paused while sixty-four answers are due`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        for id in 1...63 { service.say(publish(far, id), on: writer) }
        #expect(!service.isPaused(writer))
        for id in 64...70 { service.say(publish(far, id), on: writer) }
        #expect(service.isPaused(writer))
        #expect(service.parcelCount == 64)
        service.carry()
        #expect(ids(service.take(writer)) == (1...70).map { "\($0)" })
        #expect(!service.isPaused(writer))
    }

    @Test func `a message is measured once, from its acceptance until all loops have it and this one has written`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.say(publish(far, 2), on: writer)
        #expect(!service.machines[0].isWriting)
        service.carry()
        #expect(service.machines[0].isWriting && !service.machines[1].isWriting)
        service.machines[0].wrote(at: .zero + .seconds(3600))
        #expect(!service.machines[0].isWriting && service.machines[0].counters.fanout.count == 2)
    }

    @Test func `answers to a connection that is gone are forgotten`() {
        var (service, writer) = service()
        let far = service.channel(ownedBy: 1)
        service.say(publish(far, 1), on: writer)
        service.say(#"{"type":"ping"}"#, on: writer)
        service.close(writer)
        service.carry()
        #expect(service.take(writer).isEmpty)
        #expect(service.machines[0].name(of: writer.id) == nil)
    }
}
