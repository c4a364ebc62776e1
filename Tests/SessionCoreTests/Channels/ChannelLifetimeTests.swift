import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Silence, limits, expiry and revocation (PROTOCOLS 2-16, 2-17, C6, C17).
@Suite struct ChannelLifetimeTests {
    // MARK: Silence

    @Test func `a silent connection is closed at a sweep after five minutes`() {
        var service = ChannelsFixture()
        let silent = service.join()
        service.wait(.seconds(299))
        #expect(service.closes[silent] == nil)
        service.wait(.seconds(1))
        #expect(service.closes[silent] == .heartbeatTimeout)
        #expect(service.machines[0].counters.idleConnections == 1)
    }

    @Test(arguments: [true, false])
    func `pongs count as activity, unless silent sockets are meant literally`(counts: Bool) {
        var service = ChannelsFixture { $0.idleCountsPong = counts }
        let peer = service.join()
        for _ in 1...20 {
            service.wait(.seconds(30))
            service.pong(peer)
        }
        #expect(service.closes[peer] == (counts ? nil : .heartbeatTimeout))
    }

    @Test func `messages count as activity, and detection takes two sweeps at most`() {
        var service = ChannelsFixture { $0.idleCountsPong = false }
        let peer = service.join()
        service.wait(.seconds(1))
        service.say(#"{"type":"ping"}"#, on: peer)
        service.wait(.seconds(598))
        #expect(service.closes[peer] == nil)
        service.wait(.seconds(1))
        #expect(service.closes[peer] == .heartbeatTimeout)
    }

    @Test func `time-out and sweep are settings`() {
        var service = ChannelsFixture {
            $0.connectionTimeout = .seconds(10)
            $0.cleanupInterval = .seconds(3)
        }
        let peer = service.join()
        service.wait(.milliseconds(11_999))
        #expect(service.closes[peer] == nil)
        service.wait(.milliseconds(1))
        #expect(service.closes[peer] == .heartbeatTimeout)
    }

    @Test func `nothing is scheduled once everybody is gone`() {
        var service = ChannelsFixture()
        let peer = service.join()
        service.close(peer)
        service.wait(.seconds(300))
        #expect(service.machines[0].deadline == nil)
    }

    // MARK: Credentials

    private func identity(expiresIn seconds: Int64?, _ service: ChannelsFixture) -> Identity {
        var identity = Identity(user: "u1")
        identity.tokenID = "t1"
        identity.session = "s1"
        identity.issuedAt = Timestamp(milliseconds: service.moment.timestamp.milliseconds - 1000)
        identity.expiresAt = seconds.map {
            Timestamp(milliseconds: service.moment.timestamp.milliseconds + $0 * 1000)
        }
        return identity
    }

    @Test(arguments: [0, 60, 200_000] as [Int64])
    func `a connection ends 25 seconds after its credential`(seconds: Int64) {
        var service = ChannelsFixture { $0.connectionTimeout = .seconds(1_000_000) }
        let peer = service.open(identity: identity(expiresIn: seconds, service))
        service.wait(.milliseconds(seconds * 1000 + 24_999))
        #expect(service.closes[peer] == nil)
        service.wait(.milliseconds(1))
        #expect(service.closes[peer] == .tokenExpired)
    }

    @Test func `a credential without end never expires`() {
        var service = ChannelsFixture { $0.connectionTimeout = .seconds(1_000_000) }
        let peer = service.open(identity: identity(expiresIn: nil, service))
        service.wait(.seconds(900_000))
        #expect(service.closes[peer] == nil)
    }

    @Test(arguments: [Revocation.Target.user("u1"), .token("t1"), .session("s1")])
    func `a revocation closes those whom it hits, who hear nothing more`(target: Revocation.Target) {
        var service = ChannelsFixture()
        let hit = service.open(identity: identity(expiresIn: 60, service))
        let other = service.join(as: "u2")
        let anonymous = service.join()
        for peer in [hit, other, anonymous] { service.subscribe(peer, "test:a") }
        #expect(service.revoke(target) == 1)
        #expect(service.closes == [hit: .revoked])
        #expect(service.broadcast("test:a", #"{"type":"x"}"#).contains(#""delivered":2"#))
    }

    @Test func `issued_before hits credentials that are older`() {
        var service = ChannelsFixture()
        let hit = service.open(identity: identity(expiresIn: 60, service))
        #expect(
            service.revoke(.issuedBefore(Timestamp(milliseconds: service.moment.timestamp.milliseconds - 1000))) == 0)
        #expect(service.revoke(.issuedBefore(service.moment.timestamp)) == 1)
        #expect(service.closes == [hit: .revoked])
    }

