package import SessionBase

/// What the board server says (PROTOCOLS §5.3).
package enum BoardServerMessage: Equatable, Sendable {
    /// Everything about the room, to clients of the seed; it has no `type` (3-1).
    case board(BoardState)
    /// Everything about the room, to clients of the second version (3-2).
    case snapshot(BoardSnapshot)
    /// What changed since the version before (3-2).
    case patch(BoardPatch)
    /// Confirms a message that carried an `id`.
    case ack(BoardAck)
    /// Refuses a message (3-3).
    case error(BoardErrorCode, message: String)
    /// Answers a `ping`.
    case pong(Timestamp)
    /// Tells whether changes reach the backend (3-20).
    case storage(BoardStorage)

    /// The type on the wire.
    package var kind: BoardServerKind {
        switch self {
        case .board: .board
        case .snapshot: .snapshot
        case .patch: .patch
        case .ack: .ack
        case .error: .error
        case .pong: .pong
        case .storage: .storage
        }
    }
}

/// Where a user's cursor is.
package struct BoardCursor: Equatable, Sendable {
    /// Whose it is.
    package var user: String
    /// Where it is, to the right.
    package var x: Double
    /// Where it is, downwards.
    package var y: Double
    /// When it came there, by the server's clock (3-6); patches do not say it.
    package var timestamp: Timestamp?

    /// Describes a cursor.
    package init(user: String, x: Double, y: Double, timestamp: Timestamp? = nil) {
        self.user = user
        (self.x, self.y) = (x, y)
        self.timestamp = timestamp
    }
}

/// What is to be known of a room (seed 003, *Server->Client Messages*).
package struct BoardState: Equatable, Sendable {
    /// Who is there, in the order in which they came first (3-5).
    package var users: [String]
    /// Their cursors, at most one each, in the order of the users (3-6).
    package var cursors: [BoardCursor]
    /// What is drawn, in the order of creation (3-24).
    package var shapes: [Shape]

    /// Describes a room.
    package init(users: [String] = [], cursors: [BoardCursor] = [], shapes: [Shape] = []) {
        self.users = users
        self.cursors = cursors
        self.shapes = shapes
    }
}

/// A room at a version.
package struct BoardSnapshot: Equatable, Sendable {
    /// Which room.
    package var room: String
    /// How many changes it had, within its epoch.
    package var version: UInt64
    /// Which life of the room the version is counted in.
    package var epoch: String
    /// Who is told.
    package var you: String
    /// What is there.
    package var state: BoardState

    /// Describes a snapshot.
    package init(room: String, version: UInt64, epoch: String, you: String, state: BoardState = BoardState()) {
        self.room = room
        self.version = version
        self.epoch = epoch
        self.you = you
        self.state = state
    }
}

/// One shape of a patch.
package enum BoardPut: Equatable, Sendable {
    /// The shape is new, or said whole: its id stands in `full`.
    case full(Shape)
    /// Some fields of a shape changed.
    case changed(ChangedShape)

    /// The shape's name.
    package var id: String {
        switch self {
        case .full(let shape): shape.id
        case .changed(let changed): changed.id
        }
    }
}

/// The fields of a shape that changed, by whom and when.
package struct ChangedShape: Equatable, Sendable {
    /// The shape's name.
    package var id: String
    /// What its fields are now.
    package var change: ShapeChange
    /// When, by the server's clock.
    package var timestamp: Timestamp
    /// Who did it.
    package var updatedBy: String
    /// The version of the board that has it first.
    package var version: UInt64

    /// Describes a change.
    package init(id: String, change: ShapeChange, timestamp: Timestamp, updatedBy: String, version: UInt64) {
        self.id = id
        self.change = change
        self.timestamp = timestamp
        self.updatedBy = updatedBy
        self.version = version
    }

    /// Changes the shape that it is about.
    package func apply(to shape: inout Shape) {
        change.apply(to: &shape)
        shape.timestamp = timestamp
        shape.updatedBy = updatedBy
        shape.version = version
    }
}

/// What changed in a room.
///
/// Its version is the one after its receiver's; one about cursors alone may repeat that version. Users leave before others
/// come, and their cursors go with them; to leave twice, or to come twice, is nothing.
package struct BoardPatch: Equatable, Sendable {
    /// The room's version with the change.
    package var version: UInt64
    /// Shapes that were created or changed, in order.
    package var put: [BoardPut]
    /// Shapes that were taken away.
    package var deleted: [String]
    /// Cursors that moved; their times are not said.
    package var cursors: [BoardCursor]
    /// Users that came.
    package var joined: [String]
    /// Users that left.
    package var left: [String]

    /// Describes a patch.
    package init(
        version: UInt64, put: [BoardPut] = [], deleted: [String] = [], cursors: [BoardCursor] = [],
        joined: [String] = [], left: [String] = []
    ) {
        self.version = version
        self.put = put
        self.deleted = deleted
        self.cursors = cursors
        self.joined = joined
        self.left = left
    }

    /// Whether nothing is said but where cursors are.
    package var isAboutCursors: Bool { put.isEmpty && deleted.isEmpty && joined.isEmpty && left.isEmpty }
}

/// What an `ack` says.
package struct BoardAck: Equatable, Sendable {
    /// The room's version that has what was asked for.
    package var version: UInt64
    /// The shape that it was about.
    package var shape: String?
    /// The client's own name for a shape that it created (3-7).
    package var clientID: String?
    /// Whether it is in the backend: answers a `flush`.
    package var isPersisted: Bool

    /// Describes a confirmation.
    package init(version: UInt64, shape: String? = nil, clientID: String? = nil, isPersisted: Bool = false) {
        self.version = version
        self.shape = shape
        self.clientID = clientID
        self.isPersisted = isPersisted
    }
}

/// Whether changes reach the backend; the raw value is the spelling (PROTOCOLS 3-20).
package enum BoardStorage: String, CaseIterable, Hashable, Sendable {
    /// They do again.
    case ok
    /// They have not for a long time, and are kept here.
    case degraded
}
