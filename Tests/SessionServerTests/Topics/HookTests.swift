import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Synchronization
import TestSupport
import Testing

/// Calls of the operator's endpoint (PROTOCOLS 2-20).
@Suite struct HookTests {
    /// What a sender told.
    private final class Heard: Sendable {
        let replies = Mutex<[(loop: Int, ticket: UInt64, reply: HookReply)]>([])
        let lines = Mutex<[String]>([])
    }

    /// A sender and what it told.
    private struct Fixture {
        let heard: Heard
        let hooks: HookSender

        init(_ configuration: HookConfiguration?) throws {
            let heard = Heard()
            self.heard = heard
            hooks = try HookSender(configuration) { _, line in
                heard.lines.withLock { $0.append(line) }
            } listener: { loop, ticket, reply in
                heard.replies.withLock { $0.append((loop, ticket, reply)) }
            }
        }

        func call(_ number: UInt64, event: String = "channel_occupied", wantsReply: Bool = true) {
            let body = Array(#"{"event":"\#(event)","number":\#(number)}"#.utf8)
            hooks.call(HookCall(ticket: wantsReply ? number : nil, event: event, body: body), from: 3)
        }

        func reply(to ticket: UInt64) -> HookReply? {
            heard.replies.withLock { $0.first { $0.ticket == ticket }?.reply }
        }
    }

    private static func configuration(_ endpoint: HookEndpoint) -> HookConfiguration {
        var configuration = HookConfiguration(endpoint: endpoint.endpoint, secret: Array("secret".utf8))
        configuration.firstPause = .milliseconds(5)
        configuration.pauseMax = .milliseconds(20)
        return configuration
    }

    @Test func `the signature is the HMAC of the body`() throws {
        // RFC 4231 §4.3, test case 2.
        var configuration = HookConfiguration(
            endpoint: try Endpoint(parsing: "http://localhost/"), secret: Array("Jefe".utf8))
        let body = Array("what do ya want for nothing?".utf8)
        #expect(
            configuration.signature(of: body)
                == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        configuration.secret = nil
        #expect(configuration.signature(of: body) == nil)
    }

    @Test func `calls arrive in their order, signed, and are answered to the loop that asked`() throws {
        let endpoint = try HookEndpoint()
        let fixture = try Fixture(Self.configuration(endpoint))
        for number in UInt64(1)...20 { fixture.call(number) }
        eventually("all are answered") { fixture.heard.replies.withLock { $0.count } == 20 }
        let calls = endpoint.calls
        #expect(calls.map(\.body) == (1...20).map { #"{"event":"channel_occupied","number":\#($0)}"# })
        #expect(fixture.heard.replies.withLock { $0.allSatisfy { $0.loop == 3 && $0.reply == .accepted } })
        let first = try #require(calls.first)
        #expect(first.head.hasPrefix("POST /hook HTTP/1.1\r\n"))
        #expect(first.field("Content-Type") == "application/json")
        #expect(first.field("X-Sessionctl-Event") == "channel_occupied")
        #expect(
            first.field("X-Sessionctl-Signature")
                == Self.configuration(endpoint).signature(of: Array(first.body.utf8)))
        #expect(Set(calls.map { $0.field("X-Sessionctl-Delivery") }).count == 20)
        #expect(fixture.hooks.counters.accepted == 20)
    }

    @Test(arguments: [500, 503, 429, 408])
    func `a call that is not taken is tried again under its name, and the next one waits`(status: Int) throws {
        let endpoint = try HookEndpoint(statuses: [status, status])
        let fixture = try Fixture(Self.configuration(endpoint))
        fixture.call(1)
        fixture.call(2)
        eventually("both are answered") { fixture.reply(to: 2) == .accepted }
        #expect(fixture.reply(to: 1) == .accepted)
        let names = endpoint.calls.map { $0.field("X-Sessionctl-Delivery") }
        #expect(names.count == 4 && Set(names[..<3]).count == 1 && names[3] != names[2])
        #expect(fixture.hooks.counters.retries == 2)
    }

    @Test(arguments: [400, 403, 404, 302])
    func `another status is an answer`(status: Int) throws {
        let endpoint = try HookEndpoint(statuses: [status])
        let fixture = try Fixture(Self.configuration(endpoint))
        fixture.call(1)
        eventually("it is answered") { fixture.reply(to: 1) != nil }
        #expect(fixture.reply(to: 1) == .refused(status: status))
        #expect(endpoint.calls.count == 1 && fixture.hooks.counters.refused == 1)
        #expect(fixture.heard.lines.withLock { $0 }.allSatisfy { !$0.contains("secret") })
    }

