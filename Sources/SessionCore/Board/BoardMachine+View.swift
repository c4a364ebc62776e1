package import SessionCodec

/// What servers, tests and checkers may look at.
extension BoardMachine {
    /// How much there is now.
    package struct Statistics: Equatable, Sendable {
        /// Open connections.
        package var connections = 0
        /// Of these, those that speak v2.
        package var extended = 0
        /// Users in rooms; one in several rooms counts in each.
        package var users = 0
        /// Rooms in memory.
        package var rooms = 0
        /// Of these, those with members.
        package var occupiedRooms = 0
        /// Of these, those that are being loaded.
        package var loadingRooms = 0
        /// Rooms with something that is not stored (`store_dirty_rooms`).
        package var dirtyRooms = 0
        /// For how long the oldest of that has waited, in seconds (`store_oldest_dirty_seconds`).
        package var oldestDirtySeconds: Double = 0
        /// Shapes of all boards in memory.
        package var shapes = 0
        /// Bytes of these, encoded as snapshots carry them.
        package var shapeBytes = 0

        /// Nothing.
        package init() {}

        /// Adds what another loop has.
        package mutating func merge(_ other: Statistics) {
            connections += other.connections
            extended += other.extended
            users += other.users
            rooms += other.rooms
            occupiedRooms += other.occupiedRooms
            loadingRooms += other.loadingRooms
            dirtyRooms += other.dirtyRooms
            oldestDirtySeconds = max(oldestDirtySeconds, other.oldestDirtySeconds)
            shapes += other.shapes
            shapeBytes += other.shapeBytes
        }
    }

    /// A room in memory, as administrators see it.
    package struct RoomView: Equatable, Sendable {
        /// What a room is doing.
        package enum State: String, Sendable {
            /// Its board is being loaded.
            case loading
            /// It has members.
            case live
            /// It has none, and is forgotten once its board is stored.
            case closing
        }

        /// Its name.
        package var room: String
        /// What it is doing.
        package var state: State
        /// Its users, in the order in which they came.
        package var users: [String]
        /// Its members' sockets.
        package var connections: Int
        /// Its version.
        package var version: UInt64
        /// How many shapes there are.
        package var shapes: Int
        /// Bytes of these, encoded as snapshots carry them.
        package var bytes: Int
        /// For how long something has waited to be stored, in seconds; `nil` where all is stored.
        package var dirtySeconds: Double?

        /// Writes it as an entry of `GET /admin/boards`.
        package func append(to json: inout JSONWriter) {
            json.object { json in
                json.field("room", room)
                json.field("state", state.rawValue)
                json.field("users") { json in json.array { json in for user in users { json.value(user) } } }
                json.field("connections", connections)
                json.field("version", version)
                json.field("shapes", shapes)
                json.field("bytes", bytes)
                json.field("dirty_seconds") { json in
                    if let dirtySeconds { json.value(dirtySeconds) } else { json.null() }
                }
            }
        }
    }
}
