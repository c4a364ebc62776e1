import SessionBase
import SessionCodec
import SessionCore
import Testing

/// The notifications, which hear without asking (PROTOCOLS 2-27, §4.4), and `/ws/health` (2-18).
@Suite struct ChannelNotificationTests {
    private static let path = "/api/v1/reports/notifications"

    private func notice(_ id: String?, start: String, duration: String? = "PT30M") -> String {
        #"{"type":"maintenance_notice","data":{"#
            + (id.map { #""id":"\#($0)","# } ?? "") + #""message":"soon","startTime":"\#(start)""#
            + (duration.map { #","duration":"\#($0)""# } ?? "") + "}}"
    }

    /// What a newcomer hears besides the welcome, as the ids or the messages' start times.
    private func shown(in service: inout ChannelsFixture) -> [String] {
        let peer = service.open(Self.path)
        return service.take(peer).dropFirst().map { text in
            let data = (try? JSONValue.parse(text))?["data"]
            return data?["id"]?.string ?? data?["startTime"]?.string ?? text
        }
    }

    @Test(arguments: [1, 2])
    func `an anonymous peer hears the system's channels, without a word`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.open(Self.path)
        let heard = service.take(peer)
        #expect(heard.count == 1)
        #expect(
            heard.first?.contains(#""availableChannels":["reports:system","reports:maintenance","reports:alerts"]"#)
                == true)
        #expect(
            service.machines[0].channels(of: peer.id).sorted() == [
                "reports:alerts", "reports:maintenance", "reports:system",
            ])
        #expect(!service.isPaused(peer))
        let alert = #"{"type":"system_alert","data":{"level":"warning","message":"high load","action":"wait"}}"#
        service.broadcast("reports:alerts", alert)
        #expect(
            service.take(peer) == [
                #"{"type":"system_alert","data":{"level":"warning","message":"high load","action":"wait"},"#
                    + #""channel":"reports:alerts","timestamp":"T"}"#
            ])
    }

    @Test(arguments: [1, 2])
    func `a user hears its own reports' news besides`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.open(Self.path, as: "u1")
        #expect(service.take(peer).first?.contains(#""reports:alerts","user:u1:reports"]"#) == true)
        service.broadcast("user:u1:reports", #"{"type":"ready"}"#)
        #expect(service.take(peer).count == 1)
    }

    @Test func `a channel that a rule closes is left out`() {
        var service = ChannelsFixture { configuration in
            var rule = ChannelRule(pattern: "reports:alerts")
            rule.subscribers = ["operator"]
            configuration.rules = [rule]
        }
        let peer = service.open(Self.path, as: "u1")
        #expect(
            service.machines[0].channels(of: peer.id) == ["reports:system", "reports:maintenance", "user:u1:reports"])
        let heard = service.take(peer)
        #expect(heard.count == 1)
        #expect(heard.first?.contains("reports:alerts") == false)
    }

    @Test func `a notice of more than 64 KiB is published, and not remembered`() {
        var service = ChannelsFixture()
        let peer = service.open(Self.path)
        _ = service.take(peer)
        let long = String(repeating: "x", count: 64 << 10)
        service.broadcast("reports:maintenance", notice(long, start: "2024-01-07T11:00:00Z"))
        service.broadcast("reports:maintenance", notice("short", start: "2024-01-07T11:00:00Z"))
        #expect(service.take(peer).count == 2)
        #expect(shown(in: &service) == ["short"])
    }

    @Test(arguments: ["subscribe", "unsubscribe", "request_update", "apply_filter"])
    func `nothing is asked but ping and get_status`(type: String) {
        var service = ChannelsFixture()
        let peer = service.open(Self.path)
        _ = service.take(peer)
        let text = #"{"type":"\#(type)","channel":"test:a","filter":{}}"#
        #expect(service.say(text, on: peer).first?.contains("UNKNOWN_TYPE") == true)
        #expect(service.say(#"{"type":"ping"}"#, on: peer).count == 1)
    }

    // MARK: Maintenance notices

