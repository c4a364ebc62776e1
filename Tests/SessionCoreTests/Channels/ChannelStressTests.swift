import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Random work on one to three loops whose parcels travel at their own pace.
@Suite struct ChannelStressTests {
    /// One run: who was connected, what was published, and who heard it.
    private struct Run {
        var service: ChannelsFixture
        var random: SeededRandom
        var peers: [ChannelsFixture.Peer] = []
        /// The types heard by each peer, in order.
        var heard: [ChannelsFixture.Peer: [String]] = [:]
        /// The requests by the type that each of them publishes.
        var requests: [String: UInt64] = [:]
        private var count = 0
        private let loops: Int

        init(loops: Int, seed: UInt64) {
            self.loops = loops
            random = SeededRandom(seed: seed)
            service = ChannelsFixture(loops: loops) { configuration in
                var rule = ChannelRule(pattern: "test:*")
                rule.history = 8
                rule.publishers = ["anyone"]
                configuration.rules = [rule]
                configuration.hasHook = true
            }
            service.carriesParcels = false
        }

        private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

        mutating func step() {
            switch draw(12) {
            case 0, 1: open()
            case 2: if !peers.isEmpty { close(peers.remove(at: draw(peers.count))) }
            case 3, 4: say(#"{"type":"subscribe","channel":"test:\#(draw(3))"}"#)
            case 5: say(#"{"type":"subscribe","channel":"test:\#(draw(3))","since":{}}"#)
            case 6: say(#"{"type":"unsubscribe","channel":"test:\#(draw(3))"}"#)
            case 7, 8: broadcast()
            case 9: say(#"{"type":"apply_filter","filter":{"n":\#(draw(2))}}"#)
            case 10: say(#"{"type":"update_interval","interval":\#(draw(2) * 250)}"#)
            default: push()
            }
            for _ in 0..<draw(4) where service.parcelCount > 0 { service.carryOne(draw(service.parcelCount)) }
            if draw(10) == 0 { service.wait(.milliseconds(100)) }
            listen()
        }

        private mutating func open() {
            let path = ["/ws", "/ws", "/ws", "/api/v1/reports/stream/t", "/api/v1/reports/notifications"][draw(5)]
            peers.append(service.open(path, as: draw(2) == 0 ? "u\(draw(3))" : nil, loop: draw(loops)))
        }

        private mutating func close(_ peer: ChannelsFixture.Peer) {
            note(service.take(peer), by: peer)
            service.close(peer)
        }

        private mutating func say(_ text: String) {
            guard !peers.isEmpty else { return }
            let peer = peers[draw(peers.count)]
            note(service.say(text, on: peer), by: peer)
        }

        private mutating func broadcast() {
            count += 1
            let type = "m\(count)"
            let excluded = draw(3) == 0 && !peers.isEmpty ? service.name(of: peers[draw(peers.count)]) : nil
            let message = ProducerMessage { $0.field("type", type) }
            let call = ChannelsBroadcast(channel: "test:\(draw(3))", message: message, excluded: excluded)
            requests[type] = service.post(.broadcast(call), loop: draw(loops))
        }

        private mutating func push() {
            let row = StreamRow(JSONFragment { $0.field("n", 1) }).map { [$0] } ?? []
            _ = service.post(.pushRows(template: "t", row))
        }

        mutating func listen() { for peer in peers { note(service.take(peer), by: peer) } }

        private mutating func note(_ frames: [String], by peer: ChannelsFixture.Peer) {
            heard[peer, default: []] += frames.compactMap { frame in
                let type = frame.split(separator: #"""#)[3]
                return type.hasPrefix("m") ? String(type) : nil
            }
        }

        /// Lets everything arrive.
        mutating func finish() {
            service.carry()
            listen()
            service.carriesParcels = true
        }
    }

    @Test(arguments: [1, 2, 3], 1...12 as ClosedRange<UInt64>)
    func `every message comes once, as often as its producer is told`(loops: Int, seed: UInt64) throws {
        var run = Run(loops: loops, seed: seed)
        for _ in 1...300 { run.step() }
        run.finish()
        for peer in run.peers { #expect(!run.service.isPaused(peer)) }
        for (peer, types) in run.heard { #expect(Set(types).count == types.count, "\(peer) heard something twice") }
        for (type, number) in run.requests {
            let response = try #require(run.service.responses[number], "\(type) is not answered")
            let delivered = try JSONValue.parse(response.body.span)["delivered"]?.integer
            #expect(delivered.map { Int($0) } == run.heard.values.count { $0.contains(type) }, "\(type)")
        }
    }

    @Test(arguments: [1, 2, 3], 1...8 as ClosedRange<UInt64>)
    func `once everything has arrived a message goes to exactly those who are subscribed`(loops: Int, seed: UInt64) {
        var run = Run(loops: loops, seed: seed)
        for _ in 1...200 { run.step() }
        run.finish()
        for channel in ["test:0", "test:1", "test:2"] {
            let subscribers = run.peers.filter { run.service.machines[$0.loop].channels(of: $0.id).contains(channel) }
            let answer = run.service.broadcast(channel, #"{"type":"last"}"#)
            #expect(answer.contains(#""delivered":\#(subscribers.count),"#))
            for peer in run.peers {
                #expect(run.service.take(peer).contains { $0.contains("last") } == subscribers.contains(peer))
            }
        }
        for peer in run.peers { run.service.close(peer) }
        run.service.wait(.seconds(301))
        var statistics = ChannelsMachine.Statistics()
        for machine in run.service.machines { statistics.merge(machine.statistics) }
        #expect(statistics.connections == 0)
        #expect(statistics.channels == 0)
        #expect(statistics.subscriptions == 0)
    }
}
