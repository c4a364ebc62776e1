package import SessionBase

/// What servers, tests and checkers may look at.
extension LockersMachine {
    /// How much there is now.
    package struct Statistics: Equatable, Sendable {
        /// Open connections.
        package var connections = 0
        /// Of these, those of nobody in particular.
        package var anonymous = 0
        /// Users with at least one connection; one with connections of several loops counts on each.
        package var users = 0
        /// Connections of each namespace, by path.
        package var namespaces: [String: Int] = [:]
        /// Rooms with members, each counted on the loop that owns it.
        package var rooms = 0
        /// Memberships of rooms.
        package var memberships = 0
        /// Bytes of events that are kept for those who come back.
        package var historyBytes = 0

        /// Nothing.
        package init() {}

        /// Adds what another loop has.
        package mutating func merge(_ other: Statistics) {
            connections += other.connections
            anonymous += other.anonymous
            users += other.users
            namespaces.merge(other.namespaces, uniquingKeysWith: +)
            rooms += other.rooms
            memberships += other.memberships
            historyBytes += other.historyBytes
        }
    }

    /// How much there is now.
    ///
    /// - Complexity: O(n) of connections and topics.
    package var statistics: Statistics {
        var statistics = Statistics()
        statistics.connections = connectionCount
        statistics.namespaces = population
        statistics.historyBytes = hub.keptBytes
        statistics.rooms = hub.occupiedCount { LockersTopic.room(of: $0) != nil }
        var users: Set<ExactText> = []
        for (slot, record) in connections.enumerated() where record.phase != .vacant {
            if let user = record.user { users.insert(ExactText(user)) } else { statistics.anonymous += 1 }
            statistics.memberships += rooms(of: ConnectionID(slot: UInt32(slot), generation: record.generation)).count
        }
        statistics.users = users.count
        return statistics
    }

    /// The user of a connection, where it has one.
    package func user(of connection: ConnectionID) -> String? {
        isKnown(connection) ? connections[Int(connection.slot)].user : nil
    }

    /// What a connection is called on the wire, its namespace and its rooms; `nil` where it is none of this machine's.
    package func place(of connection: ConnectionID) -> (name: String, namespace: String, rooms: [String])? {
        guard isKnown(connection) else { return nil }
        let record = connections[Int(connection.slot)]
        return (record.name, record.namespace, rooms(of: connection))
    }

    /// Requests and broadcasts that are not answered yet.
    package var pendingCount: Int { sends.count + questions.count }
}
