import SessionBase
import Testing

@Suite struct InstantTests {
    @Test func `instants differ by durations`() {
        let start = Instant(nanoseconds: 1_000)
        let later = start + .milliseconds(5)
        #expect(later.nanoseconds == 5_001_000)
        #expect(later - start == .milliseconds(5))
        #expect(start - later == .milliseconds(-5))
        #expect(later - .milliseconds(5) == start)
        #expect(start < later && !(later < start))
        #expect(later < .distantFuture && .zero < start)
    }

    @Test(arguments: [
        (Duration.nanoseconds(1), 1, 0), (.microseconds(-1), -1_000, 0), (.milliseconds(1_500), 1_500_000_000, 1_500),
        (.seconds(-2), -2_000_000_000, -2_000), (.milliseconds(-1_500), -1_500_000_000, -1_500),
        (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0, 0),
        (Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999), -1, 0),
    ])
    func `a duration is whole nanoseconds and milliseconds, cut towards zero`(
        duration: Duration, nanoseconds: Int64, milliseconds: Int64
    ) {
        #expect(duration.nanoseconds == nanoseconds)
        #expect(duration.milliseconds == milliseconds)
    }

    @Test func `a duration beyond 292 years saturates`() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
        #expect(Duration.seconds(9_223_372_037).nanoseconds == .max)
        #expect(Duration.seconds(-9_223_372_037).nanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.max).nanoseconds == .max)
    }

    @Test func `a moment carries both clocks`() {
        let moment = Moment(instant: .zero, timestamp: Timestamp(milliseconds: 7))
        #expect(moment == Moment(instant: Instant(nanoseconds: 0), timestamp: Timestamp(milliseconds: 7)))
    }
}