    @Test func `an endpoint that is not there is given up`() throws {
        var configuration = HookConfiguration(endpoint: try Endpoint(parsing: "http://127.0.0.1:1/"))
        configuration.firstPause = .milliseconds(5)
        configuration.patience = .milliseconds(100)
        let fixture = try Fixture(configuration)
        fixture.call(1)
        eventually("it is given up") { fixture.reply(to: 1) != nil }
        guard case .unavailable = fixture.reply(to: 1) else {
            Issue.record("\(String(describing: fixture.reply(to: 1)))")
            return
        }
        #expect(fixture.hooks.counters.failed == 1 && fixture.hooks.counters.retries > 0)
    }

    @Test func `too many waiting calls are dropped, without waiting for anything`() throws {
        let endpoint = try HookEndpoint()
        endpoint.hold(true)
        let fixture = try Fixture(Self.configuration(endpoint))
        let count = UInt64(HookSender.waitingMax + 10)
        for number in 1...count { fixture.call(number) }
        // One or none is under way already, the others wait.
        #expect((9...10).contains(fixture.hooks.counters.dropped))
        guard case .unavailable? = fixture.reply(to: count) else {
            Issue.record("the last call was taken")
            return
        }
        endpoint.hold(false)
        fixture.hooks.stop()
    }

    @Test func `however much there is to tell, what is asked goes first`() throws {
        let endpoint = try HookEndpoint()
        endpoint.hold(true)
        let fixture = try Fixture(Self.configuration(endpoint))
        for number in UInt64(1)...UInt64(HookSender.waitingMax + 10) { fixture.call(number, wantsReply: false) }
        fixture.call(9999, event: "report_cancel")
        endpoint.hold(false)
        eventually("it is answered") { fixture.reply(to: 9999) == .accepted }
        #expect(endpoint.calls.prefix(2).contains { $0.field("X-Sessionctl-Event") == "report_cancel" })
        fixture.hooks.stop()
    }

    @Test func `without an endpoint a call is answered at once, and a reload may bring one`() throws {
        let fixture = try Fixture(nil)
        fixture.call(1)
        guard case .unavailable? = fixture.reply(to: 1) else {
            Issue.record("nobody was there to take it")
            return
        }
        let endpoint = try HookEndpoint()
        fixture.hooks.reload(Self.configuration(endpoint))
        fixture.call(2)
        eventually("it is made") { fixture.reply(to: 2) == .accepted }
    }

    @Test func `what waits at the end is still made`() throws {
        let endpoint = try HookEndpoint()
        let fixture = try Fixture(Self.configuration(endpoint))
        for number in UInt64(1)...5 { fixture.call(number) }
        fixture.hooks.stop(within: .seconds(60))
        #expect(endpoint.calls.count == 5)
        fixture.call(6)
        #expect(endpoint.calls.count == 5)
    }

    @Test(arguments: [1, 3])
    func `a server tells its operator who listens, and asks about cancelled reports`(threads: Int) throws {
        let endpoint = try HookEndpoint()
        let server = try RunningServer.openTopics(threads: threads) {
            $0.channelsHook = Self.configuration(endpoint)
        }
        let subscriber = try server.subscriber("test:a")
        eventually("it is told of the channel") {
            endpoint.calls.contains { $0.body.contains("channel_occupied") && $0.body.contains("test:a") }
        }
        let running = try server.call("PUT", "/api/v1/reports/r1/status", #"{"status":"running","progress":1}"#)
        #expect(running.status == .accepted)
        let watcher = try server.open("/api/v1/reports/progress/r1")
        #expect(try watcher.hear()["type"] == "welcome")
        #expect(try watcher.hear()["type"] == "report_status")
        try watcher.say(#"{"type":"cancel_report","reason":"no need"}"#)
        let cancelled = try watcher.hear()
        #expect(cancelled["data"]?["status"] == "cancelled")
        let call = try #require(endpoint.calls.first { $0.field("X-Sessionctl-Event") == "report_cancel" })
        #expect(call.body.contains(#""reportId":"r1""#))
        try subscriber.close()
    }
}
