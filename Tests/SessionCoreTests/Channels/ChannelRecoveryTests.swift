import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Positions, and what was missed (EXT `since`, PROTOCOLS §4.3), with the channel at this loop and at another one.
@Suite struct ChannelRecoveryTests {
    private func service(_ isRemote: Bool, history: Int = 3, life: Duration = .seconds(300)) -> (
        ChannelsFixture, String
    ) {
        let service = ChannelsFixture(loops: isRemote ? 2 : 1) { configuration in
            var rule = ChannelRule(pattern: "test:*")
            rule.history = history
            rule.historyLife = life
            configuration.rules = [rule]
        }
        return (service, service.channel(ownedBy: isRemote ? 1 : 0))
    }

    private func event(_ type: String, _ channel: String, _ offset: Int? = nil) -> String {
        #"{"type":"\#(type)","channel":"\#(channel)","timestamp":"T""# + (offset.map { #","offset":\#($0)}"# } ?? "}")
    }

    private func subscribe(_ channel: String, since: String) -> String {
        #"{"type":"subscribe","channel":"\#(channel)","since":\#(since)}"#
    }

    /// Subscribes from now on, and returns the channel's epoch.
    private func epoch(
        of channel: String, on peer: ChannelsFixture.Peer, in service: inout ChannelsFixture
    ) throws -> String {
        let reply = try #require(service.say(subscribe(channel, since: "{}"), on: peer).first)
        return try #require(try JSONValue.parse(reply)["epoch"]?.string)
    }

