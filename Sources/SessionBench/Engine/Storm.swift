import SessionBase
import SessionIO

/// All connections cut at once, and how long it took until they were back.
struct Storm {
    private let dropAfter: Duration
    /// When the connections are cut; `nil` while that is not known, and afterwards.
    private(set) var dropsAt: Instant?
    private var cutAt: Instant?
    private var cutCount = 0
    /// How long connections were away, as they came back.
    private var absences: [Duration] = []
    private(set) var isOver = true

    /// Prepares to cut `dropAt` after the start of the measured part.
    init(dropAt: Duration) { dropAfter = dropAt }

    /// Says when the measured part begins.
    mutating func start(at instant: Instant) { dropsAt = instant + dropAfter }

    /// Records that so many connections are cut now.
    mutating func cut(_ count: Int, at now: Instant) {
        dropsAt = nil
        cutAt = now
        cutCount = count
        isOver = false
        absences.reserveCapacity(count)
    }

    /// Records that a connection is registered again.
    ///
    /// - Returns: When it was cut; `nil` where it was not.
    mutating func didReturn(at now: Instant) -> Instant? {
        guard let cutAt else { return nil }
        absences.append(now - cutAt)
        return cutAt
    }

    /// When 50, 95 and 100 % of the connections were back, and which part did not come back.
    var findings: [Finding] {
        guard cutCount > 0 else { return [] }
        var found: [Finding] = []
        for percent in [50, 95, 100] {
            let rank = max(1, (cutCount * percent + 99) / 100)
            guard rank <= absences.count else { continue }
            found.append(
                Finding(
                    "reregistered_\(percent)", "until \(percent) % of the connections were registered again",
                    Double(absences[rank - 1].nanoseconds), unit: "ns"))
        }
        let missing = Double(cutCount - min(cutCount, absences.count)) / Double(cutCount)
        return found + [Finding("not_reregistered", "the part that did not come back", missing, unit: "ratio")]
    }
}

extension WorkerLoop where Work: ~Copyable {
    /// Cuts all connections with a reset and lets them come back, at the connect rate or as fast as they can.
    mutating func cutAll() {
        let cut = (0..<links.count).filter { links[$0].state == .open }
        storm?.cut(cut.count, at: now)
        for link in cut {
            openCount -= 1
            recorder.ended("cut")
            drop(link)
        }
        let gap = plan.connectRate.map { Double(plan.workers) / $0 * 1e9 } ?? 0
        redials = []
        for (place, link) in cut.enumerated() {
            redials.append((link, now + .nanoseconds(Int64(Double(place) * gap))))
        }
    }

    /// Takes note of a connection that is registered again.
    mutating func didReturn(_ link: Int) {
        guard let cutAt = storm?.didReturn(at: now) else { return }
        recorder.planned(cutAt)
        recorder.sent(intended: cutAt, at: wires[link].startedAt)
        recorder.received(Flight(intended: cutAt, sent: wires[link].startedAt), at: now)
    }
}
