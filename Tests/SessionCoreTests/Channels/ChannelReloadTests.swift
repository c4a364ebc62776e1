import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Rules that are read again while connections are subscribed (PROTOCOLS C12).
@Suite struct ChannelReloadTests {
    /// Opens the channels of a pattern to a role alone.
    private func close(_ pattern: String, to role: String = "staff") -> (inout ChannelsConfiguration) -> Void {
        { configuration in
            var rule = ChannelRule(pattern: pattern)
            rule.subscribers = [role]
            configuration.rules = [rule]
        }
    }

    private func error(_ code: String, _ channel: String) -> String {
        let message = code == "FORBIDDEN" ? "Not allowed" : "Authentication required"
        return #"{"type":"error","code":"\#(code)","message":"\#(message)","channel":"\#(channel)","timestamp":"T"}"#
    }

    @Test(arguments: [0, 1])
    func `who may not hear a channel any more is told so and hears it no more`(owner: Int) {
        var service = ChannelsFixture(loops: 2)
        let (closed, open) = (service.channel(ownedBy: owner), service.channel(ownedBy: owner, "public:c"))
        let (user, anonymous) = (service.join(as: "u1"), service.join())
        let staff = service.join(as: "u2", roles: ["staff"])
        for peer in [user, anonymous, staff] { service.subscribe(peer, closed, open) }
        service.reload(close("test:*"))
        #expect(service.take(user) == [error("FORBIDDEN", closed)])
        #expect(service.take(anonymous) == [error("UNAUTHORIZED", closed)])
        #expect(service.take(staff).isEmpty)
        #expect(service.broadcast(closed, #"{"type":"x"}"#).contains(#""delivered":1"#))
        #expect(service.broadcast(open, #"{"type":"y"}"#).contains(#""delivered":3"#))
        #expect(service.take(user).allSatisfy { $0.contains(#""type":"y""#) })
        #expect(service.machines[0].channels(of: user.id) == [open])
        #expect(service.closes.isEmpty)
    }

    @Test func `rules that open more, or are the same, disturb nobody`() {
        var service = ChannelsFixture(loops: 1, close("test:*", to: "authenticated"))
        let user = service.join(as: "u1")
        service.subscribe(user, "test:a", "user:alerts")
        service.reload { _ in }
        service.reload { $0.rules = [] }
        service.reload { $0.isOpen = true }
        #expect(service.take(user).isEmpty)
        #expect(service.machines[0].channels(of: user.id) == ["test:a", "user:u1:alerts"])
        let stranger = service.join()
        service.subscribe(stranger, "alerts:x")
        service.reload { $0.isOpen = false }
        #expect(service.take(stranger) == [error("UNAUTHORIZED", "alerts:x")], "the end of open mode counts, too")
    }

    @Test func `a connection that came for one channel is closed, one that hears notices goes on without it`() {
        var service = ChannelsFixture()
        let report = service.open("/api/v1/reports/progress/r1", as: "u1")
        let stream = service.open("/api/v1/reports/stream/t1")
        let notified = service.open("/api/v1/reports/notifications", as: "u1")
        for peer in [report, stream, notified] { _ = service.take(peer) }
        service.reload(close("reports:*"))
        #expect(service.take(report) == [error("FORBIDDEN", "reports:progress:r1")])
        #expect(service.take(stream) == [error("UNAUTHORIZED", "reports:data:t1")])
        #expect(service.closes == [report: .forbidden, stream: .unauthorized])
        #expect(service.take(notified).count == 3)
        #expect(service.machines[0].channels(of: notified.id) == ["user:u1:reports"])
    }

    @Test func `a subscription on its way to the owner is judged by the rules of its arrival`() {
        var service = ChannelsFixture(loops: 2)
        let channel = service.channel(ownedBy: 1)
        let peer = service.join(as: "u1")
        service.carriesParcels = false
        #expect(service.say(#"{"type":"subscribe","channel":"\#(channel)","id":"s1"}"#, on: peer).isEmpty)
        service.reload(close("test:*"))
        #expect(service.take(peer).isEmpty)
        service.carry()
        #expect(service.take(peer) == [error("FORBIDDEN", channel).dropLast() + #","id":"s1"}"#])
        #expect(!service.isPaused(peer))
        #expect(service.machines[0].channels(of: peer.id).isEmpty && service.parcelCount == 0)
        let report = service.report(ownedBy: 1)
        let watcher = service.open("/api/v1/reports/progress/\(report)", as: "u1")
        service.reload(close("reports:*"))
        service.carry()
        #expect(service.take(watcher).last == error("FORBIDDEN", "reports:progress:\(report)"))
        #expect(service.closes[watcher] == .forbidden)
    }
}