    @Test(arguments: [false, true])
    func `whoever asks for positions gets them with every message, others do not`(isRemote: Bool) throws {
        var (service, channel) = service(isRemote)
        let (positioned, plain) = (service.join(), service.join())
        service.broadcast(channel, #"{"type":"a"}"#)
        let reply = try #require(service.say(subscribe(channel, since: "{}"), on: positioned).first)
        let fields = try JSONValue.parse(reply)
        #expect(fields["offset"]?.integer == 1)
        #expect(fields["recovered"] == nil)
        service.subscribe(plain, channel)
        service.broadcast(channel, #"{"type":"b"}"#)
        #expect(service.take(positioned) == [event("b", channel, 2)])
        #expect(service.take(plain) == [event("b", channel)])
    }

    @Test(arguments: [false, true])
    func `whoever comes back gets all that it missed, after the reply and in order`(isRemote: Bool) throws {
        var (service, channel) = service(isRemote)
        let first = service.join()
        let epoch = try epoch(of: channel, on: first, in: &service)
        service.broadcast(channel, #"{"type":"a"}"#)
        service.close(first)
        service.broadcast(channel, #"{"type":"b"}"#)
        service.broadcast(channel, #"{"type":"c"}"#)
        let second = service.join()
        #expect(
            service.say(subscribe(channel, since: #"{"epoch":"\#(epoch)","offset":1}"#), on: second) == [
                #"{"type":"subscribed","channel":"\#(channel)","epoch":"\#(epoch)","offset":3,"recovered":true,"#
                    + #""timestamp":"T"}"#, event("b", channel, 2), event("c", channel, 3),
            ])
        service.broadcast(channel, #"{"type":"d"}"#)
        #expect(service.take(second) == [event("d", channel, 4)])
        #expect(service.machines[0].counters.recovered == 1)
    }

    @Test(arguments: [false, true])
    func `where a message is forgotten nothing is replayed`(isRemote: Bool) throws {
        var (service, channel) = service(isRemote)
        let peer = service.join()
        let epoch = try epoch(of: channel, on: peer, in: &service)
        for _ in 1...5 { service.broadcast(channel, #"{"type":"a"}"#) }
        service.say(#"{"type":"unsubscribe","channel":"\#(channel)"}"#, on: peer)
        #expect(
            service.say(subscribe(channel, since: #"{"epoch":"\#(epoch)","offset":1}"#), on: peer) == [
                #"{"type":"subscribed","channel":"\#(channel)","epoch":"\#(epoch)","offset":5,"recovered":false,"#
                    + #""timestamp":"T"}"#
            ])
        #expect(service.machines[0].counters.notRecovered == 1)
    }

    @Test(arguments: ChannelRule.Overflow.allCases)
    func `no message with a number gives way to a newer one, whatever the rule says`(overflow: ChannelRule.Overflow) {
        var (service, channel) = service(false)
        service.machines[0].configuration.rules[0].overflow = overflow
        let peer = service.join()
        service.say(subscribe(channel, since: "{}"), on: peer)
        service.broadcast(channel, #"{"type":"a"}"#)
        #expect(service.policies == [.disconnect])
    }

    @Test(arguments: [false, true])
    func `a plain subscription gets positions once it asks for them`(isRemote: Bool) throws {
        var (service, channel) = service(isRemote)
        let peer = service.join()
        service.subscribe(peer, channel)
        let reply = service.say(subscribe(channel, since: "{}"), on: peer)
        #expect(reply.count == 1)
        #expect(reply.first?.contains(#""epoch":""#) == true)
        service.broadcast(channel, #"{"type":"a"}"#)
        #expect(service.take(peer) == [event("a", channel, 1)])
        #expect(!service.isPaused(peer))
    }

    @Test func `an epoch of another life is not recovered, nor a place that lies ahead`() throws {
        var (service, channel) = service(false)
        let peer = service.join()
        let epoch = try epoch(of: channel, on: peer, in: &service)
        for since in [#"{"epoch":"000000000000","offset":0}"#, #"{"epoch":"\#(epoch)","offset":7}"#] {
            service.say(#"{"type":"unsubscribe","channel":"\#(channel)"}"#, on: peer)
            #expect(
                service.say(subscribe(channel, since: since), on: peer).first?.contains(#""recovered":false"#) == true)
        }
    }

    @Test(arguments: ["{}", #"{"epoch":"e","offset":1}"#], [false, true])
    func `a channel that keeps nothing has no positions`(since: String, isRemote: Bool) {
        var service = ChannelsFixture(loops: isRemote ? 2 : 1)
        let channel = service.channel(ownedBy: isRemote ? 1 : 0)
        let peer = service.join()
        #expect(
            service.say(subscribe(channel, since: since), on: peer)
                == [#"{"type":"subscribed","channel":"\#(channel)","recovered":false,"timestamp":"T"}"#])
        service.broadcast(channel, #"{"type":"a"}"#)
        #expect(service.take(peer) == [event("a", channel)])
    }

    @Test(arguments: ["7", #"{"epoch":"e"}"#, #"{"offset":1}"#, #"{"epoch":"e","offset":-1}"#])
    func `a since of another form is refused`(since: String) {
        var (service, channel) = service(false)
        let peer = service.join()
        #expect(service.say(subscribe(channel, since: since), on: peer).first?.contains("INVALID_MESSAGE") == true)
    }

    @Test(arguments: [false, true])
    func `what is published while the answer is under way comes once`(isRemote: Bool) throws {
        var (service, channel) = service(isRemote)
        let first = service.join()
        let epoch = try epoch(of: channel, on: first, in: &service)
        service.broadcast(channel, #"{"type":"a"}"#)
        let second = service.join()
        service.carriesParcels = false
        service.say(subscribe(channel, since: #"{"epoch":"\#(epoch)","offset":0}"#), on: second)
        _ = service.post(.broadcast(ChannelsBroadcast(channel: channel, message: .of(#"{"type":"b"}"#))))
        service.carry()
        let types = service.take(second).filter { !$0.contains("subscribed") }
        #expect(Set(types).count == types.count)
        #expect(types.last == event("b", channel, 2))
    }

    @Test func `the messages that are kept can be looked at`() throws {
        var (service, channel) = service(true)
        let peer = service.join()
        let epoch = try epoch(of: channel, on: peer, in: &service)
        for type in ["a", "b", "c", "d"] { service.broadcast(channel, #"{"type":"\#(type)"}"#) }
        let text = service.request(.history(channel)).text.withoutStartTime
        let items = (2...4).map { #"{"offset":\#($0),"message":\#(event(["b", "c", "d"][$0 - 2], channel))}"# }
        #expect(
            text == #"200 {"channel":"\#(channel)","epoch":"\#(epoch)","offset":4,"items":["#
                + items.joined(separator: ",") + #"],"nodes":1}"#)
        service.wait(.seconds(301))
        #expect(service.request(.history(channel)).text.contains(#""items":[]"#))
    }
}
