package import SessionBase
package import SessionCodec

/// What servers, tests and checkers may look at.
extension SyncMachine {
    /// How much there is now (PROTOCOLS §3.3, *metrics*).
    package struct Statistics: Equatable, Sendable {
        /// Open connections, authenticated or not.
        package var connections = 0
        /// Of these, those whose credential, a verified one, has the role admin.
        package var admins = 0
        /// Sessions with at least one device that is there.
        package var activeSessions = 0
        /// Sessions with more than one.
        package var multiDeviceSessions = 0
        /// Devices that are there, those in grace included.
        package var devices = 0
        /// The same by type, at the place of each in `SyncDeviceType.allCases`.
        package var devicesByType = [Int](repeating: 0, count: SyncDeviceType.allCases.count)
        /// Users with at least one device that is there; one with sessions on several loops counts on each.
        package var users = 0
        /// Operations that wait for the store.
        package var waiting = 0

        /// Nothing.
        package init() {}

        /// Adds what another loop has.
        package mutating func merge(_ other: Statistics) {
            connections += other.connections
            admins += other.admins
            activeSessions += other.activeSessions
            multiDeviceSessions += other.multiDeviceSessions
            devices += other.devices
            for index in devicesByType.indices { devicesByType[index] += other.devicesByType[index] }
            users += other.users
            waiting += other.waiting
        }
    }

    /// How much there is now.
    package var statistics: Statistics {
        var statistics = Statistics()
        statistics.connections = connectionCount
        statistics.admins = admins.count
        statistics.waiting = waitingCount
        var users: Set<String> = []
        for session in sessions.slots {
            let count = presentCount(of: session)
            guard count > 0 else { continue }
            statistics.activeSessions += 1
            if count > 1 { statistics.multiDeviceSessions += 1 }
            if let owner = sessions[slot: session].owner { users.insert(owner) }
        }
        statistics.users = users.count
        for device in devices.slots where devices[slot: device].isPresent {
            statistics.devices += 1
            statistics.devicesByType[devices[slot: device].type.place] += 1
        }
        return statistics
    }

    /// Connections of this loop whose credential, a verified one, has the role admin: those that ``inform(_:at:effects:)`` tells.
    package var adminCount: Int { admins.count }

    /// A session that is in memory, as an administrator sees it.
    package struct SessionView: Equatable, Sendable {
        /// A UUID in lower case.
        package var id: String
        /// Whose it is.
        package var user: String
        /// The version of its state.
        package var version: UInt64
        /// Its devices, online or not.
        package var devices: [SyncDevice]
        /// How many pushes there were.
        package var sequence: UInt64
    }

    /// A session that is in memory; `nil` where it is not, or nobody knows yet whose it is.
    package func session(_ id: String, at moment: Moment) -> SessionView? {
        SessionKey(id).flatMap { sessionSlots[$0] }.flatMap { view(ofSession: $0, at: moment) }
    }

    private func view(ofSession slot: UInt32, at moment: Moment) -> SessionView? {
        let session = sessions[slot: slot]
        guard let owner = session.owner else { return nil }
        return SessionView(
            id: session.key.text, user: owner, version: session.version, devices: deviceList(of: slot, at: moment),
            sequence: session.sequence)
    }

    /// The user to whom a connection belongs, also while it is being closed; `nil` before AUTH.
    package func user(of connection: ConnectionID) -> String? {
        guard isKnown(connection) else { return nil }
        let user = connections[Int(connection.slot)].user
        return user.isEmpty ? nil : user
    }

    /// The device that a connection is of, its type and its session; `nil` before AUTH.
    package func device(of connection: ConnectionID) -> (device: String, type: SyncDeviceType, session: String)? {
        guard let record = record(of: connection) else { return nil }
        let device = devices[slot: record.device]
        return (device.id, device.type, sessions[slot: record.session].key.text)
    }

    /// Sessions in memory, for whatever reason.
    package var heldSessionCount: Int { sessions.count }

    private func record(of connection: ConnectionID) -> SyncConnection? {
        guard isKnown(connection), connections[Int(connection.slot)].session != noIndex else { return nil }
        return connections[Int(connection.slot)]
    }
}

extension SyncDeviceType {
    /// Where it stands among all types.
    fileprivate var place: Int {
        switch self {
        case .mobile: 0
        case .tablet: 1
        case .desktop: 2
        case .web: 3
        case .wearable: 4
        case .other: 5
        }
    }
}
