import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct RecorderTests {
    private static func instant(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    /// A recorder whose measured part is the first second.
    private static func started() -> Recorder {
        var plan = LoadPlan(targets: [Endpoint(address: .host("127.0.0.1", port: 1))], workload: .echo)
        plan.arrival = .open(RateProfile(constant: 10))
        plan.duration = .seconds(1)
        var recorder = Recorder(plan)
        recorder.start(at: instant(0), warmUp: .zero, keepsOpening: true)
        return recorder
    }

    @Test func `what leaves or comes after the measured part is in the latency and in no rate`() {
        var recorder = Self.started()
        for (intended, sent, received) in [(0, 0, 100), (500, 500, 1000), (900, 1200, 1900)] as [(Int64, Int64, Int64)]
        {
            recorder.planned(Self.instant(intended))
            recorder.sent(intended: Self.instant(intended), at: Self.instant(sent))
            let flight = Flight(intended: Self.instant(intended), sent: Self.instant(sent))
            recorder.received(flight, at: Self.instant(received))
        }
        let last = recorder.last(at: Self.instant(2000))
        #expect(last.counts.sent == 3 && last.counts.sentLate == 1)
        #expect(last.counts.received == 3 && last.counts.receivedLate == 2)
        #expect(last.response.count == 3 && last.response.maximum == 1_000_000_000)
        let point = SeriesPoint(last)
        #expect(point.sent == 2 && point.received == 1)
    }

    @Test func `a run that is ended early has its end then`() {
        var recorder = Self.started()
        recorder.sent(intended: Self.instant(100), at: Self.instant(100))
        recorder.end(at: Self.instant(300))
        recorder.received(Flight(intended: Self.instant(100), sent: Self.instant(100)), at: Self.instant(400))
        #expect(recorder.last(at: Self.instant(500)).counts.receivedLate == 1)
        #expect(recorder.last(at: Self.instant(500)).generator.elapsed == .milliseconds(300))
    }
}
