import SessionBase
import SessionCodec

/// A room comes into memory, and is forgotten (PROTOCOLS 3-18, 3-19, §5.3).
///
/// The board is what the embedded store has whole, or else what the backend has, and then all that the journal says: records
/// are absolute, so that they may be applied to a board that has them already.
///
/// The embedded store may have two boards of a room: its *own*, of a server without a backend, and one that is *kept* until
/// the backend takes it. What was drawn without a backend is not the backend's: it is the board only where the backend has
/// none, and so goes there when somebody comes into the room. The other way round, a server that has its backend no more
/// goes on from what was kept, where it has no board of its own.
extension BoardMachine {
    /// Records of the journal that are read at once.
    private static let pageLimit = 100

    /// The key of a room's whole board in the embedded store.
    static func checkpointKey(_ room: String, isKept: Bool) -> DocumentKey {
        DocumentKey(.boards, isKept ? room + keptSuffix : room)
    }

    /// What no room's name ends in: names have no blanks.
    static let keptSuffix = " kept"

    /// The name of the record of a version in the journal: their bytes are in the order of rooms, then of versions.
    static func recordName(_ room: String, _ version: UInt64) -> String {
        let digits = String(version, radix: 16)
        return room + " " + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Brings a room into memory, without anybody in it.
    mutating func makeRoom(_ name: String, effects: inout Effects) -> UInt32 {
        let slot = rooms.insert(
            Room(name: name, configuration.persistence, lastStore: recentStores.begin(of: name)))
        roomSlots[name] = slot
        load(slot, effects: &effects)
        return slot
    }

    /// Begins to load a room's board, from the start.
    private mutating func load(_ slot: UInt32, effects: inout Effects) {
        rooms[slot: slot].shapes = ShapeTable()
        rooms[slot: slot].storing = RoomStoring()
        changeLoad(slot) { load in
            let failures = load.failures
            load = RoomLoad()
            load.failures = failures
        }
        askCheckpoint(isKept: configuration.hasBackend, slot, effects: &effects)
    }

    private mutating func askCheckpoint(isKept: Bool, _ slot: UInt32, effects: inout Effects) {
        changeLoad(slot) { $0.asksKept = isKept }
        let key = Self.checkpointKey(rooms[slot: slot].name, isKept: isKept)
        ask(.checkpoint, .read(key), for: slot, effects: &effects)
    }

    private mutating func changeLoad(_ slot: UInt32, _ body: (inout RoomLoad) -> Void) {
        guard case .loading(var load) = rooms[slot: slot].stage else {
            preconditionFailure("a room that is live is loaded")
        }
        body(&load)
        rooms[slot: slot].stage = .loading(load)
    }

    /// Takes what the embedded store has whole.
    mutating func readCheckpoint(_ reply: StoreReply, _ slot: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .loading(let load) = rooms[slot: slot].stage else { return }
        // Where there is a backend, what it keeps is asked for first; else the board of its own.
        let isFirst = load.asksKept == configuration.hasBackend
        switch reply {
        case .found(let document?):
            guard adopt(document.body, slot) else { return failLoad(slot, at: moment, effects: &effects) }
            if isFirst { rooms[slot: slot].storing.checkpoint = document.version }
            rooms[slot: slot].storing.isOwnLeft = configuration.hasBackend && !isFirst
            readOn(slot, effects: &effects)
        case .found(nil) where isFirst && configuration.hasBackend:
            ask(.board, .load(room: rooms[slot: slot].name), for: slot, effects: &effects)
        case .found(nil) where isFirst: askCheckpoint(isKept: true, slot, effects: &effects)
        case .found(nil): readOn(slot, effects: &effects)
        default: failLoad(slot, at: moment, effects: &effects)
        }
    }

    /// Takes what the backend has.
    mutating func fetched(_ reply: BackendReply, _ slot: UInt32, at moment: Moment, effects: inout Effects) {
        switch reply {
        case .board(let body):
            guard adopt(body, slot), case .loading(let load) = rooms[slot: slot].stage,
                load.version <= BoardVersions.maximum
            else { return failLoad(slot, at: moment, effects: &effects) }
            rooms[slot: slot].storing.backendVersion = load.version
            readOn(slot, effects: &effects)
        case .absent: askCheckpoint(isKept: false, slot, effects: &effects)
        case .stored, .conflict, .refused, .unavailable: failLoad(slot, at: moment, effects: &effects)
        }
    }

    /// Reads a whole board; one that cannot be read is never an empty board.
    private mutating func adopt(_ body: [UInt8], _ slot: UInt32) -> Bool {
        let document: BoardDocument
        do throws(BoardDocumentError) { document = try BoardDocument.decode(body.span) } catch { return false }
        for shape in document.shapes { rooms[slot: slot].shapes.replace(shape) }
        changeLoad(slot) { $0.version = document.version }
        return true
    }

    /// Asks for the next page of the journal.
    private mutating func readOn(_ slot: UInt32, effects: inout Effects) {
        guard case .loading(let load) = rooms[slot: slot].stage else { return }
        ask(
            .journal,
            .list(.boardChanges, owner: rooms[slot: slot].name, after: load.lastRecord, limit: Self.pageLimit),
            for: slot, effects: &effects)
    }

    /// Takes a page of the journal.
    mutating func readJournal(_ reply: StoreReply, _ slot: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .page(let page) = reply else { return failLoad(slot, at: moment, effects: &effects) }
        for document in page.documents {
            guard replay(document, slot) else { return failLoad(slot, at: moment, effects: &effects) }
        }
        if let next = page.next {
            changeLoad(slot) { $0.lastRecord = next }
            readOn(slot, effects: &effects)
        } else {
            finishLoad(slot, at: moment, effects: &effects)
        }
    }

    private mutating func replay(_ document: Document, _ slot: UInt32) -> Bool {
        let record: BoardRecord
        do throws(BoardDocumentError) { record = try BoardRecord.decode(document.body.span) } catch { return false }
        rooms[slot: slot].shapes.apply(record)
        rooms[slot: slot].storing.count(record: document.body.count)
        changeLoad(slot) { $0.version = max($0.version, record.version) }
        return true
    }

    /// Opens the room: everybody who waited comes in with the first broadcast, which is due.
    private mutating func finishLoad(_ slot: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .loading(let load) = rooms[slot: slot].stage else { return }
        counters.loads += 1
        rooms[slot: slot].shapes.endReplay()
        rooms[slot: slot].stage = .live
        rooms[slot: slot].version = load.version
        rooms[slot: slot].epoch = Base64URL.encode(entropy.bytes(9).span)
        let storing = rooms[slot: slot].storing
        let isBackendBehind = configuration.hasBackend && storing.hasWhole
        if storing.journalRecords > 0 || isBackendBehind {
            rooms[slot: slot].debounce.changed(at: moment.instant)
            if configuration.hasBackend {
                rooms[slot: slot].version = BoardVersions.afterRestart(load.version, at: moment.timestamp)
            }
        } else {
            endRecovery(of: slot)
        }
        // Nobody may be there any more.
        if !rooms[slot: slot].isOccupied { rooms[slot: slot].debounce.hurry() }
    }

    // MARK: Failing

    /// Tries again later; sends those away who have waited long enough (PROTOCOLS 3-19).
    private mutating func failLoad(_ slot: UInt32, at moment: Moment, effects: inout Effects) {
        var failures = 0
        changeLoad(slot) { load in
            load.failures += 1
            failures = load.failures
        }
        if failures == configuration.loadRetries.count + 1 {
            counters.loadFailures += 1
            for connection in rooms[slot: slot].arrivals { expel(connection, .backendUnavailable, effects: &effects) }
        }
        if failures > configuration.loadRetries.count { stopAwaiting(slot) }
        // What is in the journal is stored some day, even where nobody comes; anything else is left to the next who does.
        guard rooms[slot: slot].isOccupied || rooms[slot: slot].isRecovering else { return }
        let delay = loadDelay(after: failures)
        changeLoad(slot) { $0.retryAt = moment.instant + delay }
    }

    private func loadDelay(after failures: Int) -> Duration {
        if failures <= configuration.loadRetries.count { return configuration.loadRetries[failures - 1] }
        let backoff = configuration.persistence.backoff
        let doublings = min(failures - configuration.loadRetries.count - 1, 20)
        return min(.nanoseconds(backoff.lowerBound.nanoseconds << doublings), backoff.upperBound)
    }

    /// Loads a room again where the time for it has come.
    mutating func retryLoad(_ slot: UInt32, at moment: Moment, effects: inout Effects) {
        guard case .loading(let load) = rooms[slot: slot].stage, let retryAt = load.retryAt, retryAt <= moment.instant
        else { return }
        self.load(slot, effects: &effects)
    }

    /// Loads a room again at once, with all retries, because somebody comes.
    mutating func hurryLoad(_ slot: UInt32, at moment: Moment) {
        guard case .loading(let load) = rooms[slot: slot].stage, load.failures > configuration.loadRetries.count
        else { return }
        changeLoad(slot) { load in
            load.failures = 0
            if load.retryAt != nil { load.retryAt = moment.instant }
        }
    }

    // MARK: Forgetting

    /// Forgets a room in which nobody is and of which everything is stored, and that nothing is asked about.
    ///
    /// - Returns: Whether it is forgotten.
    mutating func forgetIfIdle(_ slot: UInt32, at moment: Moment) -> Bool {
        guard !rooms[slot: slot].isOccupied, rooms[slot: slot].outstanding == 0 else { return false }
        if rooms[slot: slot].isLive {
            guard rooms[slot: slot].isStored, rooms[slot: slot].queue.isEmpty else { return false }
        } else if rooms[slot: slot].isRecovering {
            return false
        }
        roomSlots[rooms[slot: slot].name] = nil
        endRecovery(of: slot)
        let room = rooms.remove(slot: slot)
        ringBytes -= room.ring.heldBytes
        if let begin = room.debounce.lastBegin, begin + configuration.persistence.spacing > moment.instant {
            recentStores.note(room.name, begin: begin)
        }
        if rooms.count == 0 { forgetEmptyIndexes() }
        forgetStaleDues()
        return true
    }

    /// Gives back what a rush of rooms left behind.
    private mutating func forgetEmptyIndexes() {
        roomSlots = TextMap()
        (broadcasts, chores) = (DeadlineQueue(), DeadlineQueue())
    }

    private mutating func forgetStaleDues() {
        let rooms = rooms
        if broadcasts.count > 64 + 4 * rooms.count { broadcasts.keep { rooms.contains(slot: $0) } }
        if chores.count > 64 + 4 * rooms.count { chores.keep { rooms.contains(slot: $0) } }
    }
}

extension Room {
    /// Whether nothing is to be stored, and nothing about that is under way.
    var isStored: Bool {
        guard case .idle = storing.step else { return false }
        return !debounce.isDirty && commit == nil
    }
}
