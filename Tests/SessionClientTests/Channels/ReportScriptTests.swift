import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `report watch` and `report cancel` without a server: every end a report can have is a verdict.
@Suite struct ReportScriptTests {
    private func play(
        _ goal: ReportScript.Goal = .watch(lasting: nil), expecting patterns: [JSONValue] = [],
        silence: Duration? = nil
    ) -> WatchTranscript<ReportScript> {
        var conditions = StopRule.Conditions()
        (conditions.patterns, conditions.silence, conditions.within) = (patterns, silence, .seconds(2))
        return WatchTranscript(ReportScript("r1", goal, conditions, timeout: .seconds(3)))
    }

    private func status(_ state: String, _ progress: Int, _ message: String? = nil) -> String {
        let text = message.map { #","message":"\#($0)""# } ?? ""
        return
            #"{"type":"report_status","data":{"reportId":"r1","status":"\#(state)","progress":\#(progress)\#(text)}}"#
    }

    @Test func `a report is followed to its completion`() {
        var watch = play()
        #expect(watch.open() == [])
        #expect(watch.receive(status("pending", 0, "Waiting")) == ["tell pending 0% Waiting"])
        #expect(watch.script.deadline == nil)
        #expect(watch.receive(status("running", 40)) == ["tell running 40%"])
        #expect(watch.receive(status("running", 40)) == [])
        #expect(watch.receive(status("completed", 100)) == ["tell completed 100%"])
        let completed =
            #"{"type":"report_completed","data":{"reportId":"r1","downloadUrl":"/f","format":"pdf","fileSize":7}}"#
        #expect(watch.receive(completed) == ["tell download /f (pdf, 7 bytes)", "leave 0"])
    }

    @Test func `completed without its file is completed all the same`() {
        var watch = play()
        _ = watch.open()
        _ = watch.receive(status("completed", 100))
        #expect(watch.pass() == ["leave 0"] && watch.now == .zero + ReportScript.silence)
    }

    @Test func `a report that fails or is cancelled is false`() {
        var failing = play()
        _ = failing.open()
        #expect(failing.receive(status("error", 10, "No data")) == ["tell error 10% No data"])
        #expect(
            failing.receive(#"{"type":"error","code":"REPORT_FAILED","message":"No data"}"#)
                == ["tell error No data", "leave 1: report r1 ended as error: No data"])
        var cancelled = play()
        _ = cancelled.open()
        #expect(
            cancelled.receive(status("cancelled", 10))
                == ["tell cancelled 10%", "leave 1: report r1 ended as cancelled"])
    }

    @Test func `an unknown report, a silent server and a lost connection are told apart`() {
        var unknown = play()
        _ = unknown.open()
        #expect(
            unknown.receive(#"{"type":"error","code":"REPORT_NOT_FOUND","message":"none"}"#)
                == ["reject REPORT_NOT_FOUND 1"])
        var silent = play()
        _ = silent.open()
        #expect(silent.pass() == ["leave 75: the server did not answer about report r1 within 3 s"])
        var lost = play()
        _ = lost.open()
        #expect(lost.close(.abnormal) == ["leave 69: the connection ended before report r1 did"])
        var returning = play()
        _ = returning.open()
        #expect(returning.close(.abnormal, returns: true) == [])
        #expect(returning.script.deadline == nil)
    }

    @Test func `who gives up learns how far it is`() {
        var watch = play(.watch(lasting: .seconds(9)))
        _ = watch.open()
        _ = watch.receive(status("running", 30, "Reading"))
        #expect(watch.pass() == ["leave 75: report r1 has not ended yet: it is running 30% Reading"])
    }

    @Test func `what is expected of a report is told before it ends, or is missing`() {
        let half: JSONValue = ["data": ["progress": 50]]
        var met = play(expecting: [half])
        _ = met.open()
        #expect(met.receive(status("running", 40)) == ["tell running 40%"])
        #expect(met.receive(status("running", 50)) == ["tell running 50%", "leave 0"])
        var late = play(expecting: [half])
        _ = late.open()
        _ = late.receive(status("running", 40))
        #expect(late.pass().first?.hasPrefix("leave 1: expected  {\"data\":{\"progress\":50}}") == true)
        var missed = play(expecting: [half])
        _ = missed.open()
        _ = missed.receive(status("completed", 100))
        let completed =
            #"{"type":"report_completed","data":{"reportId":"r1","downloadUrl":"/f","format":"pdf","fileSize":7}}"#
        #expect(missed.receive(completed).last?.hasPrefix("leave 1: expected  ") == true)
        var wanted = play(expecting: [["data": ["status": "error"]]])
        _ = wanted.open()
        #expect(wanted.receive(status("error", 10, "No data")) == ["tell error 10% No data", "leave 0"])
    }

    @Test func `a report that is to stand still may begin anywhere, and not move`() {
        var still = play(silence: .seconds(1))
        _ = still.open()
        #expect(still.receive(status("running", 40)) == ["tell running 40%"])
        #expect(still.pass() == ["leave 0"])
        var moving = play(silence: .seconds(1))
        _ = moving.open()
        _ = moving.receive(status("running", 40))
        let moved = moving.receive(status("running", 41))
        #expect(moved.first == "tell running 41%" && moved.last?.hasPrefix("leave 1: expected  silence") == true)
    }

    @Test func `a cancellation is compared with what is expected of it`() {
        let pattern: JSONValue = ["data": ["status": "cancelled", "progress": 30]]
        var met = play(.cancel(reason: nil), expecting: [pattern])
        _ = met.open()
        #expect(met.receive(status("cancelled", 30)) == ["tell cancelled 30%", "leave 0"])
        var missed = play(.cancel(reason: nil), expecting: [pattern])
        _ = missed.open()
        #expect(missed.script.deadline == .zero + .seconds(3), "the answer's time, not that of expectations")
        #expect(missed.receive(status("cancelled", 40)).last?.hasPrefix("leave 1: expected  ") == true)
    }

    @Test func `a cancellation is done once the server says so`() {
        var cancel = play(.cancel(reason: "too late"))
        #expect(cancel.open() == [#"send {"type":"cancel_report","reason":"too late"}"#])
        #expect(cancel.receive(status("running", 30)) == [])
        #expect(cancel.receive(status("cancelled", 30)) == ["tell cancelled 30%", "leave 0"])
        var over = play(.cancel(reason: nil))
        #expect(over.open() == [#"send {"type":"cancel_report"}"#])
        #expect(
            over.receive(#"{"type":"error","code":"REPORT_NOT_CANCELLABLE","message":"over"}"#)
                == ["reject REPORT_NOT_CANCELLABLE 1"])
        var silent = play(.cancel(reason: nil))
        _ = silent.open()
        _ = silent.receive(status("running", 30))
        #expect(silent.pass().first?.hasPrefix("leave 75") == true)
    }
}
