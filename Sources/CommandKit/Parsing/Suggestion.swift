/// The name that somebody probably meant.
package enum Suggestion {
    /// The candidate nearest to a mistyped name, or `nil` where none is near enough to be worth naming.
    ///
    /// A candidate that starts with the name, or ends with it after a hyphen (`heartbeat-timeout` for
    /// `awareness-heartbeat-timeout`), counts as near; otherwise one edit in three letters is allowed.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = Array(name.utf8)
        guard !wanted.isEmpty else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(wanted, Array(candidate.utf8))
            let allowed = max(1, max(wanted.count, candidate.utf8.count) / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        if let best { return best.name }
        guard wanted.count >= 3 else { return nil }
        return candidates.first { $0.hasSuffix("-" + name) } ?? candidates.first { $0.hasPrefix(name) }
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two texts (the optimal string
    /// alignment distance).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [Int](repeating: row + 1, count: right.count + 1)
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                current[column + 1] = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    current[column + 1] = min(current[column + 1], beforeLast[column - 1] + 1)
                }
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
