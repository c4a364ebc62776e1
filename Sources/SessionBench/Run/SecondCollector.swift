/// Adds the intervals of several workers up, second by second, and gives each second out once all have told theirs.
///
/// Workers tell their seconds in order, so a second is complete when every worker has told it, a later one, or its end.
/// Only the seconds in which workers differ are kept.
struct SecondCollector {
    /// Incomplete seconds, the earliest first.
    private var pending: [Interval] = []
    /// The last second that each worker told; `Int.max` after its end.
    private var told: [Int]

    /// Collects from this many workers.
    init(workers: Int) { told = Array(repeating: .min, count: workers) }

    /// Whether all workers have told their end.
    var isFinished: Bool { told.allSatisfy { $0 == .max } }

    /// Takes a second of a worker.
    mutating func add(_ interval: Interval, from worker: Int) {
        told[worker] = max(told[worker], interval.second)
        let place = pending.firstIndex { $0.second >= interval.second } ?? pending.endIndex
        if place < pending.endIndex, pending[place].second == interval.second {
            pending[place].merge(interval)
        } else {
            pending.insert(interval, at: place)
        }
    }

    /// Notes that a worker tells no more.
    mutating func finish(_ worker: Int) { told[worker] = .max }

    /// Gives out the earliest second that is complete; `nil` while there is none.
    mutating func next() -> Interval? {
        guard let first = pending.first, told.allSatisfy({ $0 >= first.second }) else { return nil }
        return pending.removeFirst()
    }
}
