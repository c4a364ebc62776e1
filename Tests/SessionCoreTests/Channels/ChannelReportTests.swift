import SessionBase
import SessionCodec
import SessionCore
import Testing

/// The progress of reports (PROTOCOLS 2-10, 2-19 … 2-23, §4.5), with the report at this loop and at another one.
@Suite struct ChannelReportTests {
    /// A service with a report that the first or the last loop owns, while connections are on the first.
    func service(
        _ isRemote: Bool, _ configure: (inout ChannelsConfiguration) -> Void = { _ in }
    ) -> (ChannelsFixture, report: String) {
        let service = ChannelsFixture(loops: isRemote ? 2 : 1, configure)
        return (service, service.report(ownedBy: isRemote ? 1 : 0))
    }

    func status(
        _ id: String, _ state: String, _ progress: Int, _ message: String? = nil, channel: String? = nil
    ) -> String {
        #"{"type":"report_status","data":{"reportId":"\#(id)","status":"\#(state)","progress":\#(progress)"#
            + (message.map { #","message":"\#($0)""# } ?? "")
            + #"},"channel":"\#(channel ?? "reports:progress:\(id)")","timestamp":"T"}"#
    }

    private func completed(_ id: String, channel: String? = nil) -> String {
        #"{"type":"report_completed","data":{"reportId":"\#(id)","#
            + #""downloadUrl":"/api/v1/reports/download/\#(id)","format":"pdf","fileSize":1024000},"#
            + #""channel":"\#(channel ?? "reports:progress:\(id)")","timestamp":"T"}"#
    }

    @Test(arguments: [false, true])
    func `a report that nobody has spoken of is waited for`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        let peer = service.open("/api/v1/reports/progress/\(id)")
        let heard = service.take(peer)
        #expect(heard.count == 2)
        #expect(heard.first?.hasPrefix(#"{"type":"welcome""#) == true)
        #expect(heard.last == status(id, "pending", 0, "Waiting for report"))
        #expect(!service.isPaused(peer))
        #expect(service.machines[0].channels(of: peer.id) == ["reports:progress:\(id)"])
    }

    @Test(arguments: [false, true])
    func `with strict ids it is refused with 4404`(isRemote: Bool) {
        var (service, id) = service(isRemote) { $0.hasStrictIDs = true }
        let peer = service.open("/api/v1/reports/progress/\(id)")
        #expect(service.take(peer).last?.contains("REPORT_NOT_FOUND") == true)
        #expect(service.closes[peer] == .notFound)
        service.report(id, .pending)
        let later = service.open("/api/v1/reports/progress/\(id)")
        #expect(service.take(later).last == status(id, "pending", 0))
    }

    @Test func `a path with an id that is none is refused with 4400`() {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/\(String(repeating: "x", count: 129))")
        #expect(service.take(peer).last?.contains("INVALID_MESSAGE") == true)
        #expect(service.closes[peer] == .badRequest)
    }

    @Test(arguments: [false, true])
    func `its news go to the report's watchers, to its channel and to everybody's`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        let watcher = service.open("/api/v1/reports/progress/\(id)")
        let own = service.join()
        let all = service.join()
        _ = service.take(watcher)
        service.subscribe(own, "reports:progress:\(id)")
        service.subscribe(all, "reports:progress")
        let message = "Generating charts and visualizations..."
        #expect(
            service.report(id, .running, 75, message: message)
                == #"202 {"delivered":2,"channel":"reports:progress:\#(id)","offset":1}"#)
        #expect(service.take(watcher) == [status(id, "running", 75, message)])
        #expect(service.take(own) == [status(id, "running", 75, message)])
        #expect(service.take(all) == [status(id, "running", 75, message, channel: "reports:progress")])
        service.complete(id)
        #expect(service.take(watcher) == [status(id, "completed", 100), completed(id)])
        #expect(
            service.take(all) == [
                status(id, "completed", 100, channel: "reports:progress"), completed(id, channel: "reports:progress"),
            ])
    }

    @Test(arguments: [false, true])
    func `whoever comes later sees where the report stands`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        service.report(id, .running, 40)
        let running = service.open("/api/v1/reports/progress/\(id)")
        #expect(service.take(running).dropFirst() == [status(id, "running", 40)])
        service.complete(id)
        let done = service.open("/api/v1/reports/progress/\(id)")
        #expect(service.take(done).dropFirst() == [status(id, "completed", 100), completed(id)])
    }

    @Test(arguments: [false, true])
    func `request_update is answered to the asker alone`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        service.report(id, .running, 40)
        let asker = service.open("/api/v1/reports/progress/\(id)")
        let other = service.open("/api/v1/reports/progress/\(id)")
        _ = (service.take(asker), service.take(other))
        #expect(service.say(#"{"type":"request_update"}"#, on: asker) == [status(id, "running", 40)])
        #expect(service.take(other).isEmpty)
        service.complete(id)
        _ = service.take(asker)
        #expect(
            service.say(#"{"type":"request_update"}"#, on: asker) == [status(id, "completed", 100), completed(id)])
        #expect(!service.isPaused(asker))
    }

    @Test func `request_update is limited to five a second`() {
        var service = ChannelsFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let peer = service.open("/api/v1/reports/progress/r1")
        _ = service.take(peer)
        for _ in 1...5 { #expect(service.say(#"{"type":"request_update"}"#, on: peer).count == 1) }
        let refusal = service.say(#"{"type":"request_update","id":"x"}"#, on: peer)
        #expect(refusal.first?.contains("RATE_LIMITED") == true)
        #expect(refusal.first?.contains(#""id":"x""#) == true)
        service.wait(.milliseconds(200))
        #expect(service.say(#"{"type":"request_update"}"#, on: peer).first?.contains("report_status") == true)
    }

    // MARK: States

    @Test(arguments: [(40, 30), (40, 39)])
    func `progress does not go back unless the report is reset`(first: Int, second: Int) {
        var service = ChannelsFixture()
        service.report("r1", .running, first)
        let refusal = service.report("r1", .running, second)
        #expect(refusal.hasPrefix(#"409 {"error":"REPORT_STATE""#))
        #expect(service.request(.getReport("r1")).text.contains(#""progress":40"#))
        #expect(service.report("r1", .running, second, reset: true).hasPrefix("202"))
        #expect(service.request(.getReport("r1")).text.contains(#""progress":\#(second)"#))
    }

    @Test func `a status without progress keeps it, and completed makes it 100`() {
        var service = ChannelsFixture()
        service.report("r1", .running, 40)
        service.report("r1", .running, message: "still")
        #expect(service.request(.getReport("r1")).text.contains(#""progress":40,"message":"still""#))
        service.report("r1", .completed, 60)
        #expect(
            service.request(.getReport("r1")).text == #"200 {"reportId":"r1","status":"completed","progress":100}"#)
    }

    @Test func `a status does not go back from running to pending`() {
        var service = ChannelsFixture()
        service.report("r1", .running, 10)
        #expect(service.report("r1", .pending, 10).hasPrefix("409"))
    }

    @Test(arguments: [ReportState.completed, .error, .cancelled], ReportState.allCases)
    func `nothing follows the end but a reset`(end: ReportState, next: ReportState) {
        var service = ChannelsFixture()
        service.report("r1", .running, 10)
        service.report("r1", end)
        #expect(service.report("r1", next, 100).hasPrefix("409"))
        #expect(service.report("r1", next, 5, reset: true).hasPrefix("202"))
    }

    @Test func `where the finished report is may be told right after its status, once`() {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/r1")
        _ = service.take(peer)
        service.report("r1", .completed)
        #expect(service.take(peer) == [status("r1", "completed", 100)])
        #expect(service.complete("r1").hasPrefix("202"))
        #expect(service.take(peer) == [completed("r1")])
        #expect(service.complete("r1").hasPrefix("409"))
        #expect(service.take(peer).isEmpty)
    }

    @Test(arguments: [ReportState.error, .cancelled])
    func `a report that failed is not completed`(end: ReportState) {
        var service = ChannelsFixture()
        service.report("r1", end)
        #expect(service.complete("r1").hasPrefix("409"))
    }

    @Test func `a failure is a status and then an error`() {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/r1")
        let all = service.join()
        service.subscribe(all, "reports:progress")
        _ = service.take(peer)
        service.report("r1", .error, message: "disk full")
        #expect(
            service.take(peer) == [
                status("r1", "error", 0, "disk full"),
                #"{"type":"error","code":"REPORT_FAILED","message":"disk full","#
                    + #""channel":"reports:progress:r1","timestamp":"T"}"#,
            ])
        #expect(service.take(all) == [status("r1", "error", 0, "disk full", channel: "reports:progress")])
    }

    @Test(arguments: [ReportState.completed, .error, .cancelled])
    func `a report is remembered for an hour after its end`(end: ReportState) {
        var service = ChannelsFixture()
        service.report("r1", .running, 1)
        service.report("r1", end)
        service.wait(.seconds(3599))
        #expect(service.request(.getReport("r1")).status == .ok)
        service.wait(.seconds(2))
        #expect(service.request(.getReport("r1")).text.hasPrefix(#"404 {"error":"REPORT_NOT_FOUND""#))
        #expect(service.machines[0].statistics.reports == 0)
        #expect(service.report("r1", .running, 1).hasPrefix("202"))
    }

    @Test func `a report that goes on is not forgotten with its first run`() {
        var service = ChannelsFixture()
        service.report("r1", .completed)
        service.wait(.seconds(1800))
        service.report("r1", .running, reset: true)
        service.wait(.seconds(7200))
        #expect(service.request(.getReport("r1")).text.contains("running"))
        service.wait(.seconds(86_400))
        #expect(service.request(.getReport("r1")).status == .notFound)
    }

    @Test func `asking for a status needs what watching needs`() {
        var service = ChannelsFixture { configuration in
            var rule = ChannelRule(pattern: "reports:progress:*")
            rule.subscribers = ["doctor"]
            configuration.rules = [rule]
        }
        service.report("r1", .running, 1)
        #expect(service.request(.getReport("r1")).status == .unauthorized)
        #expect(service.request(.getReport("r1"), by: Identity(user: "u1")).status == .forbidden)
        var doctor = Identity(user: "u2")
        doctor.roles = ["doctor"]
        #expect(service.request(.getReport("r1"), by: doctor).status == .ok)
        let anonymous = service.open("/api/v1/reports/progress/r1")
        #expect(service.take(anonymous).last?.contains("UNAUTHORIZED") == true)
        #expect(service.closes[anonymous] == .unauthorized)
        let user = service.open("/api/v1/reports/progress/r1", as: "u1")
        #expect(service.closes[user] == .forbidden)
        let watcher = service.open("/api/v1/reports/progress/r1", as: "u2", roles: ["doctor"])
        #expect(service.take(watcher).last == status("r1", "running", 1))
    }

    @Test func `reports beyond the room are refused, and have it once others have ended`() {
        var service = ChannelsFixture()
        let text = String(repeating: "x", count: 8 << 20)
        for number in 1...7 { service.report("r\(number)", .running, message: text) }
        #expect(service.report("r8", .running, message: text).hasPrefix("429"))
        #expect(service.request(.getReport("r8")).status == .notFound)
        service.report("r1", .error)
        service.report("r2", .error, message: text)
        #expect(service.report("r8", .running, message: text).hasPrefix("202"))
        #expect(service.report("r9", .running, message: text).hasPrefix("202"))
        #expect(service.request(.getReport("r2")).status == .notFound, "it had ended")
        #expect(service.request(.getReport("r3")).status == .ok)
    }

    // MARK: Templates and types

    @Test(arguments: [false, true])
    func `subscribe_template adds the rows of a template`(isRemote: Bool) {
        var (service, id) = service(isRemote)
        let template = service.template(ownedBy: isRemote ? 1 : 0)
        let peer = service.open("/api/v1/reports/progress/\(id)")
        _ = service.take(peer)
        #expect(
            service.say(#"{"type":"subscribe_template","templateId":"\#(template)"}"#, on: peer)
                == [#"{"type":"subscribed","channel":"reports:data:\#(template)","timestamp":"T"}"#])
        service.push(template, #"{"value":1}"#)
        #expect(
            service.take(peer) == [
                #"{"type":"data_update","data":{"value":1},"channel":"reports:data:\#(template)","timestamp":"T"}"#
            ])
    }

    @Test(arguments: ["subscribe", "unsubscribe", "publish", "update_interval", "apply_filter", "nonsense"])
    func `types of other routes do not exist`(type: String) {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/r1")
        _ = service.take(peer)
        let text =
            #"{"type":"\#(type)","channel":"test:a","message":{"type":"x"},"interval":0,"filter":{},"templateId":"t"}"#
        #expect(service.say(text, on: peer).first?.contains("UNKNOWN_TYPE") == true)
        #expect(service.say(#"{"type":"ping"}"#, on: peer).count == 1)
        #expect(service.say(#"{"type":"get_status"}"#, on: peer).count == 1)
    }

    @Test func `on one channel a status replaces none of another channel`() {
        var service = ChannelsFixture()
        let peer = service.join()
        service.subscribe(peer, "reports:progress:r1", "reports:progress")
        service.report("r1", .running, 1)
        service.report("r1", .running, 2)
        #expect(service.policies.count == 4)
        #expect(service.policies[0] != service.policies[1])
        #expect(service.policies.prefix(2) == service.policies.suffix(2))
    }

    @Test func `slow watchers get the newest status of each report, and its end besides`() {
        var service = ChannelsFixture()
        let peer = service.open("/api/v1/reports/progress/r1")
        _ = service.open("/api/v1/reports/progress/r2")
        _ = service.take(peer)
        service.report("r1", .running, 1)
        service.report("r1", .running, 2)
        service.report("r2", .running, 1)
        service.complete("r1")
        #expect(service.policies.count == 5)
        #expect(service.policies[0] == service.policies[1])
        #expect(service.policies[0] != service.policies[2])
        #expect(service.policies[0] == service.policies[3])
        #expect(service.policies[0] != service.policies[4])
        for policy in service.policies {
            guard case .conflate = policy else {
                Issue.record("\(policy)")
                return
            }
        }
    }
}
