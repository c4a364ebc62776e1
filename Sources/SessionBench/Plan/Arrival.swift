/// When requests leave.
package enum Arrival: Equatable, Sendable {
    /// The next one leaves when a reply comes: `depth` in flight on each connection. A server that stalls is then asked
    /// less, so its stalls hardly show (coordinated omission).
    case closed(depth: Int)
    /// They leave by the clock, whatever the server does; latency counts from the planned time.
    case open(RateProfile)
}

/// An arrival rate over time: straight lines between points.
package struct RateProfile: Equatable, Sendable {
    /// A rate that holds from one time to another, or changes evenly in between.
    package struct Stage: Equatable, Sendable {
        /// How long the stage lasts.
        package var duration: Duration
        /// Requests a second at its start, over all workers.
        package var startRate: Double
        /// Requests a second at its end.
        package var endRate: Double

        /// Describes a stage.
        package init(duration: Duration, from startRate: Double, to endRate: Double) {
            self.duration = duration
            self.startRate = startRate
            self.endRate = endRate
        }
    }

    /// The stages in order; the last one's final rate goes on for ever.
    package var stages: [Stage]

    /// One rate for the whole run.
    package init(constant rate: Double) { stages = [Stage(duration: .zero, from: rate, to: rate)] }

    /// A rate that changes.
    package init(stages: [Stage]) { self.stages = stages }
}
