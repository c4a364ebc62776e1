import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Who cancels a report, and what the operator's endpoint has to say about it (PROTOCOLS 2-20, §4.5).
extension ChannelReportTests {
    private var cancel: String { #"{"type":"cancel_report","reason":"no longer needed"}"# }

    @Test(arguments: [false, true])
    func `its owner cancels a report, which its producer hears`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        service.report(id, .running, 40, owner: "u1")
        let owner = service.open("/api/v1/reports/progress/\(id)", as: "u1")
        let producer = service.join(as: "p1", roles: ["publisher"])
        service.subscribe(producer, "reports:control:\(id)")
        _ = service.take(owner)
        #expect(service.say(cancel, on: owner) == [status(id, "cancelled", 40)])
        #expect(
            service.take(producer) == [
                #"{"type":"report.cancel","data":{"reportId":"\#(id)","reason":"no longer needed","userId":"u1"},"#
                    + #""channel":"reports:control:\#(id)","timestamp":"T"}"#
            ])
        #expect(!service.isPaused(owner))
        let again = service.say(cancel, on: owner)
        #expect(again.count == 1)
        #expect(again.first?.contains("REPORT_NOT_CANCELLABLE") == true)
    }

    @Test(arguments: [false, true], [false, true])
    func `who cancels with an id gets the status with it, behind the news that all hear`(
        isRemote: Bool, hasHook: Bool
    ) {
        var (service, id) = service(isRemote) { $0.hasHook = hasHook }
        service.report(id, .running, 40)
        let path = "/api/v1/reports/progress/\(id)"
        let (canceller, watcher) = (service.open(path, as: "u1"), service.open(path, as: "u1"))
        _ = (service.take(canceller), service.take(watcher))
        var heard = service.say(#"{"type":"cancel_report","id":"c7"}"#, on: canceller)
        if hasHook {
            #expect(heard.isEmpty)
            service.reply(.accepted, to: 1, loop: isRemote ? 1 : 0)
            heard = service.take(canceller)
        }
        let news = status(id, "cancelled", 40)
        #expect(heard == [news, news.dropLast() + #","id":"c7"}"#])
        #expect(service.take(watcher) == [news])
        #expect(!service.isPaused(canceller))
    }

    @Test(arguments: [false, true])
    func `others are refused, administrators are not`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        service.report(id, .running, 40, owner: "u1")
        let path = "/api/v1/reports/progress/\(id)"
        let (anonymous, other) = (service.open(path), service.open(path, as: "u2"))
        let admin = service.open(path, as: "u3", roles: ["admin"])
        _ = (service.take(anonymous), service.take(other), service.take(admin))
        #expect(service.say(cancel, on: anonymous).first?.contains("UNAUTHORIZED") == true)
        #expect(service.say(cancel, on: other).first?.contains("FORBIDDEN") == true)
        #expect(service.say(cancel, on: admin) == [status(id, "cancelled", 40)])
    }

    @Test func `a report without owner is cancelled by anybody with an identity, in open mode by anybody`() {
        var (service, id) = service(false)
        service.report(id, .running, 1)
        let anonymous = service.open("/api/v1/reports/progress/\(id)")
        let user = service.open("/api/v1/reports/progress/\(id)", as: "u2")
        _ = (service.take(anonymous), service.take(user))
        #expect(service.say(cancel, on: anonymous).first?.contains("UNAUTHORIZED") == true)
        #expect(service.say(cancel, on: user) == [status(id, "cancelled", 1)])
        var open = ChannelsFixture { $0.isOpen = true }
        open.report("r1", .running, 1, owner: "u1")
        let anybody = open.open("/api/v1/reports/progress/r1", identity: .assumed)
        _ = open.take(anybody)
        #expect(open.say(cancel, on: anybody) == [status("r1", "cancelled", 1)])
    }

    @Test func `a report that nobody has spoken of cannot be cancelled`() {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/r1", as: "u1")
        _ = service.take(peer)
        #expect(service.say(cancel, on: peer).first?.contains("REPORT_NOT_FOUND") == true)
    }

    @Test(arguments: [false, true])
    func `with an endpoint it ends once that agrees, asked once however many want it`(isRemote: Bool) {
        var (service, id) = service(isRemote) { $0.hasHook = true }
        service.report(id, .running, 40)
        let first = service.open("/api/v1/reports/progress/\(id)", as: "u1")
        let second = service.open("/api/v1/reports/progress/\(id)", as: "u2")
        _ = (service.take(first), service.take(second))
        #expect(service.say(cancel, on: first).isEmpty)
        #expect(service.say(#"{"type":"cancel_report"}"#, on: second).isEmpty)
        #expect(!service.isPaused(first))
        let calls = service.hooks.filter { $0.event == "report_cancel" }
        #expect(calls.count == 1)
        #expect(
            calls.first.map { String(decoding: $0.body, as: UTF8.self) }
                == #"{"reportId":"\#(id)","reason":"no longer needed","userId":"u1"}"#)
        service.reply(.accepted, to: calls.first?.ticket ?? 0, loop: isRemote ? 1 : 0)
        #expect(service.take(first) == [status(id, "cancelled", 40)])
        #expect(service.take(second) == [status(id, "cancelled", 40)])
    }

    @Test(
        arguments: [
            (HookReply.refused(status: 409), "REPORT_NOT_CANCELLABLE"), (.unavailable("timeout"), "INTERNAL"),
        ], [false, true])
    func `where the endpoint does not agree, those who asked are told and may ask again`(
        answer: (HookReply, String), isRemote: Bool
    ) {
        var (service, id) = service(isRemote) { $0.hasHook = true }
        service.report(id, .running, 40)
        let peer = service.open("/api/v1/reports/progress/\(id)", as: "u1")
        _ = service.take(peer)
        for ticket in [UInt64(1), 2] {
            service.say(#"{"type":"cancel_report","id":5}"#, on: peer)
            service.reply(answer.0, to: ticket, loop: isRemote ? 1 : 0)
            let heard = service.take(peer)
            #expect(heard.count == 1)
            #expect(heard.first?.contains(answer.1) == true)
            #expect(heard.first?.contains(#""id":5"#) == true)
        }
        #expect(service.request(.getReport(id)).text.contains("running"))
    }

    @Test func `a report that ends while the endpoint thinks stays as it ended`() {
        var service = ChannelsFixture { $0.hasHook = true }
        service.report("r1", .running, 40)
        let peer = service.open("/api/v1/reports/progress/r1", as: "u1")
        service.say(cancel, on: peer)
        service.complete("r1")
        _ = service.take(peer)
        service.reply(.accepted, to: 1)
        #expect(service.take(peer).first?.contains("REPORT_NOT_CANCELLABLE") == true)
        #expect(service.request(.getReport("r1")).text.contains("completed"))
    }

    @Test func `an acceptance that comes after a reset does not end the next run`() {
        var service = ChannelsFixture { $0.hasHook = true }
        service.report("r1", .running, 40)
        let peer = service.open("/api/v1/reports/progress/r1", as: "u1")
        service.say(cancel, on: peer)
        service.report("r1", .running, 5, reset: true)
        service.say(cancel, on: peer)
        _ = service.take(peer)
        service.reply(.accepted, to: 1)
        #expect(service.take(peer).first?.contains("REPORT_NOT_CANCELLABLE") == true)
        #expect(service.request(.getReport("r1")).text.contains("running"))
        service.reply(.accepted, to: 2)
        #expect(service.take(peer) == [status("r1", "cancelled", 5)])
    }

    @Test(arguments: [false, true], [HookReply.accepted, .refused(status: 409)])
    func `who cancels again before the endpoint has said anything is answered each time`(
        isRemote: Bool, reply: HookReply
    ) {
        var (service, id) = service(isRemote) { $0.hasHook = true }
        service.report(id, .running, 40)
        let peer = service.open("/api/v1/reports/progress/\(id)", as: "u1")
        _ = service.take(peer)
        for number in 1...5 {
            let heard = service.say(#"{"type":"cancel_report","id":\#(number)}"#, on: peer)
            #expect(heard.isEmpty == (number < 5), "\(heard)")
            #expect(heard.first?.contains("RATE_LIMITED") ?? true)
        }
        service.reply(reply, to: 1, loop: isRemote ? 1 : 0)
        let answers = service.take(peer).filter { $0.contains(#""id":"#) }
        #expect(answers.map { $0.suffix(7) } == (1...4).map { #""id":\#($0)}"# })
    }

    @Test func `a connection waits once for the endpoint, and at most 64 do`() {
        var service = ChannelsFixture { $0.hasHook = true }
        service.report("r1", .running, 40)
        let peers = (1...65).map { service.open("/api/v1/reports/progress/r1", as: "u\($0)") }
        for peer in peers { _ = service.take(peer) }
        for peer in peers.dropLast() {
            #expect(service.say(cancel, on: peer).isEmpty)
            #expect(service.say(cancel, on: peer).isEmpty)
        }
        #expect(service.say(cancel, on: peers[64]).first?.contains("RATE_LIMITED") == true)
        service.reply(.refused(status: 409), to: 1)
        for peer in peers.dropLast() { #expect(service.take(peer).count == 1) }
        #expect(service.take(peers[64]).isEmpty)
    }

    @Test func `who cancels is for producers to hear, unless a rule says otherwise`() {
        var service = ChannelsFixture()
        let anonymous = service.join()
        let user = service.join(as: "u1")
        #expect(service.subscribe(anonymous, "reports:control:r1").first?.contains("UNAUTHORIZED") == true)
        #expect(service.subscribe(user, "reports:control:r1").first?.contains("FORBIDDEN") == true)
        let lockers = service.join(as: "l", roles: ["service"])
        #expect(service.subscribe(lockers, "reports:control:r1").first?.contains("FORBIDDEN") == true)
        for role in ["publisher", "admin"] {
            let peer = service.join(as: "p", roles: [role])
            #expect(service.subscribe(peer, "reports:control:r1").first?.contains("subscribed") == true)
        }
        var rule = ChannelRule(pattern: "reports:control:*")
        rule.subscribers = ["authenticated"]
        service.machines[0].configuration.rules = [rule]
        #expect(service.subscribe(user, "reports:control:r1").first?.contains("subscribed") == true)
    }
}
