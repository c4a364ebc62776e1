import SessionBase
import SessionCodec
import SessionIO

/// Requests that are conversations: the workload writes messages for any connection to the desk, and says when a request
/// is over; the engine sends, and lets the next one begin.
extension WorkerLoop where Work: ~Copyable {
    /// Begins the requests of a connection that wait; none while its socket is full.
    mutating func converse(_ link: Int) {
        while links[link].queue.isWaiting, !links[link].isBlocked, links[link].state == .open {
            desk.now = now
            repeat {
                let intended = flights.removeFirst(of: &links[link].queue).intended
                recorder.sent(intended: intended, at: now)
                work.begin(Flight(intended: intended, sent: now), on: link, &desk, &recorder)
            } while links[link].queue.isWaiting && desk.hasRoom
            deliver()
        }
    }

    /// Lets the workload handle a message, and does what it calls for.
    @inline(__always)
    mutating func hear(_ link: Int, _ message: Span<UInt8>, kind: MessageKind) {
        desk.now = now
        work.hear(message, kind: kind, on: link, &desk, &recorder)
        finishConversations()
    }

    /// Lets the workload handle an answer of a plain HTTP connection, and does what it calls for.
    mutating func hear(_ link: Int, _ reply: HTTPReply, _ bytes: Span<UInt8>) {
        desk.now = now
        switch links[link].state {
        case .open:
            work.hear(reply, bytes, on: link, &desk, &recorder)
            if reply.closes { end(link, Self.endOfHTTP) }
            finishConversations()
        case .greeting:
            let answer = work.introduced(by: reply, bytes, on: link, &desk)
            deliver()
            didIntroduce(link, answer)
        default: break
        }
    }

    /// Tells the workload of a connection that is gone, which may happen while something is being sent: what it calls for
    /// waits for ``finishConversations()``.
    mutating func loseConversations(of link: Int) {
        desk.now = now
        while !links[link].queue.isEmpty { _ = flights.removeFirst(of: &links[link].queue) }
        work.lose(link, &desk, &recorder)
    }

    /// Gives up the requests that left before a time.
    mutating func expire(before limit: Instant) {
        desk.now = now
        work.expire(before: limit, &desk, &recorder)
        while let link = desk.takeAbandoned() { end(link, "timeout") }
        finishConversations()
    }

    /// Lets the workload do what is due by the clock.
    mutating func tick() {
        desk.now = now
        work.tick(&desk, &recorder)
        while let (link, until) = desk.takeAway() { cut(link, until: until) }
        finishConversations()
    }

    /// Cuts a connection off, which is opened again later.
    private mutating func cut(_ link: Int, until: Instant) {
        guard links[link].state == .open else { return }
        openCount -= 1
        recorder.ended(Storm.endReason)
        drop(link)
        redials.append((link, until))
    }

    /// Lets the workload say its last once no request begins any more.
    mutating func conclude() {
        desk.now = now
        work.conclude(&desk, &recorder)
        deliver()
    }

    /// Sends what the desk holds, and begins the next requests of the connections whose last ones are over.
    @inline(__always)
    mutating func finishConversations() {
        deliver()
        while let link = desk.takeFinished() {
            guard isRefilling, links[link].state == .open else { continue }
            planRequest(on: link, intended: now)
            converse(link)
        }
    }

    /// Sends what the desk holds.
    @inline(__always)
    mutating func deliver() {
        guard !desk.parcels.isEmpty else { return }
        for place in 0..<desk.parcels.count {
            let parcel = desk.parcels[place]
            guard links[parcel.link].descriptor >= 0 else { continue }
            transmit(desk.frames.bytes(parcel.start..<parcel.end), to: parcel.link)
        }
        desk.removeAll()
    }
}
