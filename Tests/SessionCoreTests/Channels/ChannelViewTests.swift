import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Debugging views, the admin API's lists and the operator's endpoint (PROTOCOLS 2-31, §1.6).
@Suite struct ChannelViewTests {
    @Test(arguments: [1, 2])
    func `the connections of all loops are listed`(loops: Int) throws {
        var service = ChannelsFixture(loops: loops)
        let first = service.join(as: "u1")
        let second = service.join(loop: loops - 1)
        service.subscribe(first, "test:a", "user:alerts")
        service.wait(.seconds(2))
        service.say(#"{"type":"ping"}"#, on: first)
        let names = [first, second].map { service.name(of: $0) }
        #expect(
            service.request(.listConnections).text.withoutStartTime == #"200 {"total":2,"connections":["#
                + #"{"id":"\#(names[0])","userId":"u1","channels":["test:a","user:u1:alerts"],"#
                + #""lastActivity":"2024-01-07T10:30:02.000Z","#
                + #""metadata":{"userAgent":"test/1","ip":"192.0.2.7","connectedAt":"T"}},"#
                + #"{"id":"\#(names[1])","channels":[],"lastActivity":"T","#
                + #""metadata":{"userAgent":"test/1","ip":"192.0.2.7","connectedAt":"T"}}]}"#)
    }

    @Test(arguments: [1, 2])
    func `channels are listed with their subscribers of all loops, by name`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let first = service.join()
        let second = service.join(loop: loops - 1)
        service.subscribe(first, "test:b", "test:a", "system:notifications")
        service.subscribe(second, "test:b")
        #expect(
            service.request(.listChannels).text == #"200 {"channels":["#
                + #"{"channel":"system:notifications","subscribers":1},{"channel":"test:a","subscribers":1},"#
                + #"{"channel":"test:b","subscribers":2}]}"#)
    }

    @Test(arguments: [1, 2])
    func `administrators page through channels by prefix`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.join()
        service.subscribe(peer, "test:c", "test:a", "test:b", "public:x")
        #expect(
            service.request(.list(prefix: "test:", after: nil, limit: 2)).text == #"200 {"items":["#
                + #"{"channel":"test:a","subscribers":1},{"channel":"test:b","subscribers":1}],"#
                + #""next_cursor":"test:b","total":3,"nodes":1}"#)
        #expect(
            service.request(.list(prefix: "test:", after: "test:b", limit: 2)).text == #"200 {"items":["#
                + #"{"channel":"test:c","subscribers":1}],"next_cursor":null,"total":3,"nodes":1}"#)
        #expect(
            service.request(.list(prefix: "none:", after: nil, limit: 2)).text
                == #"200 {"items":[],"next_cursor":null,"total":0,"nodes":1}"#)
    }

    @Test(arguments: [1, 2])
    func `a channel's members are listed, unless its rule says no`(loops: Int) {
        var service = ChannelsFixture(loops: loops) { configuration in
            var rule = ChannelRule(pattern: "test:secret")
            rule.hasPresence = false
            configuration.rules = [rule]
        }
        let first = service.join(as: "u1")
        let second = service.join(loop: loops - 1)
        service.subscribe(first, "test:a", "test:secret")
        service.subscribe(second, "test:a")
        #expect(
            service.request(.presence("test:a")).text.withoutStartTime == #"200 {"channel":"test:a","items":["#
                + #"{"id":"\#(service.name(of: first))","userId":"u1","connectedAt":"T"},"#
                + #"{"id":"\#(service.name(of: second))","connectedAt":"T"}],"total":2,"nodes":1}"#)
        #expect(service.request(.presence("test:secret")).status == .forbidden)
    }

    @Test func `statistics say how much there is`() {
        var service = ChannelsFixture(loops: 2)
        let peers = [service.join(as: "u1"), service.join(as: "u1"), service.join(loop: 1)]
        for peer in peers { service.subscribe(peer, "test:a") }
        service.report("r1", .running, 1)
        service.push("t", #"{"n":1}"#)
        var statistics = service.machines[0].statistics
        statistics.merge(service.machines[1].statistics)
        #expect(statistics.connections == 3)
        #expect(statistics.users == 1)
        #expect(statistics.channels == 1)
        #expect(statistics.subscriptions == 3)
        #expect(statistics.reports == 1)
        #expect(statistics.streams == 1)
        #expect(statistics.keptBytes == 0)
    }

    // MARK: The operator's endpoint

    private func events(_ service: ChannelsFixture) -> [String] {
        service.hooks.map { "\($0.event) " + String(decoding: $0.body, as: UTF8.self).withoutStartTime }
    }

    @Test(arguments: [1, 2])
    func `the endpoint hears of the first subscriber, and of the last one a second after it left`(loops: Int) {
        var service = ChannelsFixture(loops: loops) { $0.hasHook = true }
        let channel = service.channel(ownedBy: loops - 1)
        let (first, second) = (service.join(), service.join(loop: loops - 1))
        service.subscribe(first, channel)
        service.subscribe(second, channel)
        let occupied =
            #"channel_occupied {"event":"channel_occupied","channel":"\#(channel)","timestamp":"T"}"#
        #expect(events(service) == [occupied])
        service.close(first)
        service.wait(.seconds(5))
        service.close(second)
        service.wait(.milliseconds(999))
        #expect(service.hooks.count == 1)
        service.wait(.milliseconds(1))
        #expect(
            events(service) == [
                occupied,
                #"channel_vacated {"event":"channel_vacated","channel":"\#(channel)","#
                    + #""timestamp":"2024-01-07T10:30:06.000Z"}"#,
            ])
        #expect(service.hooks.allSatisfy { $0.ticket == nil })
    }

    @Test func `a subscriber that comes back within a second is no news`() {
        var service = ChannelsFixture { $0.hasHook = true }
        var peer = service.join()
        service.subscribe(peer, "test:a")
        for _ in 1...3 {
            service.close(peer)
            service.wait(.milliseconds(999))
            peer = service.join()
            service.subscribe(peer, "test:a")
        }
        service.wait(.seconds(60))
        #expect(service.hooks.map(\.event) == ["channel_occupied"])
    }

    @Test func `the endpoint is told of a hundred channels a second, whoever makes them`() {
        var service = ChannelsFixture { $0.hasHook = true }
        let peer = service.join()
        for number in 1...120 { service.subscribe(peer, "test:\(number)") }
        #expect(service.hooks.count == 100)
        #expect(service.machines[0].counters.untoldChannels == 20)
        service.wait(.seconds(1))
        service.subscribe(peer, "test:121")
        #expect(service.hooks.count == 101)
    }

    @Test func `without an endpoint nobody is told`() {
        var service = ChannelsFixture()
        let peer = service.join()
        service.subscribe(peer, "test:a")
        service.close(peer)
        service.wait(.seconds(10))
        #expect(service.hooks.isEmpty)
    }
}
