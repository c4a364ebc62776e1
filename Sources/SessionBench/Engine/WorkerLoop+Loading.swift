import SessionBase
import SessionIO

/// The load: requests by the clock, or by the answers to those before.
extension WorkerLoop where Work: ~Copyable {
    /// How many requests one turn plans, so that answers are read in between however late the worker is.
    private static var plannedPerTurn: Int { 4096 }

    /// Makes load until the measured part is over.
    mutating func load() throws(SystemError) {
        storm?.start(at: recorder.measuredFrom)
        switch plan.arrival {
        case _ where !plan.isRequesting: try hold()
        case .closed(let depth): try loadClosed(depth: depth)
        case .open(let profile): try loadOpen(profile)
        }
    }

    /// Sends nothing.
    private mutating func hold() throws(SystemError) {
        while now.nanoseconds < recorder.measuredUntil.nanoseconds, !port.isStopping {
            try turn(until: recorder.measuredUntil.orEarlier(maintainsAt))
        }
    }

    private mutating func loadClosed(depth: Int) throws(SystemError) {
        isRefilling = true
        for link in share.requesters where links[link].state == .open || Work.isCycling {
            readClock()
            for _ in 0..<(Work.isCycling ? 1 : depth) { planRequest(on: link, intended: now) }
            send(link)
        }
        try hold()
    }

    private mutating func loadOpen(_ profile: RateProfile) throws(SystemError) {
        let start = recorder.measuredFrom - plan.warmUp
        let end = recorder.measuredUntil
        var schedule = Schedule(profile.preceded(by: plan.warmUp), share: share, startsAt: start)
        // What was due before the end leaves, if late, as long as answers would be waited for.
        while now < end || schedule.next < end && now < end + plan.timeout, !port.isStopping {
            dispatch(&schedule, until: end)
            try turn(until: plan.isSpinning ? now : schedule.next.orEarlier(end).orEarlier(maintainsAt))
        }
    }

    /// Sends all requests that are due.
    private mutating func dispatch(_ schedule: inout Schedule, until end: Instant) {
        guard schedule.next.nanoseconds <= now.nanoseconds, schedule.next.nanoseconds < end.nanoseconds else { return }
        let began = now
        var left = Self.plannedPerTurn
        while schedule.next.nanoseconds <= now.nanoseconds, schedule.next.nanoseconds < end.nanoseconds, left > 0 {
            let link = schedule.connection
            recorder.planned(schedule.next)
            if links[link].state == .open || Work.isCycling {
                if !links[link].queue.isWaiting { dirty.append(link) }
                flights.append(intended: schedule.next, to: &links[link].queue)
            }
            schedule.advance()
            left -= 1
        }
        for link in dirty {
            readClock()
            send(link)
        }
        dirty.removeAll(keepingCapacity: true)
        recorder.underWay(flights.count + work.underWay)
        readClock()
        recorder.worked(from: began, to: now)
    }

    /// Plans a request that leaves with the next ``send(_:)``.
    @inline(__always)
    mutating func planRequest(on link: Int, intended: Instant) {
        recorder.planned(intended)
        flights.append(intended: intended, to: &links[link].queue)
    }
}
