import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What producers send, and how many get it (PROTOCOLS 2-13 … 2-15, §4.5).
@Suite struct ChannelBroadcastTests {
    @Test(arguments: [1, 2])
    func `a broadcast goes to every subscriber as it is, with a channel and a timestamp`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let first = service.join()
        let second = service.join(loop: loops - 1)
        let other = service.join()
        service.subscribe(first, "reports:system")
        service.subscribe(second, "reports:system")
        service.subscribe(other, "reports:alerts")
        let message = #"{"type":"news","message":"System maintenance in 30 minutes","level":"info"}"#
        #expect(
            service.broadcast("reports:system", message)
                == #"202 {"delivered":2,"channel":"reports:system","offset":1}"#)
        let heard =
            #"{"type":"news","message":"System maintenance in 30 minutes","level":"info","#
            + #""channel":"reports:system","timestamp":"T"}"#
        #expect(service.take(first) == [heard])
        #expect(service.take(second) == [heard])
        #expect(service.take(other).isEmpty)
    }

    @Test func `a channel and a timestamp of the producer stay`() {
        var service = ChannelsFixture()
        let peer = service.join()
        service.subscribe(peer, "test:a")
        service.broadcast("test:a", #"{"type":"x","channel":"mine","timestamp":"then"}"#)
        #expect(service.take(peer) == [#"{"type":"x","channel":"mine","timestamp":"then"}"#])
    }

    @Test func `names of channels have no hierarchy`() {
        var service = ChannelsFixture()
        let peer = service.join()
        service.subscribe(peer, "test:a")
        #expect(service.broadcast("test:a:b", #"{"type":"x"}"#).hasPrefix(#"202 {"delivered":0"#))
        #expect(service.take(peer).isEmpty)
    }

    @Test(arguments: [1, 2], [0, 1])
    func `a connection can be left out, wherever it is`(loops: Int, owner: Int) {
        var service = ChannelsFixture(loops: loops)
        let channel = service.channel(ownedBy: min(owner, loops - 1))
        let first = service.join()
        let second = service.join(loop: loops - 1)
        service.subscribe(first, channel)
        service.subscribe(second, channel)
        #expect(
            service.broadcast(channel, #"{"type":"x"}"#, exclude: service.name(of: second))
                == #"202 {"delivered":1,"channel":"\#(channel)","offset":1}"#)
        #expect(service.take(first).count == 1)
        #expect(service.take(second).isEmpty)
        #expect(service.broadcast(channel, #"{"type":"x"}"#, exclude: "ws_1_000000000").contains(#""delivered":2"#))
    }

    @Test(arguments: [1, 2])
    func `a user hears on all connections, a connection alone`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let first = service.join(as: "u1")
        let second = service.join(as: "u1", loop: loops - 1)
        let other = service.join(as: "u2")
        let message = ProducerMessage.of(#"{"type":"user_notification","message":"Your report is ready"}"#)
        #expect(service.request(.sendToUser("u1", message)).text == #"202 {"delivered":2}"#)
        let heard = #"{"type":"user_notification","message":"Your report is ready","timestamp":"T"}"#
        #expect(service.take(first) == [heard])
        #expect(service.take(second) == [heard])
        #expect(service.request(.sendToUser("u3", message)).text == #"202 {"delivered":0}"#)
        #expect(service.request(.sendToConnection(service.name(of: second), message)).text == #"202 {"delivered":1}"#)
        #expect(service.take(second) == [heard])
        #expect(service.take(first).isEmpty)
        #expect(service.take(other).isEmpty)
    }

    @Test(arguments: ["ws_1704623400000_000000000", "ws_1", "nonsense"])
    func `a connection that is not there is 404`(name: String) {
        var service = ChannelsFixture(loops: 2)
        let response = service.request(.sendToConnection(name, .of(#"{"type":"x"}"#)))
        #expect(response.status == .notFound)
        #expect(response.text.contains("CONNECTION_NOT_FOUND"))
    }

    @Test(arguments: [1, 2])
    func `the items of a batch are answered one by one, in order`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.join()
        let channels = [service.channel(ownedBy: 0), service.channel(ownedBy: loops - 1, "test:d")]
        service.subscribe(peer, channels[0], channels[1])
        let items: [Result<ChannelsBroadcast, ChannelsFailure>] = [
            .success(ChannelsBroadcast(channel: channels[0], message: .of(#"{"type":"a"}"#))),
            .failure(ChannelsFailure(.invalidChannel)),
            .success(ChannelsBroadcast(channel: channels[1], message: .of(#"{"type":"b"}"#))),
            .success(ChannelsBroadcast(channel: channels[1], message: .of(#"{"type":"c"}"#))),
        ]
        let answer = service.request(.batch(items)).text
        #expect(answer.hasPrefix(#"200 {"results":[{"delivered":1,"channel":"\#(channels[0])","offset":1},{"error":"#))
        #expect(
            answer.hasSuffix(
                #"{"delivered":1,"channel":"\#(channels[1])","offset":1},"#
                    + #"{"delivered":1,"channel":"\#(channels[1])","offset":2}]}"#))
        #expect(service.take(peer).count == 3)
        #expect(service.request(.batch([])).text == #"200 {"results":[]}"#)
    }

    @Test func `an item that leaves out a connection of another loop is not overtaken`() {
        var service = ChannelsFixture(loops: 2)
        let channel = service.channel(ownedBy: 0)
        let (peer, left) = (service.join(), service.join(loop: 1))
        service.subscribe(peer, channel)
        service.subscribe(left, channel)
        let items = [("a", service.name(of: left)), ("b", nil), ("c", service.name(of: peer))].map { type, excluded in
            let message = ProducerMessage.of(#"{"type":"\#(type)"}"#)
            return Result<ChannelsBroadcast, ChannelsFailure>.success(
                ChannelsBroadcast(channel: channel, message: message, excluded: excluded))
        }
        service.request(.batch(items))
        let event = { (type: String) in #"{"type":"\#(type)","channel":"\#(channel)","timestamp":"T"}"# }
        #expect(service.take(peer) == [event("a"), event("b")])
        #expect(service.take(left) == [event("b"), event("c")])
    }

    @Test func `a user's connections hear in the order in which they came, however many have left`() {
        var service = ChannelsFixture()
        var peers = (1...100).map { _ in service.join(as: "u1") }
        for place in stride(from: 98, through: 0, by: -2) { service.close(peers.remove(at: place)) }
        peers += (1...20).map { _ in service.join(as: "u1") }
        let answer = service.request(.sendToUser("u1", .of(#"{"type":"x"}"#))).text
        #expect(answer == #"202 {"delivered":70}"#)
        for peer in peers { #expect(service.take(peer).count == 1) }
        for peer in peers { service.close(peer) }
        #expect(service.machines[0].statistics.users == 0)
    }

    @Test func `clients publish nothing unless a rule lets some role`() {
        var service = ChannelsFixture()
        let peer = service.join(as: "u1")
        let publish = #"{"type":"publish","channel":"test:a","message":{"type":"x"}}"#
        #expect(service.say(publish, on: peer).first?.contains("UNKNOWN_TYPE") == true)
    }

    @Test(arguments: [1, 2])
    func `a role that a rule names publishes, others are refused`(loops: Int) {
        var service = ChannelsFixture(loops: loops) { configuration in
            var rule = ChannelRule(pattern: "test:*")
            rule.publishers = ["writer"]
            configuration.rules = [rule]
        }
        let channel = service.channel(ownedBy: loops - 1)
        let writer = service.join(as: "u1", roles: ["writer"])
        let reader = service.join(as: "u2")
        let nobody = service.join()
        service.subscribe(writer, channel)
        service.subscribe(reader, channel)
        let publish = #"{"type":"publish","channel":"\#(channel)","message":{"type":"x"},"id":1}"#
        let heard = #"{"type":"x","channel":"\#(channel)","timestamp":"T"}"#
        #expect(
            service.say(publish, on: writer) == [
                heard, #"{"type":"published","channel":"\#(channel)","delivered":2,"offset":1,"timestamp":"T","id":1}"#,
            ])
        #expect(service.take(reader) == [heard])
        #expect(service.say(publish, on: reader).first?.contains("FORBIDDEN") == true)
        #expect(service.say(publish, on: nobody).first?.contains("UNAUTHORIZED") == true)
        #expect(!service.isPaused(writer))
    }

    @Test func `a rule says what becomes of messages for those who do not read`() {
        var service = ChannelsFixture { configuration in
            var first = ChannelRule(pattern: "test:a")
            first.overflow = .dropOldest
            var second = ChannelRule(pattern: "test:b")
            second.overflow = .conflate
            configuration.rules = [first, second]
        }
        let peer = service.join()
        service.subscribe(peer, "test:a", "test:b", "test:c")
        for channel in ["test:a", "test:b", "test:b", "test:c"] { service.broadcast(channel, #"{"type":"x"}"#) }
        #expect(service.policies.count == 4)
        #expect(service.policies[0] == .dropOldest)
        guard case .conflate = service.policies[1] else {
            Issue.record("test:b is not conflated")
            return
        }
        #expect(service.policies[1] == service.policies[2])
        #expect(service.policies[3] == .disconnect)
    }
}

extension HTTPResponse {
    /// Status and body.
    var text: String { "\(status.rawValue) \(String(decoding: body, as: UTF8.self))" }
}
