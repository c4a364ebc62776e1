import SessionBase

/// Connections whose handshakes are the requests: each waits for its turn without a socket, is opened, counted with its
/// 101, and closed; then it may have its next turn.
extension WorkerLoop where Work: ~Copyable {
    /// Opens a connection for the oldest request that waits for it, where it has no socket.
    mutating func cycle(_ link: Int) {
        guard links[link].queue.isWaiting, links[link].descriptor < 0 else { return }
        let intended = flights.send(from: &links[link].queue, at: now)
        recorder.sent(intended: intended, at: now)
        links[link].sent &+= 1
        dial(link)
    }

    /// Takes note of a handshake that succeeded, and closes again.
    mutating func didCycle(_ link: Int) {
        // The one that found out whether anybody answers was no request.
        if links[link].expected < links[link].sent { settleOldest(link, isRight: true) }
        beginClose(link)
    }

    /// Connects again what waits for it, in turn, as far as the handshakes under way allow.
    mutating func redial() {
        var done = 0
        while done < redials.count, now >= redials[done].due, handshakes.count < handshakesMax {
            let link = redials[done].link
            done += 1
            if !Work.isCycling {
                dial(link)
            } else {
                if isRefilling, !links[link].queue.isWaiting { planRequest(on: link, intended: now) }
                cycle(link)
            }
        }
        redials.removeFirst(done)
    }

    /// How many handshakes may be under way: in a load of handshakes, all.
    private var handshakesMax: Int { Work.isCycling ? .max : plan.handshakesInFlight }
}
