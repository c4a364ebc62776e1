/// When something happened, on both clocks: the monotonic one that orders and measures, the wall clock that is shown.
package struct Moment: Hashable, Sendable {
    /// The monotonic instant; all deadlines are computed from it.
    package var instant: Instant
    /// The wall-clock time that goes into messages and logs.
    package var timestamp: Timestamp

    /// Pairs the two readings of one moment.
    package init(instant: Instant, timestamp: Timestamp) {
        self.instant = instant
        self.timestamp = timestamp
    }
}
