import SessionBase

/// What only `storm` and `slow` find, read from the sums of all workers: a percentile of all connections is not to be had
/// from the percentiles of each worker's.
enum RunFindings {
    /// The findings of a run, in the order of ``Metric/findings``.
    static func all(in total: Interval, of plan: LoadPlan) -> [Finding] {
        switch plan.workload {
        case .storm: storm(total)
        case .slow(let readers): slow(total, Int(Double(plan.connections) * readers.fraction))
        case .echo, .connect, .idle, .heartbeat, .register, .mix, .sync: []
        case .topics(let load): TopicFindings.all(in: total, of: plan, load)
        case .board(let load): BoardFindings.all(in: total, of: plan, load)
        }
    }

    /// When 50, 95 and 100 % of the connections that were cut were back, and which part did not come back: each one's
    /// latency is the time that it was away.
    private static func storm(_ total: Interval) -> [Finding] {
        let cut = total.counts.ends[Storm.endReason] ?? 0
        guard cut > 0 else { return [] }
        let returned = min(cut, total.response.count)
        var found: [Finding] = []
        for percent in [50, 95, 100] as [UInt64] {
            let rank = max(1, (cut * percent + 99) / 100)
            guard rank <= returned else { continue }
            // Half a rank less, so that no rounding makes it the next one.
            let time = total.response.percentile(rank == returned ? 1 : (Double(rank) - 0.5) / Double(returned))
            found.append(
                Finding(
                    "reregistered_\(percent)", "until \(percent) % of the connections were registered again",
                    Double(time), unit: "ns"))
        }
        let missing = Double(cut - returned) / Double(cut)
        return found + [Finding("not_reregistered", "the part that did not come back", missing, unit: "ratio")]
    }

    /// How many slow connections were closed before the end, and what the healthy ones felt, which alone are timed.
    private static func slow(_ total: Interval, _ count: Int) -> [Finding] {
        var found: [Finding] = []
        if count > 0 {
            let closed = total.counts.ends.filter { $0.key.hasPrefix(SlowLinks.endPrefix) }.values.reduce(0, &+)
            found.append(
                Finding(
                    "slow_closed", "the part of the slow connections that were closed", Double(closed) / Double(count),
                    unit: "ratio"))
        }
        guard total.response.count > 0 else { return found }
        for (name, fraction) in [("healthy_p50", 0.5), ("healthy_p99", 0.99)] {
            found.append(
                Finding(
                    name, "what the others waited, \(name.suffix(3))", Double(total.response.percentile(fraction)),
                    unit: "ns"))
        }
        return found
    }
}
