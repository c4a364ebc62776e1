import SessionBase
import SessionCodec

/// One user of a room, with however many sockets (PROTOCOLS 3-5).
struct RoomUser: TableRecord {
    static let vacant = RoomUser(name: "")

    let name: String
    /// How many sockets there are.
    var sockets = 0
    /// Whether there is a cursor.
    var hasCursor = false
    /// Whether it moved since the last broadcast.
    var hasMoved = false
    var x = 0.0
    var y = 0.0
    var movedAt = Timestamp(milliseconds: 0)

    init(name: String) { self.name = name }
}

/// One room: who is in it, what is drawn, and what is under way.
///
/// `loading` → `live`, and forgotten when nobody is there and everything is stored (PROTOCOLS §5.3). Tentative changes of the
/// shapes exist exactly while a batch is being made durable, and nobody sees the board meanwhile.
struct Room: TableRecord {
    static let vacant = Room(name: "", PersistRules())

    /// How it came to be in memory, and how far.
    enum Stage: Sendable {
        case loading(RoomLoad)
        case live
    }

    let name: String
    var stage = Stage.loading(RoomLoad())
    /// Which life of the room this is; drawn when it is live.
    var epoch = ""
    /// Rises with every broadcast that is not about cursors alone.
    var version: UInt64 = 0

    // MARK: Who is there

    /// Sockets that are members.
    var memberCount = 0
    /// Of these, those that speak the second version.
    var extendedCount = 0
    /// Those that wait to become members, in the order in which they came.
    var arrivals: [ConnectionID] = []
    var users = Table<RoomUser>()
    /// The slots of the users in the order in which they came.
    var order: [UInt32] = []
    private var userSlots = TextMap<UInt32>()
    /// Users that came, and that left, since the last broadcast.
    var joined: [String] = []
    var left: [String] = []
    /// Slots of users whose cursors moved since the last broadcast.
    var moved: [UInt32] = []

    // MARK: What is drawn

    var shapes = ShapeTable()
    /// What waits for its turn.
    var queue: [BoardWork] = []
    /// What is being made durable.
    var commit: BoardCommit?
    /// Members of the second version that do not know the board, or not any more, in the order in which they wait to be told.
    var behind: [ConnectionID] = []
    /// Members that know the board now, and said something before they did.
    var eager: [ConnectionID] = []
    /// Administrators that want to see the board then.
    var viewers: [RequestTicket] = []
    var ring = PatchRing()
    /// Whether there ever was a member that could come back for patches.
    var keepsRing = false
    /// When the last broadcast was.
    var lastBroadcast = Instant(nanoseconds: .min / 2)
    /// When an entry of the machine's queue of broadcasts stands for it.
    var broadcastDue = Instant.distantFuture

    // MARK: What is stored

    var debounce: PersistDebounce
    var storing = RoomStoring()
    /// Who waits until everything is stored.
    var flushes: [FlushWaiter] = []
    /// Whether members were told that storing has failed for long.
    var isDegraded = false
    /// Whether they ever were; some may have missed that it is over.
    var wasDegraded = false
    /// When an entry of the machine's queue of chores stands for it.
    var choreDue = Instant.distantFuture
    /// Questions about it that were not answered.
    var outstanding = 0
    /// Whether it is in memory because of what was not stored before the server started.
    var isRecovering = false
    /// Whether the search for such rooms waits for it.
    var isAwaited = false

    init(name: String, _ rules: PersistRules, lastStore: Instant? = nil) {
        self.name = name
        debounce = PersistDebounce(rules, lastBegin: lastStore)
    }

    /// Whether its board is there.
    var isLive: Bool { if case .live = stage { true } else { false } }

    /// Whether somebody is there, or about to be.
    var isOccupied: Bool { memberCount > 0 || !arrivals.isEmpty }

    /// Whether there is anything that the last broadcast did not tell, or did not tell everybody, but for cursors.
    var hasNews: Bool {
        !queue.isEmpty || !joined.isEmpty || !left.isEmpty || !arrivals.isEmpty || !behind.isEmpty
    }

    /// Whether users came or left, or cursors moved, since the last broadcast.
    var hasUntold: Bool { !joined.isEmpty || !left.isEmpty || !moved.isEmpty }

    // MARK: Users

    /// Adds a socket of a user.
    ///
    /// - Returns: The user's slot.
    mutating func addSocket(of name: String) -> UInt32 {
        if let slot = userSlots[name] {
            users[slot: slot].sockets += 1
            return slot
        }
        var user = RoomUser(name: name)
        user.sockets = 1
        let slot = users.insert(user)
        userSlots[name] = slot
        order.append(slot)
        joined.append(name)
        return slot
    }

    /// Takes away a socket of a user; with the last one the user leaves (PROTOCOLS 3-5).
    mutating func removeSocket(of slot: UInt32) {
        users[slot: slot].sockets -= 1
        guard users[slot: slot].sockets == 0 else { return }
        let user = users.remove(slot: slot)
        userSlots[user.name] = nil
        order.removeAll { $0 == slot }
        moved.removeAll { $0 == slot }
        // Who came and left between two broadcasts was never there.
        if let place = joined.firstIndex(where: { $0.isSameBytes(as: user.name) }) {
            joined.remove(at: place)
        } else {
            left.append(user.name)
        }
    }

