import SessionBase
import SessionClient

/// What a running measurement tells while it runs: one line, made anew from what came in.
///
/// Pure: the driver feeds it, and writes ``line(columns:)`` over the line before on a terminal, or ``plainLine`` once a
/// second elsewhere.
package struct ProgressLine: Sendable {
    private let plan: LoadPlan
    private var phase = Phase.opening(open: 0, failed: 0)
    /// The 99th percentiles of the last seconds, oldest first; 0 for a second without replies.
    private var history: [Int64] = []
    private var errors: UInt64 = 0

    private enum Phase {
        case opening(open: Int, failed: Int)
        case flowing(Interval)
    }

    /// More seconds than any terminal shows.
    private static let historyMax = 60
    /// The most bars.
    private static let barsMax = 30
    /// Fewer bars tell nothing.
    private static let barsMin = 5

    /// Starts before the first connection of a plan's run.
    package init(plan: LoadPlan) { self.plan = plan }

    /// Takes how many connections of all workers are open, and how many attempts have failed.
    package mutating func opened(_ open: Int, failed: Int) { phase = .opening(open: open, failed: failed) }

    /// Takes a second, merged over all workers.
    package mutating func add(_ interval: Interval) {
        phase = .flowing(interval)
        if interval.second >= 0 { errors &+= interval.counts.errors }
        history.append(Self.latency(of: interval).percentile(0.99))
        if history.count > Self.historyMax { history.removeFirst() }
    }

    /// The line for a terminal of this width; never wider, so that it never wraps.
    package func line(columns: Int) -> String {
        let plain = plainLine
        let room = min(columns - plain.count - 1, Self.barsMax)
        if room < Self.barsMin { return String(plain.prefix(max(0, columns))) }
        return words(bars: Sparkline.text(history.suffix(room))).joined(separator: " · ")
    }

    /// The line for a file or a pipe: no bars, no movement.
    package var plainLine: String { words(bars: "").joined(separator: " · ") }

    private func words(bars: String) -> [String] {
        switch phase {
        case .opening(let open, let failed): openingWords(open, failed)
        case .flowing(let interval): flowingWords(interval, bars: bars)
        }
    }

    private func openingWords(_ open: Int, _ failed: Int) -> [String] {
        ["opening  \(Figures.grouped(open))/\(Figures.grouped(plan.sockets)) connections"]
            + (failed > 0 ? ["\(Figures.grouped(failed)) failed"] : [])
    }

    private func flowingWords(_ interval: Interval, bars: String) -> [String] {
        let isWarmUp = interval.second < 0
        let name = isWarmUp ? "warm-up  " : "running  "
        var words = [name + rate(of: interval)]
        let latency = Self.latency(of: interval)
        if latency.count > 0 {
            let figures = [0.5, 0.99].map { Figures.milliseconds(latency.percentile($0)) }
            words += ["p50 \(figures[0])", "p99 \(figures[1]) ms" + (bars.isEmpty ? "" : " " + bars)]
        }
        if errors > 0 { words.append("\(Figures.grouped(errors)) error\(errors == 1 ? "" : "s")") }
        return words + [remaining(after: interval.second)]
    }

    /// Whether connections only stay; those of a storm come back, which is counted.
    private var isHolding: Bool { if case .storm = plan.workload { false } else { !plan.isRequesting } }

    private func rate(of interval: Interval) -> String {
        if isHolding { return "\(Figures.grouped(plan.connections)) connections held" }
        // The last second of a run may be a part of one.
        let length = min(Duration.seconds(1), plan.duration - .seconds(interval.second))
        guard interval.second >= 0, length > .zero else {
            return "\(Figures.grouped(interval.counts.receivedInTime))/s"
        }
        return "\(Figures.grouped(Int((Double(interval.counts.receivedInTime) / (length / .seconds(1))).rounded())))/s"
    }

    private func remaining(after second: Int) -> String {
        let passed = Duration.seconds(second + 1)
        if second == -1 { return "measuring from now on" }
        if second < 0 { return "measuring in \((.zero - passed).spelled)" }
        return passed < plan.duration ? "\((plan.duration - passed).spelled) left" : "waiting for the last replies"
    }

    /// A closed loop may fill one of the two only.
    private static func latency(of interval: Interval) -> HdrHistogram {
        interval.response.count > 0 ? interval.response : interval.service
    }
}
