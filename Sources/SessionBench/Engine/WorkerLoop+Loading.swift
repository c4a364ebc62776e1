import SessionBase
import SessionIO

/// The load: requests by the clock, or by the answers to those before.
extension WorkerLoop where Work: ~Copyable {
    /// How many requests one turn plans, so that answers are read in between however late the worker is.
    private static var plannedPerTurn: Int { 4096 }

    /// Makes load until the measured part is over.
    mutating func load() throws(SystemError) {
        switch plan.arrival {
        case .closed(let depth): try loadClosed(depth: depth)
        case .open(let profile): try loadOpen(profile)
        }
    }

    private mutating func loadClosed(depth: Int) throws(SystemError) {
        isRefilling = true
        for link in 0..<links.count where links[link].state == .open {
            now = SystemClock.now()
            for _ in 0..<depth { planRequest(on: link, intended: now) }
            send(link)
        }
        let end = recorder.measuredUntil
        while now < end, !port.isStopping {
            try turn(until: min(end, recorder.boundary, now + Self.portInterval))
            postIntervals()
        }
    }

    private mutating func loadOpen(_ profile: RateProfile) throws(SystemError) {
        let start = recorder.measuredFrom - plan.warmUp
        let end = recorder.measuredUntil
        var schedule = Schedule(profile.preceded(by: plan.warmUp), share: share, startsAt: start)
        while now < end || schedule.next < end, !port.isStopping {
            dispatch(&schedule, until: end)
            let due = plan.isSpinning ? now : min(schedule.next, end, recorder.boundary, now + Self.portInterval)
            try turn(until: due)
            postIntervals()
            if now >= end + plan.timeout { return }
        }
    }

    /// Sends all requests that are due.
    private mutating func dispatch(_ schedule: inout Schedule, until end: Instant) {
        guard schedule.next <= now, schedule.next < end else { return }
        let began = now
        var left = Self.plannedPerTurn
        while schedule.next <= now, schedule.next < end, left > 0 {
            let link = schedule.connection
            recorder.planned(schedule.next)
            if links[link].state == .open {
                if !links[link].queue.isWaiting { dirty.append(link) }
                flights.append(intended: schedule.next, to: &links[link].queue)
            }
            schedule.advance()
            left -= 1
        }
        for link in dirty {
            now = SystemClock.now()
            send(link)
        }
        dirty.removeAll(keepingCapacity: true)
        recorder.underWay(flights.count)
        now = SystemClock.now()
        recorder.worked(now - began)
    }

    /// Plans a request that leaves with the next ``send(_:)``.
    @inline(__always)
    mutating func planRequest(on link: Int, intended: Instant) {
        recorder.planned(intended)
        flights.append(intended: intended, to: &links[link].queue)
    }
}
