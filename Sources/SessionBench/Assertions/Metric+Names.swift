/// The names of metrics, for messages and completions.
extension Metric {
    /// The names that are offered; percentiles may be any, such as `p99.95`.
    package static let names =
        ["p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max", "min", "mean"] + Figure.allCases.map(\.rawValue)

    /// What may stand before a percentile, `max`, `min` or `mean`.
    package static let prefixes = Series.allCases.filter { $0 != .response }.map { $0.rawValue + "." }

    /// What may stand before a percentile, `max`, `min` or `mean`, with a line between: `put_p99`.
    package static let operations = {
        let sync = SyncLoad.Kind.allCases.flatMap(\.operations)
        let others = TopicLoad.allOperations + BoardLoad.allOperations.filter { !TopicLoad.allOperations.contains($0) }
        return sync + others.filter { !sync.contains($0) }
    }()

    /// What single workloads find beside what all workloads measure.
    package static let findings = [
        "reregistered_50", "reregistered_95", "reregistered_100", "not_reregistered", "slow_closed", "healthy_p50",
        "healthy_p99", "stuck", "stuck_closed", "stuck_4511", "stuck_named", "cut", "recovered", "replayed",
        "unaccounted", "order_conflicts", "seed_target", "own_median", "own_p99", "member_bytes", "member_messages",
        "snapshots", "patches", "conflated_changes", "conflated_moves", "gaps", "missing", "extra", "different",
    ]

    /// All of them in one sentence.
    static var overview: String {
        "metrics are \(names.joined(separator: ", ")); any percentile, such as p99.95; "
            + "with \(prefixes.joined(separator: ", ")) before a percentile, max, min or mean for other times; "
            + "with \(operations.map { $0 + "_" }.joined(separator: ", ")) for parts of requests; "
            + "and what single workloads find: \(findings.joined(separator: ", "))"
    }

    /// The name that was probably meant: the one with the fewest edits, of which one in four letters is allowed, and one in
    /// shorter names; `nil` where none is near.
    static func nearest(to name: String) -> String? {
        let wanted = Array(name.utf8.prefix(lengthMax))
        let candidates = names + findings + prefixes.map { $0 + "p99" } + operations.map { $0 + "_p99" }
        let distances = candidates.map { ($0, distance(wanted, Array($0.utf8))) }
        guard let (best, distance) = distances.min(by: { $0.1 < $1.1 }) else { return nil }
        return distance <= max(1, best.utf8.count / 4) ? best : nil
    }

    /// Longer than any name.
    private static let lengthMax = 64

    /// The number of insertions, deletions and replacements between two texts (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (letter == other ? 0 : 1)
                current.append(min(replaced, last[column + 1] + 1, current[column] + 1))
            }
            last = current
        }
        return last[right.count]
    }
}
