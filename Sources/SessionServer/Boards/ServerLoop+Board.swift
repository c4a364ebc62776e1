import SessionBase
import SessionCodec
import SessionCore

/// What board needs of its loop beside what every service does.
extension ServerLoop {
    /// Lets board find the rooms whose changes an earlier process could not store any more (PROTOCOLS 3-18). The store has
    /// been opened.
    mutating func startBoard() {
        guard servesBoard else { return }
        board.started(at: moment, effects: &effects)
        performEffects()
        // The first turn waits before it does anything.
        submitStoreCalls()
        submitBackendCalls()
    }

    /// Tells board that a connection which messages passed by takes some again; what it needs to go on comes as an answer.
    mutating func drained(_ id: ConnectionID) {
        guard connections.contains(id), connections[slot: id.slot].isSkipping, !connections[slot: id.slot].isWriting
        else { return }
        // What its groups were sent before is older than what it is going to be told.
        catchUp(id)
        connections[slot: id.slot].isSkipping = false
        guard connections[slot: id.slot].phase == .webSocket, connections[slot: id.slot].profile == .board else {
            return
        }
        board.drained(id, at: moment, effects: &effects)
        performEffects()
    }

    /// This loop's rooms behind the page's cursor, and how many there are on all pages.
    func listRooms(_ prefix: String, _ page: Page, in report: inout LoopReport) {
        // One more than is shown tells whether there is another page.
        report.rooms = board.rooms(prefix: prefix, after: page.cursor, limit: page.limit + 1, at: moment)
        report.total =
            prefix.isEmpty ? board.roomCount : board.rooms(prefix: prefix, after: nil, limit: .max, at: moment).count
    }
}
