/// The names of metrics, for messages and completions.
extension Metric {
    /// The names that are offered; percentiles may be any, such as `p99.95`.
    package static let names =
        ["p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max", "min", "mean"] + Figure.allCases.map(\.rawValue)

    /// What may stand before a percentile, `max`, `min` or `mean`.
    package static let prefixes = Series.allCases.filter { $0 != .response }.map { $0.rawValue + "." }

    /// All of them in one sentence.
    static var overview: String {
        "metrics are \(names.joined(separator: ", ")); any percentile, such as p99.95; "
            + "with \(prefixes.joined(separator: ", ")) before a percentile, max, min or mean for other times; "
            + "and the findings of the workload"
    }

    /// The name that was probably meant; `nil` where none is near.
    ///
    /// - Parameter findings: Names that the workload adds.
    static func nearest(to name: String, findings: [String]) -> String? {
        nearest(to: name, among: names + findings + prefixes.map { $0 + "p99" })
    }

    /// The fixed name that differs from this one in a letter or two, so that it is a misspelling, and not a finding.
    static func nearestMisspelling(of name: String) -> String? { nearest(to: name, among: names) }

    /// One edit in four letters is near, and one in shorter names.
    private static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = Array(name.utf8.prefix(lengthMax))
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
