import SessionBase
import SessionIO

/// When all connections are cut at once; each one's latency is the time until it is back.
struct Storm {
    /// The word under which the cut ones are counted as ended.
    static let endReason = "cut"

    private let dropAfter: Duration
    /// When the connections are cut; `nil` while that is not known, and afterwards.
    private(set) var dropsAt: Instant?
    /// When they were; `nil` before.
    private(set) var cutAt: Instant?

    /// Prepares to cut `dropAt` after the start of the measured part.
    init(dropAt: Duration) { dropAfter = dropAt }

    /// Says when the measured part begins.
    mutating func start(at instant: Instant) { dropsAt = instant + dropAfter }

    /// Records that the connections are cut now.
    mutating func cut(at now: Instant) {
        dropsAt = nil
        cutAt = now
    }
}

extension WorkerLoop where Work: ~Copyable {
    /// Cuts all connections with a reset and lets them come back, at the connect rate or as fast as they can.
    mutating func cutAll() {
        let cut = (0..<links.count).filter { links[$0].state == .open }
        storm?.cut(at: now)
        for link in cut {
            openCount -= 1
            recorder.ended(Storm.endReason)
            links[link].isAway = true
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
        guard links[link].isAway, let cutAt = storm?.cutAt else { return }
        links[link].isAway = false
        recorder.planned(cutAt)
        recorder.sent(intended: cutAt, at: wires[link].startedAt)
        recorder.received(Flight(intended: cutAt, sent: wires[link].startedAt), at: now)
    }
}
