import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Too much and too wrong: PROTOCOLS C6, 0-1, 0-22, 4441, 4529.
@Suite struct LimitTests {
    @Test func `the twentieth invalid message within a minute is answered and then closes (0-22)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        for _ in 1...19 {
            #expect(service.receive("?", on: connection).count == 1)
            service.wait(.seconds(3))
        }
        #expect(service.receive(#"{"type":"?"}"#, on: connection).suffix(1) == [.closed(connection, .tooManyErrors)])
        #expect(service.receive(#"{"type":"ping"}"#, on: connection) == [])
    }

    @Test func `nineteen invalid messages a minute go on for ever (0-22)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        for _ in 1...100 {
            #expect(service.receive("{}", on: connection).count == 1)
            service.wait(.milliseconds(60_000 / 19 + 1))
        }
    }

    @Test func `only what cannot be understood counts towards 4441 (2-8)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        for _ in 1...100 {
            #expect(
                service.say(.heartbeat(user: "u1", window: "w1"), on: connection)
                    == [.message(connection, .refused(.notRegistered))])
        }
    }

    @Test func `four hundred messages may come at once, then two hundred a second (C6)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        let heartbeat = AwarenessClientMessage.heartbeat(user: "u1", window: "w1")
        service.wait(.seconds(10))
        for _ in 1...400 { #expect(service.say(heartbeat, on: connection) == []) }
        let refused = service.say(heartbeat, on: connection)
        #expect(refused == [.message(connection, .refused(.rateLimited, .retryAfter(milliseconds: 6)))])
        service.wait(.milliseconds(5))
        #expect(service.say(heartbeat, on: connection) == [])
    }

    @Test func `three seconds with an excess within ten close 4529 (C6)`() {
        var service = AwarenessFixture { $0.messageRate = TokenRate(tokens: 1, each: .seconds(5)) }
        let connection = service.open()
        let heartbeat = AwarenessClientMessage.heartbeat(user: "u1", window: "w1")
        for _ in 1...50 { service.say(heartbeat, on: connection) }
        service.wait(.seconds(1))
        #expect(service.say(heartbeat, on: connection).count == 1)
        service.wait(.seconds(1))
        let last = service.say(heartbeat, on: connection)
        #expect(last.count == 2 && last.last == .closed(connection, .rateLimited))
    }

    @Test func `seconds with an excess further apart are forgiven (C6)`() {
        var service = AwarenessFixture { $0.messageRate = TokenRate(tokens: 1, each: .seconds(100)) }
        let connection = service.open()
        let heartbeat = AwarenessClientMessage.heartbeat(user: "u1", window: "w1")
        service.say(heartbeat, on: connection)
        for _ in 1...10 {
            #expect(service.say(heartbeat, on: connection).count == 1)
            service.wait(.seconds(5))
        }
    }

    @Test func `twenty registers in ten seconds are enough`() {
        var service = AwarenessFixture()
        let connection = service.open()
        for _ in 1...20 { #expect(service.register("w1", "C1", on: connection).count == 1) }
        #expect(
            service.register("w1", "C1", on: connection)
                == [.message(connection, .refused(.rateLimited, .retryAfter(milliseconds: 501)))])
        service.wait(.seconds(10))
        for _ in 1...20 {
            #expect(
                service.register("w1", "C1", on: connection)
                    == [.message(connection, .registered(window: "w1", case: "C1"))])
        }
    }

    @Test func `ten pings a second are answered even to a connection that is over its limit (0-1)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        for _ in 1...400 { service.say(.heartbeat(user: "u1", window: "w1"), on: connection) }
        for _ in 1...10 {
            #expect(service.say(.ping, on: connection) == [.message(connection, .pong(service.moment.timestamp))])
        }
        #expect(service.say(.ping, on: connection).count == 1)
        #expect(service.machine.counters[AwarenessErrorCode.rateLimited] == 2)
    }

    @Test func `without a rate limit nothing is limited (C6)`() {
        var service = AwarenessFixture { $0.messageRate = nil }
        let connection = service.open()
        for _ in 1...1_000 { #expect(service.register("w1", "C1", on: connection).count == 1) }
        for _ in 1...1_000 { #expect(service.say(.ping, on: connection).count == 1) }
        #expect(service.machine.counters[AwarenessErrorCode.rateLimited] == 0)
    }

    @Test func `messages that do not decode cost no tokens (C6)`() {
        var service = AwarenessFixture { $0.messageRate = TokenRate(tokens: 1, each: .seconds(100)) }
        let connection = service.open()
        for _ in 1...10 { service.receive("?", on: connection) }
        #expect(
            service.say(.focus(user: "u1", window: "w1"), on: connection)
                == [.message(connection, .refused(.notRegistered))])
    }
}

/// The counters by themselves.
@Suite struct LimitCounterTests {
    @Test func `a token bucket refills at its rate and never above its size`() {
        let rate = TokenRate(tokens: 10, each: .seconds(1), burst: 3)
        var bucket = TokenBucket()
        var now = Instant.zero + .seconds(1)
        for _ in 1...3 { #expect(bucket.take(at: now, rate) == true) }
        #expect(bucket.take(at: now, rate) == false)
        #expect(bucket.wait(at: now, rate) == .milliseconds(100))
        now = now + .milliseconds(100)
        #expect(bucket.take(at: now, rate) == true)
        #expect(bucket.take(at: now, rate) == false)
        now = now + .seconds(1000)
        for _ in 1...3 { #expect(bucket.take(at: now, rate) == true) }
        #expect(bucket.take(at: now, rate) == false)
    }

    @Test func `the twentieth event within the window counts, not the twentieth at its end`() {
        var counter = InvalidMessageCounter()
        let start = Instant.zero
        for number in 0..<19 { #expect(counter.count(at: start + .seconds(number)) == false) }
        var late = counter
        #expect(counter.count(at: start + .milliseconds(59_999)) == true)
        #expect(late.count(at: start + .seconds(60)) == false)
    }

    @Test func `the duplicate filter forgets after a second and on demand`() {
        var filter = DuplicateFilter()
        let connection = ConnectionID(slot: 1, generation: 1)
        let other = ConnectionID(slot: 2, generation: 1)
        let now = Instant.zero + .seconds(1)
        #expect(filter.admit(1, to: connection, at: now) == true)
        #expect(filter.admit(1, to: connection, at: now) == false)
        #expect(filter.admit(2, to: connection, at: now) == true)
        #expect(filter.admit(1, to: other, at: now) == true)
        filter.forget(connection)
        #expect(filter.admit(1, to: connection, at: now) == true)
        #expect(filter.admit(1, to: other, at: now + .milliseconds(999)) == false)
        #expect(filter.admit(1, to: other, at: now + .seconds(1)) == true)
    }
}
