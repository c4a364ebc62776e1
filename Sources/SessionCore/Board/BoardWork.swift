import SessionBase
import SessionCodec

/// What a member wants done with the board, in its turn.
struct BoardWork: Sendable {
    enum Action: Sendable {
        case create(NewShape)
        case update(String, ShapeChange)
        case delete(String)
        case resync
        case flush
        /// An administrator's flush, and how long it may wait.
        case store(RequestTicket, until: Instant)
    }

    /// Whose an administrator's wish is: no connection of any loop.
    static let nobody = ConnectionID(slot: .max, generation: .max)

    var action: Action
    /// Whose wish it is; may be gone when its turn comes, or ``nobody``.
    var connection: ConnectionID
    /// Who that is.
    var user: String
    /// What the client wants to know the answer by.
    var tag: MessageTag?
    /// When it came.
    var since: Instant
}

/// What a member is told about a message once the batch that it was in is durable.
struct BoardAnswer: Sendable {
    enum Outcome: Equatable, Sendable {
        /// It was done.
        case done(shape: String?, clientID: String?)
        /// It was done, and depends on the store; the same as `done` where the batch becomes durable.
        case changed(shape: String, clientID: String?)
        case refused(BoardErrorCode)
    }

    var outcome: Outcome
    var connection: ConnectionID
    var tag: MessageTag?
}

/// A batch of changes that the embedded store is being told, and what follows from it.
struct BoardCommit: Sendable {
    /// The version that it makes.
    var version: UInt64
    /// When the first of its messages came.
    var since: Instant
    /// How many changes there are.
    var changes: Int
    /// How many bytes its record has.
    var recordBytes: Int
    /// What members are told then.
    var answers: [BoardAnswer]
    /// Who wants a snapshot then.
    var resyncs: [ConnectionID]
    /// Who wants to know when all of that is stored.
    var flushes: [FlushWaiter]
}

/// Somebody who waits until a room's board is stored.
struct FlushWaiter: Sendable {
    enum Asker: Equatable, Sendable {
        /// A member, and what it wants to know the answer by.
        case member(ConnectionID, MessageTag?)
        /// An administrator.
        case request(RequestTicket)
    }

    var asker: Asker
    /// What must be stored: the room's version when it began to wait.
    var version: UInt64 = 0
    /// How long it waits; members wait as long as it takes.
    var until = Instant.distantFuture
    /// Whether a store began since, which decides.
    var isTried = false

    /// The member that waits, where it is one.
    var member: ConnectionID? { if case .member(let connection, _) = asker { connection } else { nil } }
}
