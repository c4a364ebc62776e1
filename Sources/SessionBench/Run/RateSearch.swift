/// Looks for the highest rate at which something holds: doubles until it does not, then halves the distance.
///
/// It decides which rate is tried next; who asks makes the run and tells how it went.
package struct RateSearch: Equatable, Sendable {
    /// One rate that was tried.
    package struct Probe: Equatable, Sendable {
        /// Requests a second.
        package var rate: Double
        /// Whether the condition held.
        package var holds: Bool
    }

    /// The distance, as a part of the higher rate, at which the search ends.
    package static let precision = 0.03
    /// The most rates that are tried.
    package static let probesMax = 12

    /// What was tried, in order.
    package private(set) var probes: [Probe] = []
    private let first: Double

    /// Begins with this rate, which is also the lowest that is tried.
    package init(from first: Double) { self.first = first }

    /// The highest rate at which the condition held; `nil` while there is none.
    package var best: Double? { probes.filter(\.holds).map(\.rate).max() }

    /// The lowest rate at which it did not; `nil` while there is none.
    package var failing: Double? { probes.filter { !$0.holds }.map(\.rate).min() }

    /// The rate to try next; `nil` once the search is over.
    package var next: Double? {
        guard probes.count < Self.probesMax else { return nil }
        guard let best else { return probes.isEmpty ? first : nil }
        guard let failing else { return best * 2 }
        return failing - best <= failing * Self.precision ? nil : (best + failing) / 2
    }

    /// Notes how the run at the rate of ``next`` went.
    package mutating func record(holds: Bool) {
        guard let rate = next else { preconditionFailure("a rate was tried after the end of the search") }
        probes.append(Probe(rate: rate, holds: holds))
    }
}
