import SessionBase
import SessionIO
import Testing

@Suite struct PollerTests {
    @Test func `a past deadline does not wait`() throws {
        var poller = try Poller()
        let now = SystemClock.now()
        #expect(try poller.wait(until: now - .seconds(1), now: now) == 0)
        #expect(SystemClock.now() - now < .seconds(1))
    }

    @Test(arguments: [Duration.microseconds(300), .milliseconds(2)])
    func `a wait never ends before its deadline`(length: Duration) throws {
        var poller = try Poller()
        let now = SystemClock.now()
        #expect(try poller.wait(until: now + length, now: now) == 0)
        #expect(SystemClock.now() - now >= length)
    }

    @Test func `events carry the token and what is ready`() throws {
        let pair = try LoopbackPair()
        var poller = try Poller()
        let token: UInt64 = 0xfedc_ba98_7654_3210
        try poller.add(pair.server.rawValue, token: token, [.readable, .writable])
        #expect(try poll(&poller) == 1)
        #expect(poller.token(at: 0) == token)
        #expect(poller.readiness(at: 0) == .writable)
        _ = Socket.send(pair.client.rawValue, [1].span)
        try waitUntil(pair.server.rawValue, .readable)
        #expect(try poll(&poller) == 1)
        #expect(poller.readiness(at: 0) == [.readable, .writable])
    }

    @Test func `an interest that is taken away is not reported`() throws {
        let pair = try LoopbackPair()
        var poller = try Poller()
        try poller.add(pair.server.rawValue, token: 1, .writable)
        try poller.modify(pair.server.rawValue, token: 2, [])
        #expect(try poll(&poller) == 0)
        try poller.modify(pair.server.rawValue, token: 2, .writable)
        #expect(try poll(&poller) == 1)
        #expect(poller.token(at: 0) == 2)
        try poller.remove(pair.server.rawValue)
        #expect(try poll(&poller) == 0)
    }

    @Test func `an edge is told once, again when more comes, and again when the interest changes`() throws {
        let pair = try LoopbackPair()
        var poller = try Poller()
        try poller.add(pair.server.rawValue, token: 1, [.edge, .readable])
        for _ in 0..<2 {
            _ = Socket.send(pair.client.rawValue, [1].span)
            try waitUntil(pair.server.rawValue, .readable)
            #expect(try poll(&poller) == 1)
            #expect(poller.readiness(at: 0).isReadable && !poller.readiness(at: 0).isEnding)
            #expect(try poll(&poller) == 0)
        }
        try poller.modify(pair.server.rawValue, token: 1, [.edge, .readable])
        #expect(try poll(&poller) == 1)
        Socket.shutdownWrite(pair.client.rawValue)
        try waitUntil(pair.server.rawValue, .readable)
        #expect(try poll(&poller) == 1)
        #expect(poller.readiness(at: 0).isReadable && poller.readiness(at: 0).isEnding)
    }

    @Test func `readiness shows again in the poller that a descriptor moved to`() throws {
        let pair = try LoopbackPair()
        _ = Socket.send(pair.client.rawValue, [1].span)
        try waitUntil(pair.server.rawValue, .readable)
        var source = try Poller()
        var target = try Poller()
        try source.add(pair.server.rawValue, token: 1, .readable)
        #expect(try poll(&source) == 1)
        try source.remove(pair.server.rawValue)
        try target.add(pair.server.rawValue, token: 9, .readable)
        #expect(try poll(&target) == 1)
        #expect(target.token(at: 0) == 9)
    }

    @Test func `more events than one wait returns come with the next one`() throws {
        var wakers: [Waker] = []
        var poller = try Poller()
        for index in 0..<(Poller.eventsMax + 3) {
            let waker = try Waker()
            waker.wake()
            try poller.add(waker.descriptor, token: UInt64(index), .readable)
            wakers.append(waker)
        }
        var seen: Set<UInt64> = []
        while seen.count < wakers.count {
            let count = try poll(&poller)
            try #require(count > 0 && count <= Poller.eventsMax)
            for index in 0..<count {
                seen.insert(poller.token(at: index))
                wakers[Int(poller.token(at: index))].acknowledge()
            }
        }
        #expect(try poll(&poller) == 0)
    }

    private func poll(_ poller: inout Poller) throws -> Int {
        try poller.wait(until: .zero, now: SystemClock.now())
    }
}
