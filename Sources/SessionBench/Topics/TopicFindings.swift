import SessionBase
import SessionClient

/// What only loads on topics find, read from the sums of all workers.
enum TopicFindings {
    /// The times of broadcasts that lockers' seed and this project promise, and with how many sockets (PROTOCOLS §6.3).
    private static let targets: [(name: String, fraction: Double, limit: Duration, whose: String, sockets: Int)] = [
        ("seed_target", 0.5, .milliseconds(150), "the seed's target", 100),
        ("own_median", 0.5, .milliseconds(5), "ours", 1000), ("own_p99", 0.99, .milliseconds(20), "ours", 1000),
    ]

    /// The findings of a run, in the order of ``Metric/findings``.
    static func all(in total: Interval, of plan: LoadPlan, _ load: TopicLoad) -> [Finding] {
        var found: [Finding] = []
        if load.stuckRatio > 0 { found += stuck(total, plan, load) }
        if load.away != nil { found += recovered(total) }
        if load.isCountable, total.counts.recipients > 0 { found.append(unaccounted(total.counts)) }
        if plan.workers > 1 {
            found.append(
                Finding(
                    "order_conflicts", "topics whose order differs between workers", Double(total.orders.conflicts),
                    unit: "count"))
        }
        if load.kind == .lockers { found += kept(total, plan) }
        return found
    }

    /// How many never read, and how many of them the server closed.
    private static func stuck(_ total: Interval, _ plan: LoadPlan, _ load: TopicLoad) -> [Finding] {
        let count = (0..<plan.connections).count { SlowLinks.isAmong(load.stuckRatio, $0) }
        let closed = total.counts.ends.filter { $0.key.hasPrefix(SlowLinks.endPrefix) && $0.key != "slow 1000" }
        return [
            Finding("stuck", "subscribers that never read", Double(count), unit: "count"),
            Finding(
                "stuck_closed", "of them the server closed", Double(closed.values.reduce(0, &+)), unit: "count"),
        ]
    }

    /// How many came back, and how many of those got all that they had missed.
    private static func recovered(_ total: Interval) -> [Finding] {
        let replays = total.operations.first { $0.name == "replay" }?.response.count ?? 0
        let recoveries = total.operations.first { $0.name == "recovery" }?.response.count ?? 0
        return [
            Finding(
                "cut", "subscribers that were cut off", Double(total.counts.ends[Storm.endReason] ?? 0), unit: "count"),
            Finding("recovered", "channels that were recovered whole", Double(recoveries), unit: "count"),
            Finding("replayed", "messages that were missed and came later", Double(replays), unit: "count"),
        ]
    }

    /// How many of those that the server counted as recipients got nothing, or how many more got something.
    private static func unaccounted(_ counts: LoadCounts) -> Finding {
        let difference = Double(counts.recipients) - Double(counts.delivered &+ counts.redelivered)
        return Finding(
            "unaccounted", "recipients by the server's count, less those that got it", difference, unit: "count")
    }

    /// The median and the 99th percentile of broadcasts beside what was promised.
    private static func kept(_ total: Interval, _ plan: LoadPlan) -> [Finding] {
        guard let times = total.operations.first(where: { $0.name == "delivery" })?.response, times.count > 0 else {
            return []
        }
        return targets.map { target in
            let time = times.percentile(target.fraction)
            let figure = target.fraction == 0.5 ? "median" : "p99"
            let isEnough = plan.connections >= target.sockets
            let judged = time < target.limit.nanoseconds ? "kept" : "missed"
            let verdict = isEnough ? judged : "for \(Figures.grouped(target.sockets))"
            return Finding(
                target.name,
                "\(figure) of broadcasts with \(Figures.grouped(plan.connections)) sockets connected; \(target.whose), below"
                    + " \(target.limit.spelled), is \(verdict)", Double(time), unit: "ns")
        }
    }
}
