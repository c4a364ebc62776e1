package import SessionBase
package import SessionCodec

/// What servers, tests and checkers may look at.
extension AwarenessMachine {
    /// How much there is (seed 000, *Health Monitoring*).
    package struct Statistics: Equatable, Sendable {
        /// Open connections, registered or not.
        package var connections: Int
        /// Users with at least one window.
        package var users: Int
        /// Windows, those in grace included.
        package var registrations: Int

        /// Describes how much there is.
        package init(connections: Int = 0, users: Int = 0, registrations: Int = 0) {
            self.connections = connections
            self.users = users
            self.registrations = registrations
        }

        /// What several shards have together.
        package static func + (left: Statistics, right: Statistics) -> Statistics {
            Statistics(
                connections: left.connections + right.connections, users: left.users + right.users,
                registrations: left.registrations + right.registrations)
        }
    }

    /// How much there is now.
    package var statistics: Statistics {
        Statistics(
            connections: connectionCount, users: registry.activeUserCount, registrations: registry.windows.count)
    }

    /// One window, as an administrator sees it.
    package struct WindowView: Equatable, Sendable {
        package var user: String
        /// What a `state` says about it.
        package var state: AwarenessWindowState
        /// The connection that carries it; `nil` in grace.
        package var connection: ConnectionID?
        /// What the client's clock said at its last `register`.
        package var clientTime: Timestamp?
        /// The JSON that the client attached, or an empty string.
        package var meta: String
        /// Its last sign of life of its own, or of its connection where that counts.
        package var lastSeen: Instant
    }

    /// The user to whom a connection belongs; `nil` before its first `register`.
    package func user(of connection: ConnectionID) -> String? {
        guard let record = record(of: connection), record.user != noIndex else { return nil }
        return String(decoding: registry.users[slot: record.user].id, as: UTF8.self)
    }

    /// The windows that a connection carries, in the order of registration.
    package func windows(of connection: ConnectionID) -> [WindowView] {
        guard let record = record(of: connection), record.user != noIndex else { return [] }
        return views(of: record.user).filter { $0.connection == connection }
    }

    /// The windows of a user, those in grace included, in the order of registration.
    package func windows(ofUser user: String) -> [WindowView] {
        registry.user([UInt8](user.utf8)).map { views(of: $0) } ?? []
    }

    /// All windows, user by user.
    package var allWindows: [WindowView] { registry.users.slots.flatMap { views(of: $0) } }

    private func record(of connection: ConnectionID) -> AwarenessConnection? {
        let slot = Int(connection.slot)
        guard slot < connections.count, connections[slot].generation == connection.generation else { return nil }
        return connections[slot].phase == .vacant ? nil : connections[slot]
    }

    private func views(of user: UInt32) -> [WindowView] {
        let focused = registry.focused(of: user)
        return registry.users[slot: user].windows.map { view(of: $0, isFocused: $0 == focused) }
    }

    private func view(of index: UInt32, isFocused: Bool) -> WindowView {
        let window = registry.windows[slot: index]
        var lastSeen = window.lastSeen
        if configuration.liveness == .transport, let connection = window.connection {
            lastSeen = max(lastSeen, connections[Int(connection.slot)].lastHeard)
        }
        return WindowView(
            user: String(decoding: registry.users[slot: window.user].id, as: UTF8.self),
            state: AwarenessWindowState(
                window: window.label.window, case: window.label.case, slide: window.label.slide, isFocused: isFocused,
                isConnected: window.isLive,
                since: window.since),
            connection: window.connection, clientTime: window.clientTime,
            meta: String(decoding: window.meta, as: UTF8.self), lastSeen: lastSeen)
    }
}
