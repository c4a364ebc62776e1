import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `stream watch` without a server: what is asked for, which rows are told, in which order.
@Suite struct StreamWatchScriptTests {
    private func watch(
        _ change: (inout StreamWatchScript.Subject) -> Void = { _ in },
        until: (inout StopRule.Conditions) -> Void = { _ in }
    ) -> WatchTranscript<StreamWatchScript> {
        var subject = StreamWatchScript.Subject()
        change(&subject)
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        until(&conditions)
        return WatchTranscript(StreamWatchScript("sales", subject, conditions, timeout: .seconds(3)))
    }

    private let filter = StreamFilter(JSONFragment(["status": "active"]))

    @Test func `the rows that are held come oldest first, then the new ones`() {
        var watch = watch()
        #expect(watch.open() == [])
        #expect(
            watch.receive(#"{"type":"initial_data","data":[{"v":2},{"v":1}]}"#) == [
                "remark watching stream sales, which holds 2 rows", #"tell {"v":1}"#, #"tell {"v":2}"#,
            ])
        #expect(watch.receive(#"{"type":"data_update","data":{"v":3}}"#) == [#"tell {"v":3}"#])
        #expect(
            watch.receive(#"{"type":"data_update","data":[{"v":4},{"v":5}]}"#) == [#"tell {"v":4}"#, #"tell {"v":5}"#])
    }

    @Test func `interval and filter are sent at once, and what comes before the filter counts is not told`() {
        var watch = watch {
            $0.interval = .milliseconds(500)
            $0.isBatch = true
            $0.filter = filter
        }
        #expect(
            watch.open() == [
                #"send {"type":"update_interval","interval":500,"mode":"batch"}"#,
                #"send {"type":"apply_filter","filter":{"status":"active"}}"#,
            ])
        #expect(watch.receive(#"{"type":"initial_data","data":[{"status":"idle"}]}"#) == [])
        #expect(watch.receive(#"{"type":"data_update","data":{"status":"idle"}}"#) == [])
        let told = watch.receive(#"{"type":"initial_data","data":[{"status":"active"}]}"#)
        #expect(told.last == #"tell {"status":"active"}"#)
    }

    @Test func `an interval or filter that the server refuses ends it`() {
        var watch = watch { $0.interval = .milliseconds(1) }
        _ = watch.open()
        // The rows came before the server read the interval.
        _ = watch.receive(#"{"type":"initial_data","data":[]}"#)
        #expect(
            watch.receive(#"{"type":"error","code":"INVALID_INTERVAL","message":"no"}"#)
                == ["reject INVALID_INTERVAL 65"])
    }

    @Test func `a row is an event for programs, and the count counts rows`() {
        var counting = watch(until: { $0.count = 2 })
        _ = counting.open()
        let told = counting.receive(#"{"type":"initial_data","data":[{"v":3},{"v":2},{"v":1}]}"#)
        #expect(told.dropFirst() == [#"tell {"v":1}"#, #"tell {"v":2}"#, "leave 0"])
        var expecting = watch(until: { $0.patterns = [["initial": false, "row": ["v": 9]]] })
        _ = expecting.open()
        _ = expecting.receive(#"{"type":"initial_data","data":[{"v":9}]}"#)
        #expect(expecting.receive(#"{"type":"data_update","data":{"v":9}}"#).last == "leave 0")
    }

    @Test func `after a loss the rows come again behind a gap`() {
        var watch = watch { $0.filter = filter }
        _ = watch.open()
        _ = watch.receive(#"{"type":"initial_data","data":[]}"#)
        _ = watch.receive(#"{"type":"initial_data","data":[]}"#)
        _ = watch.close(.abnormal, returns: true)
        #expect(watch.open().count == 1)
        _ = watch.receive(#"{"type":"initial_data","data":[]}"#)
        let told = watch.receive(#"{"type":"initial_data","data":[{"v":1}]}"#)
        #expect(told.first?.hasPrefix("tell gap sales: ") == true && told.last == #"tell {"v":1}"#)
    }

    @Test func `a stream that does not come is worth another try`() {
        var watch = watch()
        _ = watch.open()
        #expect(watch.pass() == ["leave 75: the server did not send the stream within 3 s"])
    }
}