    /// Notes where a user's cursor is; the latest place of all sockets counts (PROTOCOLS 3-5).
    mutating func moveCursor(of slot: UInt32, x: Double, y: Double, at time: Timestamp) {
        users[slot: slot].x = x
        users[slot: slot].y = y
        users[slot: slot].movedAt = time
        users[slot: slot].hasCursor = true
        guard !users[slot: slot].hasMoved else { return }
        users[slot: slot].hasMoved = true
        moved.append(slot)
    }

    /// The names of the users in their order.
    var userNames: [String] { order.map { users[slot: $0].name } }

    /// All cursors in the order of the users (PROTOCOLS 3-6).
    var cursors: [BoardCursor] { order.compactMap { users[slot: $0].hasCursor ? cursor(of: $0) : nil } }

    /// The cursors that moved since the last broadcast.
    var movedCursors: [BoardCursor] { moved.map { cursor(of: $0) } }

    private func cursor(of slot: UInt32) -> BoardCursor {
        let user = users[slot: slot]
        return BoardCursor(user: user.name, x: user.x, y: user.y, timestamp: user.movedAt)
    }

    /// Notes that everything about users was told.
    mutating func forgetNews() {
        joined.removeAll(keepingCapacity: true)
        left.removeAll(keepingCapacity: true)
        for slot in moved { users[slot: slot].hasMoved = false }
        moved.removeAll(keepingCapacity: true)
    }
}

/// How far the loading of a board is (PROTOCOLS 3-19).
struct RoomLoad: Sendable {
    /// The last change of the journal that was read.
    var lastRecord: String?
    /// How often it failed.
    var failures = 0
    /// When it is tried again; `nil` while it is under way.
    var retryAt: Instant?
    /// The version of what was read so far.
    var version: UInt64 = 0
    /// Whether the embedded store is asked for what it keeps for the backend, and not for a board of its own.
    var asksKept = false
}

/// What is under way to store a room's board, and what the stores are known to have.
struct RoomStoring: Sendable {
    enum Step: Sendable {
        /// Nothing is under way.
        case idle
        /// The board is on its way to where it is kept for good.
        case storing
        /// The backend is asked for its version.
        case comparing
        /// The embedded store is told to forget the whole board, which the backend has now.
        case removing
        /// The embedded store is told to forget the journal.
        case trimming
        /// The embedded store is told the whole board, because the backend does not take it.
        case keeping
        /// The embedded store is told to forget what it was just told whole.
        case trimmingKept
    }

    var step = Step.idle
    /// The version of the room that is being stored.
    var version: UInt64 = 0
    /// When that began.
    var since = Instant.zero
    /// The version under which it is stored.
    var putVersion: UInt64 = 0
    /// The greatest version that the backend is known to have.
    var backendVersion: UInt64 = 0
    /// The version of the whole board in the embedded store; 0 where it may have one, `nil` where it has none.
    var checkpoint: UInt64?
    /// Whether the board was drawn without a backend, and the embedded store has it still as its own.
    var isOwnLeft = false
    /// Whether the embedded store has the board whole, though there is a backend.
    var hasWhole: Bool { checkpoint != nil || isOwnLeft }
    /// Records of the journal and their bytes.
    var journalRecords = 0
    var journalBytes = 0
    /// Of these, those that came since the step began.
    var newRecords = 0
    var newBytes = 0
    /// Ids about which the journal may say something that was refused, each once.
    private(set) var doubtful: [String] = []
    private var doubted: Set<ExactText> = []
    /// The newest version of such a record.
    private var doubtfulVersion: UInt64 = 0
    /// Before this the embedded store is asked to keep no batch: it just refused one.
    var refusesUntil = Instant.zero
    /// Before this the whole board is not written to the embedded store beside the backend's.
    var keepAfter = Instant.zero

    /// Counts a record that was written.
    mutating func count(record bytes: Int) {
        journalRecords += 1
        journalBytes += bytes
        newRecords += 1
        newBytes += bytes
    }

    /// Notes that the record of a version, which was refused, may stand in the journal nevertheless.
    mutating func doubt(_ ids: [String], _ version: UInt64) {
        for id in ids where doubted.insert(ExactText(id)).inserted { doubtful.append(id) }
        doubtfulVersion = version
    }

    /// Notes that the journal says nothing that did not happen.
    mutating func trust() { (doubtful, doubted) = ([], []) }

    /// Notes that a step begins which will forget the records before it.
    mutating func mark(_ version: UInt64, at now: Instant) {
        (self.version, since) = (version, now)
        (newRecords, newBytes) = (0, 0)
    }

    /// Notes that the records up to the mark are forgotten.
    mutating func forgetMarked() {
        (journalRecords, journalBytes) = (newRecords, newBytes)
        if doubtfulVersion <= version { trust() }
    }
}
