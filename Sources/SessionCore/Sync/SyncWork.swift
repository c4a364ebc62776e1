import SessionBase
import SessionCodec

/// What is under way for one session; there is none while it is idle.
struct SyncWork: TableRecord {
    static let vacant = SyncWork()

    /// Finding out whose a session is, and which devices it has.
    enum Knowing: Sendable {
        case idle
        /// The session and its registry are being read; so many replies are missing.
        case reading(missing: Int)
        /// The session is new and being stored for a user.
        case creating(owner: String)
    }

    /// What the one writer of the session's state is doing.
    enum Stage: Sendable { case idle, loading, writing, removing }

    /// Store calls that were not answered.
    var outstanding = 0
    var knowing = Knowing.idle
    /// What the store has of the session, as far as it was read.
    var found: SessionFinding = .unread
    /// Who waits to know.
    var waiters: [SyncWaiter] = []

    var stage = Stage.idle
    /// Operations that were not applied yet, in the order of arrival.
    var queue: [SyncOperation] = []
    /// Operations whose outcome is being written.
    var inFlight: [SyncOperation] = []
    /// What is told once it is written, for each operation in flight.
    var outcomes: [SyncOutcome] = []
    /// What is being written.
    var applied: SessionDocument?
    /// What stands in the store, while somebody works on it.
    var standing: StandingSession?

    /// Whether the registry of devices is being written.
    var isWritingRegistry = false
    /// Whether it must be written again right after.
    var isRegistryStale = false
    /// Who is answered once the next registry is written.
    var registryAskers: [(operation: SyncOperation, outcome: SyncOutcome)] = []
    /// Who is answered once the one that is being written is.
    var registryAskersInFlight: [(operation: SyncOperation, outcome: SyncOutcome)] = []
    /// Devices that were removed since the registry was read; another node's registry must not bring them back.
    var removedDevices: [String] = []

    /// Whether nothing is left to be done.
    var isIdle: Bool {
        guard outstanding == 0, waiters.isEmpty, queue.isEmpty, case .idle = knowing, case .idle = stage else {
            return false
        }
        return !isWritingRegistry && registryAskers.isEmpty
    }
}

/// What a read told of a session.
enum SessionFinding: Sendable {
    case unread
    case missing
    case summary(SessionSummary)
    /// The store does not answer.
    case unavailable
    /// The content cannot be read.
    case damaged
}

/// What stands in the store for a session.
struct StandingSession: Sendable {
    /// The content; `nil` where there is none.
    var document: SessionDocument?
    /// Whether it was read or written in this run, and not taken from the cache: only then is it the last word.
    var isFresh: Bool
}

/// Somebody who cannot go on before it is known whose a session is.
enum SyncWaiter: Sendable {
    case join(ConnectionID)
    case operation(SyncOperation)
}

/// Something to be done with a session's state, kept until it is durable, so that it can be done again on another state.
struct SyncOperation: Sendable {
    /// What is to be done.
    enum Action: Sendable {
        /// A STATE_UPDATE.
        case update(SyncStateUpdate, device: String, serial: UInt32)
        /// A SNAPSHOT_REQUEST of a client that may have a version already.
        case read(knownVersion: UInt64?)
        /// An HTTP request.
        case call(SyncCall)
    }

    /// Who is to be answered.
    enum Asker: Sendable {
        case connection(ConnectionID, correlation: String?)
        case request(RequestTicket, Identity)
    }

    var action: Action
    var asker: Asker
    /// When it came, for the histograms.
    var since: Instant
}

/// One question to the store that was not answered yet.
struct OpenQuestion: TableRecord {
    static let vacant = OpenQuestion(serial: 0, question: .unimportant, session: noIndex)

    /// Part of the ticket.
    var serial: UInt32
    var question: StoreQuestion
    /// Slot of the session that stays in memory for it, or ``noIndex``.
    var session: UInt32
}

/// What the store was asked for.
enum StoreQuestion: Sendable {
    /// Which session a joining connection belongs to.
    case newest(ConnectionID)
    /// Whose a session is.
    case session
    /// The registry of a session's devices.
    case registry
    /// To store a new session.
    case creation
    /// To store the registry of a session's devices.
    case registryWrite
    /// The state, to be changed.
    case load
    /// To store the state.
    case write
    /// To remove the session.
    case removal
    /// The state, for one who asked for no more.
    case read(SyncOperation)
    /// The handoffs, to be changed.
    case handoffLoad(life: UInt32)
    /// To store the handoffs.
    case handoffWrite(life: UInt32)
    /// Something whose outcome changes nothing.
    case unimportant
}
