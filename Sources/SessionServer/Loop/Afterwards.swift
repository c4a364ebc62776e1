import SessionBase
import SessionCodec
import SessionCore

/// What the events of a turn asked for that must wait until none of them is being handled any more.
///
/// Input is handled with buffers and cursors on the stack, and effects in the order of their list; whatever starts to
/// handle input again, or calls the machine that is asking, would come in between.
enum Afterwards {
    /// A machine's answer to a request, by the number of ``Requests``.
    case respond(number: UInt64, HTTPResponse)
    /// A credential was judged.
    case judged(ConnectionID, AccessVerdict)
    /// A connection's messages are handled again.
    case release(ConnectionID)
    /// A connection belongs to another loop.
    case depart(ConnectionID, shard: Int)
    /// A connection that messages passed by takes some again.
    case drained(ConnectionID)
}

extension ServerLoop {
    /// Does what waited for the end of the turn's events, and what that leads to.
    mutating func finishEvents() {
        while !afterwards.isEmpty {
            var work: [Afterwards] = []
            swap(&work, &afterwards)
            for item in work {
                switch item {
                case .respond(let number, let response): respond(toRequest: number, response)
                case .judged(let id, let verdict): judged(id, verdict)
                case .release(let id): release(id)
                case .depart(let id, let shard): depart(id, to: shard)
                case .drained(let id): drained(id)
                }
            }
        }
    }
}
