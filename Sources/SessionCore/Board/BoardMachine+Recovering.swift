package import SessionBase
import SessionCodec

/// Where the search for rooms that have something to store from before is.
struct RoomRecovery: Sendable {
    enum Phase: Sendable {
        /// Among the records of the journal.
        case journal
        /// Among the boards that the embedded store keeps whole, because the backend has not taken them.
        case boards
        case done
    }

    var phase = Phase.done
    /// Where the next question goes on.
    var after: String?
    /// Whether the store has not answered yet.
    var isAsking = false
    /// Rooms that were found, and that the search waits for: neither stored yet, nor tried in vain.
    var roomCount = 0
    var failures = 0
    /// When it goes on, where it waits for time and not for the store or for rooms.
    var retryAt: Instant?

    /// How many rooms are brought into memory at once.
    static let roomsMax = 16
}

/// What was drawn before the server started, and is in the journal still, is stored though nobody comes (PROTOCOLS 3-18).
extension BoardMachine {
    /// Starts to look for rooms of this loop that have something to store from before; once, before the first connection.
    package mutating func started(at moment: Moment, effects: inout Effects) {
        recovery.phase = .journal
        continueRecovery(at: moment, effects: &effects)
    }

    /// Looks for the next room, where nothing has to be waited for.
    mutating func continueRecovery(at moment: Moment, effects: inout Effects) {
        if let retryAt = recovery.retryAt, retryAt > moment.instant { return }
        recovery.retryAt = nil
        guard recovery.phase != .done, !isStopping, !recovery.isAsking, recovery.roomCount < RoomRecovery.roomsMax
        else { return }
        recovery.isAsking = true
        let collection: DocumentCollection = recovery.phase == .journal ? .boardChanges : .boards
        ask(.scan, .list(collection, owner: nil, after: recovery.after, limit: 1), for: noIndex, effects: &effects)
    }

    /// Takes the next room that the store knows.
    mutating func scanned(_ reply: StoreReply, at moment: Moment, effects: inout Effects) {
        recovery.isAsking = false
        guard case .page(let page) = reply else {
            recovery.failures += 1
            let backoff = configuration.persistence.backoff
            let delay = Duration.nanoseconds(backoff.lowerBound.nanoseconds << min(recovery.failures - 1, 20))
            recovery.retryAt = moment.instant + min(delay, backoff.upperBound)
            return
        }
        recovery.failures = 0
        // A record that is damaged is left out of the page; its name still leads on, and its room fails to load.
        if let name = page.documents.first?.key.name ?? page.next { found(name, effects: &effects) }
        if page.next == nil { endPhase() }
        continueRecovery(at: moment, effects: &effects)
    }

    private mutating func found(_ name: String, effects: inout Effects) {
        recovery.after = name
        // By bytes: a room's last character may be one that a space is joined to. A name without one is that of a board of
        // its own, which is no board of the backend's.
        guard let space = name.utf8.lastIndex(of: UInt8(ascii: " ")) else { return }
        let room = String(name[..<space])
        // Behind all records of the room: a digit of a version comes before a letter that is none.
        if recovery.phase == .journal { recovery.after = room + " g" }
        guard configuration.shard(ofRoom: room) == configuration.shard else { return }
        let slot = roomSlots[room] ?? makeRoom(room, effects: &effects)
        // A room that somebody came to meanwhile is stored in any case, but once its load fails nobody may be there.
        guard !rooms[slot: slot].isLive, !rooms[slot: slot].isRecovering else { return }
        rooms[slot: slot].isRecovering = true
        rooms[slot: slot].isAwaited = true
        recovery.roomCount += 1
    }

    private mutating func endPhase() {
        recovery.after = nil
        recovery.phase = recovery.phase == .journal && configuration.hasBackend ? .boards : .done
    }

    /// Notes that what a room had from before is stored.
    mutating func endRecovery(of room: UInt32) {
        guard rooms[slot: room].isRecovering else { return }
        rooms[slot: room].isRecovering = false
        stopAwaiting(room)
    }

    /// Lets the search go on, because a room is stored, or cannot be for now; that room is tried again beside it.
    mutating func stopAwaiting(_ room: UInt32) {
        guard rooms[slot: room].isAwaited else { return }
        rooms[slot: room].isAwaited = false
        recovery.roomCount -= 1
        // With the next tick: there is no effect that could ask the store here.
        if recovery.phase != .done, !recovery.isAsking { recovery.retryAt = .zero }
    }
}
