import SessionBase
import SessionCodec
import SessionCore

/// What the events of a turn asked for that must wait until none of them is being handled any more.
///
/// Input is handled with buffers and cursors on the stack, and effects in the order of their list; whatever starts to
/// handle input again, or calls the machine that is asking, would come in between.
struct Afterwards {
    /// Answers to requests, by the number of ``Requests``.
    var responses: [(number: UInt64, response: HTTPResponse)] = []
    /// Credentials that were judged.
    var verdicts: [(id: ConnectionID, verdict: AccessVerdict)] = []
    /// Connections whose messages are handled again.
    var released: [ConnectionID] = []
    /// Connections that belong to another loop.
    var movers: [(id: ConnectionID, shard: Int)] = []

    var isEmpty: Bool { responses.isEmpty && verdicts.isEmpty && released.isEmpty && movers.isEmpty }
}

extension ServerLoop {
    /// Does what waited for the end of the turn's events, and what that leads to.
    mutating func finishEvents() {
        while !afterwards.isEmpty {
            var work = Afterwards()
            swap(&work, &afterwards)
            for (id, verdict) in work.verdicts { judged(id, verdict) }
            for (number, response) in work.responses { respond(toRequest: number, response) }
            for id in work.released { release(id) }
            for (id, shard) in work.movers { depart(id, to: shard) }
        }
    }
}
