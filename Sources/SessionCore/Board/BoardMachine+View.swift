package import SessionBase
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
        /// Bytes of patches that are kept for members who come back.
        package var patchBytes = 0

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
            patchBytes += other.patchBytes
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
        package func append(to json: inout JSONWriter) { json.object { appendMembers(to: &$0) } }

        /// Writes its members into an object.
        func appendMembers(to json: inout JSONWriter) {
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

    /// Whether everything that was drawn is stored, and nothing is under way: a drain waits for it. What is left from before
    /// the server started, and cannot be loaded, is left again.
    ///
    /// - Complexity: O(n) of rooms.
    package var isSettled: Bool {
        rooms.slots.allSatisfy { slot in
            !rooms[slot: slot].isLive || (rooms[slot: slot].isStored && rooms[slot: slot].queue.isEmpty)
        }
    }

    /// Rooms in memory, for whatever reason.
    package var roomCount: Int { rooms.count }

    /// Rooms with members, or with somebody about to be one.
    package var occupiedRoomCount: Int { occupiedCount }

    /// The user of a connection.
    package func user(of connection: ConnectionID) -> String? {
        isKnown(connection) ? connections[Int(connection.slot)].identity.user : nil
    }

    /// The room of a connection, and whether it speaks the second version; `nil` where it has none.
    package func place(of connection: ConnectionID) -> (room: String, isExtended: Bool)? {
        guard isKnown(connection), let room = connections[Int(connection.slot)].identity.room else { return nil }
        return (room, connections[Int(connection.slot)].isExtended)
    }

    /// The rooms in memory whose names begin with `prefix`, behind the name `after`, by the bytes of their names.
    ///
    /// - Complexity: O(n log n) of rooms.
    package func rooms(prefix: String, after: String?, limit: Int, at moment: Moment) -> [RoomView] {
        let named = rooms.slots.map { (name: Array(rooms[slot: $0].name.utf8), slot: $0) }
        let start = after.map { Array($0.utf8) }
        let wanted = named.filter { name, _ in
            name.starts(with: prefix.utf8) && (start.map { $0.lexicographicallyPrecedes(name) } ?? true)
        }
        let sorted = wanted.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        return sorted.prefix(limit).map { view(of: $0.slot, at: moment) }
    }

    /// A room, as administrators see it.
    func view(of slot: UInt32, at moment: Moment) -> RoomView {
        let room = rooms[slot: slot]
        return RoomView(
            room: room.name, state: !room.isLive ? .loading : room.isOccupied ? .live : .closing,
            users: room.userNames, connections: room.memberCount, version: room.version, shapes: room.shapes.count,
            bytes: room.shapes.byteCount, dirtySeconds: room.debounce.dirtySince.map { seconds(since: $0, moment) })
    }

    private func seconds(since instant: Instant, _ moment: Moment) -> Double {
        Double((moment.instant - instant).milliseconds) / 1_000
    }

    /// How much there is now.
    ///
    /// - Complexity: O(n) of rooms and connections.
    package func statistics(at moment: Moment) -> Statistics {
        var statistics = Statistics()
        statistics.connections = connectionCount
        statistics.extended = connections.count { $0.phase != .vacant && $0.isExtended }
        statistics.rooms = rooms.count
        statistics.occupiedRooms = occupiedCount
        statistics.patchBytes = ringBytes
        for slot in rooms.slots {
            if !rooms[slot: slot].isLive { statistics.loadingRooms += 1 }
            statistics.users += rooms[slot: slot].users.count
            statistics.shapes += rooms[slot: slot].shapes.count
            statistics.shapeBytes += rooms[slot: slot].shapes.byteCount
            guard let since = rooms[slot: slot].debounce.dirtySince else { continue }
            statistics.dirtyRooms += 1
            statistics.oldestDirtySeconds = max(statistics.oldestDirtySeconds, seconds(since: since, moment))
        }
        return statistics
    }
}
