import SessionBase
import SessionCodec
import SessionCore

/// One socket of a member, both ends.
struct BoardSocket {
    /// What a client wants an answer to.
    enum Wish {
        case create
        case update(String)
        case delete(String)
        case cursor
        case ping
        case resync
        case flush

        /// Whether its answer keeps its place among those of the others.
        var isOrdered: Bool {
            switch self {
            case .create, .update, .delete, .resync: true
            case .cursor, .ping, .flush: false
            }
        }
    }

    /// What waits for a socket that takes nothing.
    struct Held {
        var bytes: [UInt8]
        var key: UInt64?
    }

    let user: String
    let room: String
    let isExtended: Bool
    let isViewer: Bool
    let id: ConnectionID

    // MARK: The server's end

    /// Which loop has it.
    var loop = 0
    var isAtServer = true
    var isMoving = false
    var isPaused = false
    /// Messages that arrived and are not handled.
    var inbox: [[UInt8]] = []
    /// Whether the socket takes nothing.
    var isBlocked = false
    var held: [Held] = []
    /// Whether it missed something.
    var hasMissed = false
    /// What the room had when the server got a flush, by the flush's number.
    var flushes: [Int: [String: [UInt8]]] = [:]

    // MARK: The client's end

    var isOpen = true
    var replica = BoardReplica()
    /// Whether it got anything.
    var isWelcome = false
    var wishes: [Int: Wish] = [:]
    var lastWish = 0
    /// The ordered wish that was answered last.
    var lastAnswered = 0

    // MARK: Between them

    /// When what was sent last arrives.
    var lastToServer = Instant.zero
    var lastToClient = Instant.zero
}