    @Test func `a connection that is being closed is not listened to`() {
        var service = ChannelsFixture()
        let peer = service.open(identity: identity(expiresIn: 60, service))
        service.revoke(.user("u1"))
        _ = service.take(peer)
        service.say(#"{"type":"ping"}"#, on: peer)
        #expect(service.machines[0].counters.received(of: .ping) == 0)
        #expect(service.request(.sendToUser("u1", .of(#"{"type":"x"}"#))).text == #"202 {"delivered":0}"#)
        service.close(peer)
        #expect(service.machines[0].statistics == ChannelsMachine.Statistics())
    }

    // MARK: Limits

    private func limited() -> ChannelsFixture {
        ChannelsFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
    }

    @Test func `the 401st message at once is refused, with the time to wait`() {
        var service = limited()
        let peer = service.join()
        for _ in 1...400 {
            #expect(service.say(#"{"type":"ping"}"#, on: peer) == [#"{"type":"pong","timestamp":"T"}"#])
        }
        #expect(
            service.say(#"{"type":"ping","id":1}"#, on: peer) == [
                #"{"type":"error","code":"RATE_LIMITED","message":"Too many messages","retry_after_ms":6,"#
                    + #""timestamp":"T","id":1}"#
            ])
        #expect(service.machines[0].counters.rateLimited == 1)
        service.wait(.milliseconds(6))
        #expect(service.say(#"{"type":"ping"}"#, on: peer).first?.contains("pong") == true)
    }

    @Test func `three seconds with an excess within ten close the connection`() {
        var service = limited()
        let peer = service.join()
        for second in 1...3 {
            for _ in 1...650 where service.closes[peer] == nil { service.say(#"{"type":"ping"}"#, on: peer) }
            #expect((service.closes[peer] == .rateLimited) == (second == 3))
            service.wait(.seconds(1))
        }
    }

    @Test func `a message of a wrong channel takes a token, one that cannot be understood does not`() {
        var service = limited()
        let peer = service.join()
        for _ in 1...400 { service.subscribe(peer, "not valid") }
        #expect(service.subscribe(peer, "not valid").first?.contains("RATE_LIMITED") == true)
        #expect(service.say("{", on: peer).first?.contains("INVALID_JSON") == true)
    }

    @Test(arguments: ["{", "[]", #"{"type":7}"#, #"{"type":"nonsense"}"#, #"{"type":"subscribe"}"#])
    func `the twentieth message within a minute that cannot be understood is answered and closes`(text: String) {
        var service = ChannelsFixture()
        let peer = service.join()
        for number in 1...20 {
            #expect(service.say(text, on: peer).count == 1)
            #expect((service.closes[peer] == .tooManyErrors) == (number == 20))
        }
    }

    @Test func `refusals of what was understood never close`() {
        var service = ChannelsFixture()
        let peer = service.join()
        for _ in 1...100 { service.subscribe(peer, "admin:x", "not valid") }
        #expect(service.closes.isEmpty)
    }

    @Test(arguments: [
        ("", "INVALID_JSON"), ("{", "INVALID_JSON"), ("7", "INVALID_MESSAGE"), ("[]", "INVALID_MESSAGE"),
        ("{}", "INVALID_MESSAGE"), (#"{"type":"nonsense"}"#, "UNKNOWN_TYPE"),
        (#"{"type":"subscribe"}"#, "INVALID_MESSAGE"), (#"{"type":"subscribe","channel":7}"#, "INVALID_MESSAGE"),
    ])
    func `what is no message is refused with its code`(text: String, code: String) {
        var service = ChannelsFixture()
        let peer = service.join()
        let heard = service.say(text, on: peer)
        #expect(heard.count == 1)
        #expect(heard.first?.hasPrefix(#"{"type":"error","code":"\#(code)""#) == true)
    }

    @Test func `what happened is counted`() {
        var service = ChannelsFixture()
        let (first, second) = (service.join(), service.join())
        service.subscribe(first, "test:a", "admin:x")
        service.subscribe(second, "test:a")
        service.broadcast("test:a", #"{"type":"system_alert"}"#)
        service.say(#"{"type":"ping"}"#, on: first)
        var counters = service.machines[0].counters
        #expect(counters.received(of: .subscribe) == 3)
        #expect(counters.sent(of: .welcome) == 2)
        #expect(counters.sent(of: .subscribed) == 2)
        #expect(counters.sent(of: .systemAlert) == 2)
        #expect(counters.sent(of: .pong) == 1)
        #expect(counters.errors(.unauthorized) == 1)
        #expect(counters.publications == 1)
        #expect(counters.requests == 1)
        #expect(counters.peakConnections == 2)
        counters.merge(counters)
        #expect(counters.sent(of: .systemAlert) == 4)
        #expect(counters.peakConnections == 4)
    }
}
