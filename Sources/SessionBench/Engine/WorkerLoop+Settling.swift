import SessionBase

/// Which request an answer belongs to.
///
/// Requests of a connection carry numbers one after the other. The oldest that is not answered is expected next; an answer
/// to a later one leaves those in between missing, whose own answers then count as reordered. A second answer to the same
/// number is a duplicate, and one that never comes is lost.
extension WorkerLoop where Work: ~Copyable {
    @inline(__always)
    mutating func settle(_ link: Int, _ judgement: Judgement) {
        switch judgement {
        case .reply(let sequence, let isRight):
            guard sequence == links[link].expected, sequence < links[link].sent else {
                return settleOutOfOrder(link, sequence, isRight: isRight)
            }
            settleOldest(link, isRight: isRight)
        case .oldest(let isRight):
            guard links[link].expected < links[link].sent else { return recorder.count { $0.wrong &+= 1 } }
            settleOldest(link, isRight: isRight)
        case .push: recorder.count { $0.pushed &+= 1 }
        }
    }

    @inline(__always)
    mutating func settleOldest(_ link: Int, isRight: Bool) {
        let flight = flights.removeFirst(of: &links[link].queue)
        links[link].expected &+= 1
        finish(flight, isRight: isRight, isSlow: links[link].isSlow)
        if isRefilling, !Work.isCycling { planRequest(on: link, intended: now) }
    }

    @inline(__always)
    private mutating func finish(_ flight: Flight, isRight: Bool, isSlow: Bool) {
        if isRight {
            // What a slow reader waits for is its own doing.
            recorder.received(flight, at: now, isTimed: !isSlow)
        } else if recorder.counts(flight.intended) {
            recorder.count { $0.wrong &+= 1 }
        }
    }

    @inline(never)
    private mutating func settleOutOfOrder(_ link: Int, _ sequence: UInt64, isRight: Bool) {
        if sequence >= links[link].sent {
            // An answer to what was never asked.
            return recorder.count { $0.wrong &+= 1 }
        }
        if sequence < links[link].expected { return settleLate(link, sequence, isRight: isRight) }
        while links[link].expected < sequence { missOldest(link) }
        settleOldest(link, isRight: isRight)
    }

    /// Counts the oldest request's answer as missing, and lets another one leave in its place.
    private mutating func missOldest(_ link: Int) {
        let flight = flights.removeFirst(of: &links[link].queue)
        missing.insert(flight, link: link, sequence: links[link].expected)
        links[link].expected &+= 1
        if isRefilling { planRequest(on: link, intended: now) }
    }

    /// Lets the closed loop go on where the answer that it waits for has taken longer than the time-out.
    mutating func replaceStalled() {
        guard isRefilling, !Work.isCycling, now >= stalledAt else { return }
        stalledAt = now + .seconds(1)
        if Work.isConversing { return expire(before: now - plan.timeout) }
        for link in 0..<links.count where links[link].expected < links[link].sent {
            let oldest = flights.first(of: links[link].queue)
            guard now - oldest.sent >= plan.timeout else { continue }
            missOldest(link)
            send(link)
        }
    }

    private mutating func settleLate(_ link: Int, _ sequence: UInt64, isRight: Bool) {
        guard let flight = missing.remove(link: link, sequence: sequence) else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        if recorder.counts(flight.intended) { recorder.count { $0.reordered &+= 1 } }
        finish(flight, isRight: isRight, isSlow: links[link].isSlow)
    }

    /// Gives up the requests of a connection that is gone: those that left are lost, the others were only planned.
    mutating func forgetRequests(of link: Int) {
        if Work.isConversing { return loseConversations(of: link) }
        while links[link].expected < links[link].sent {
            let flight = flights.removeFirst(of: &links[link].queue)
            links[link].expected &+= 1
            if recorder.counts(flight.intended) { recorder.count { $0.lost &+= 1 } }
        }
        // The next life of a connection that is itself the request has them still to do.
        if Work.isCycling { return }
        while !links[link].queue.isEmpty { _ = flights.removeFirst(of: &links[link].queue) }
    }
}
