package import SessionBase

/// A load against a server that stalls by the clock, and what must be measured of it.
///
/// Every `period` T the server does nothing for `stall` S, then answers what has come. Requests that arrive evenly over time
/// and find it stalled at phase x wait S − x; the others hardly wait at all. So the part of requests that waits longer than
/// L is (S − L) / T, and the latency that the part q does not exceed is
///
///     L(q) = S − (1 − q) · T        where that is positive
///
/// and S for the maximum. The time of an echo itself is neglected: it is a thousandth of these stalls. S is at least 0.6 T
/// in ``Selftest/cells``, so that even the median is a stalled request's.
package struct SelftestCell: Equatable, Sendable {
    /// Requests a second, by the clock.
    package var rate: Double
    /// Connections that they are spread over.
    package var connections: Int
    /// How often the server stalls.
    package var period: Duration
    /// How long.
    package var stall: Duration
    /// How many periods are measured: whole ones, so that each phase of a stall is met as often as any other.
    package var periods: Int

    /// Describes a cell.
    package init(rate: Double, connections: Int, period: Duration, stall: Duration, periods: Int) {
        precondition(stall < period, "a server that always stalls answers nothing")
        self.rate = rate
        self.connections = connections
        self.period = period
        self.stall = stall
        self.periods = periods
    }

    /// The latency in nanoseconds that must be measured: of the part `quantile` of all requests, the maximum for 1.
    package func expected(_ quantile: Double) -> Int64 {
        let nanoseconds = Double(stall.nanoseconds) - (1 - quantile) * Double(period.nanoseconds)
        return Int64(max(0, nanoseconds))
    }
}

/// One percentile of a cell: what it must be, what it is, and what a load that waits for each reply takes it for.
package struct SelftestFigure: Equatable, Sendable {
    /// `p50`, `p99` or `max`.
    package var name: String
    /// From the closed form, in nanoseconds.
    package var expected: Int64
    /// From the planned times of the requests, in nanoseconds.
    package var measured: Int64
    /// From a closed loop against the same server, in nanoseconds.
    package var uncorrected: Int64

    /// How far `measured` is from `expected`, as a part of it; negative where it is too small.
    package var error: Double { Self.error(of: measured, expected) }
    /// The same of `uncorrected`.
    package var uncorrectedError: Double { Self.error(of: uncorrected, expected) }

    private static func error(of value: Int64, _ expected: Int64) -> Double {
        expected == 0 ? 0 : Double(value - expected) / Double(expected)
    }
}

/// What came of one cell.
package struct SelftestResult: Equatable, Sendable {
    /// The cell.
    package var cell: SelftestCell
    /// p50, p99 and the maximum.
    package var figures: [SelftestFigure]

    /// How far a figure may be from the closed form.
    package static let tolerance = 0.05

    /// Reads the figures of both loads.
    package init(_ cell: SelftestCell, response: HdrHistogram, uncorrected: HdrHistogram) {
        self.cell = cell
        figures = [("p50", 0.5), ("p99", 0.99), ("max", 1)].map { name, quantile in
            SelftestFigure(
                name: name, expected: cell.expected(quantile), measured: response.percentile(quantile),
                uncorrected: uncorrected.percentile(quantile))
        }
    }

    /// Whether every figure is what it must be.
    package var isRight: Bool { figures.allSatisfy { abs($0.error) <= Self.tolerance } }

    /// Whether the uncorrected percentiles are wrong, as they must be where the test tells anything. Its maximum is right:
    /// one request of each connection does meet the stall.
    package var isUncorrectedWrong: Bool {
        figures.allSatisfy { $0.name == "max" || abs($0.uncorrectedError) > Self.tolerance }
    }

    /// Whether the cell proves what it should.
    package var hasPassed: Bool { isRight && isUncorrectedWrong }
}