    @Test(arguments: [1, 2])
    func `a maintenance notice is shown to newcomers until its window is over`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        service.broadcast("reports:maintenance", notice("m1", start: "2024-01-07T11:00:00.000Z"))
        let peer = service.open(Self.path)
        #expect(
            service.take(peer).dropFirst() == [
                #"{"type":"maintenance_notice","data":{"id":"m1","message":"soon","#
                    + #""startTime":"2024-01-07T11:00:00.000Z","duration":"PT30M"},"#
                    + #""channel":"reports:maintenance","timestamp":"T"}"#
            ])
        service.wait(.seconds(3599))
        #expect(shown(in: &service) == ["m1"])
        service.wait(.seconds(1))
        #expect(shown(in: &service).isEmpty)
    }

    @Test func `a notice replaces the one of the same id, one without id the one without`() {
        var service = ChannelsFixture()
        let start = "2024-01-07T11:00:00.000Z"
        service.broadcast("reports:maintenance", notice("m1", start: start))
        service.broadcast("reports:maintenance", notice("m2", start: start))
        service.broadcast("reports:maintenance", notice("m1", start: start))
        service.broadcast("reports:maintenance", notice(nil, start: "2024-01-07T12:00:00.000Z"))
        service.broadcast("reports:maintenance", notice(nil, start: "2024-01-07T13:00:00.000Z"))
        #expect(shown(in: &service) == ["m2", "m1", "2024-01-07T13:00:00.000Z"])
    }

    @Test func `a notice whose window is over takes down the one it replaces`() {
        var service = ChannelsFixture()
        service.broadcast("reports:maintenance", notice("m1", start: "2024-01-07T11:00:00.000Z"))
        service.broadcast("reports:maintenance", notice("m1", start: "2024-01-07T09:00:00.000Z"))
        #expect(shown(in: &service).isEmpty)
    }

    @Test func `a notice without a window is told and not remembered`() {
        var service = ChannelsFixture()
        let peer = service.open(Self.path)
        _ = service.take(peer)
        service.broadcast("reports:system", #"{"type":"maintenance_notice","message":"in 30 minutes","level":"info"}"#)
        service.broadcast("reports:system", notice("m1", start: "tomorrow"))
        service.broadcast("reports:system", notice("m2", start: "2024-01-07T11:00:00.000Z", duration: "30 minutes"))
        #expect(service.take(peer).count == 3)
        #expect(shown(in: &service).isEmpty)
    }

    @Test func `a notice without duration ends when it starts`() {
        var service = ChannelsFixture()
        service.broadcast("reports:system", notice("m1", start: "2024-01-07T11:00:00.000Z", duration: nil))
        #expect(shown(in: &service) == ["m1"])
        service.wait(.seconds(1800))
        #expect(shown(in: &service).isEmpty)
    }

    @Test func `notices of other channels are not remembered`() {
        var service = ChannelsFixture()
        service.broadcast("test:a", notice("m1", start: "2024-01-07T11:00:00.000Z"))
        #expect(shown(in: &service).isEmpty)
    }

    @Test func `a hundred notices of a channel are remembered`() {
        var service = ChannelsFixture()
        for number in 1...101 {
            service.broadcast("reports:system", notice("m\(number)", start: "2024-01-07T11:00:00.000Z"))
        }
        #expect(shown(in: &service) == (2...101).map { "m\($0)" })
    }

    @Test func `in a batch of another loop a notice is told and remembered in one step`() {
        var service = ChannelsFixture(loops: 2)
        let channels = ["reports:system", "reports:maintenance", "reports:alerts"]
        let peer = service.open(Self.path)
        _ = service.take(peer)
        let items = channels.map { channel in
            Result<ChannelsBroadcast, ChannelsFailure>.success(
                ChannelsBroadcast(
                    channel: channel, message: .of(notice("at-\(channel)", start: "2024-01-07T11:00:00.000Z"))))
        }
        for loop in 0...1 {
            let answer = service.request(.batch(items), loop: loop).text
            for channel in channels {
                #expect(answer.contains(#"{"delivered":1,"channel":"\#(channel)","offset":\#(loop + 1)}"#))
            }
        }
        #expect(service.take(peer).count == 6)
        #expect(shown(in: &service).sorted() == channels.map { "at-\($0)" }.sorted())
    }

    // MARK: Health

    @Test(arguments: ["/ws/health", "/channels/ws/health"])
    func `the health is one frame and a close`(path: String) {
        var service = ChannelsFixture()
        let peer = service.open(path)
        #expect(service.take(peer) == [#"{"type":"health","status":"ok","timestamp":"T"}"#])
        #expect(service.closes[peer] == .normal)
        service.close(peer)
        #expect(service.machines[0].statistics.connections == 0)
    }

    @Test func `while the server drains the health says so`() {
        var service = ChannelsFixture()
        service.machines[0].configuration.isDraining = true
        let peer = service.open("/ws/health")
        #expect(service.take(peer) == [#"{"type":"health","status":"draining","timestamp":"T"}"#])
    }
}
