package import SessionBase
package import SessionIO

/// What a run measured, before anybody judges it.
package struct RunOutcome: Equatable, Sendable {
    /// When the measured part began, in wall-clock time.
    package var startedAt: Timestamp
    /// How long the measured part lasted.
    package var measured: Duration
    /// The signal that ended it early, if one did.
    package var endedBy: Signal?
    /// How many connections were open when the warm-up began.
    package var opened: Int
    /// The sum of its seconds.
    package var total: Interval
    /// Its seconds, without histograms.
    package var series: [SeriesPoint]
    /// Results of the workload alone.
    package var findings: [Finding]
    /// The addresses, at this end, of the connections that read slowly or never.
    package var slowAddresses: [String] = []
}
