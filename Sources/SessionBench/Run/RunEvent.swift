/// What happens in a run, for those who watch it: the progress line, the log of histograms, the probe of the server.
package enum RunEvent: Equatable, Sendable {
    /// So many connections of all workers are open, so many attempts have failed.
    case opening(open: Int, failed: Int)
    /// All connections are open and the warm-up begins.
    case started
    /// The measured part begins.
    case measuring
    /// One second of all workers; negative ones are of the warm-up.
    case second(Interval)
    /// The measured part is over but for a moment; the connections are still open.
    case measured
}
