import SessionBase
import SessionCodec

/// Who has which windows open, and which cases they show: the tables, without any rule about warnings.
///
/// Users and windows refer to each other by index. The dictionary is for looking up only; every iteration runs over
/// arrays, so that the same events always lead to the same effects in the same order.
struct CaseRegistry: Sendable {
    private(set) var users = Table<AwarenessUser>()
    var windows = Table<AwarenessWindow>()
    private var userIndex: [[UInt8]: UInt32] = [:]
    /// How many users have windows.
    private(set) var activeUserCount = 0
    /// The rank that the next activity gets.
    private var nextActivity: UInt64 = 1

    // MARK: Users

    /// The user with this id, if it is known.
    func user(_ id: [UInt8]) -> UInt32? { userIndex[id] }

    /// Whether a user is the one whom a message names.
    mutating func isNamed(_ user: UInt32, by request: AwarenessRequest, in message: Span<UInt8>) -> Bool {
        users.show(user) { request.names(user: $0.id.span, in: message) }
    }

    /// Notes that a connection belongs to a user, who is created where unknown.
    mutating func attach(_ id: [UInt8]) -> UInt32 {
        let index = userIndex[id] ?? create(id)
        users[slot: index].connectionCount += 1
        return index
    }

    /// Notes that a connection of a user is gone.
    mutating func detach(_ user: UInt32) {
        users[slot: user].connectionCount -= 1
        forgetIfUnused(user)
    }

    private mutating func create(_ id: [UInt8]) -> UInt32 {
        let index = users.insert(AwarenessUser(id: id))
        userIndex[id] = index
        return index
    }

    private mutating func forgetIfUnused(_ user: UInt32) {
        guard users[slot: user].connectionCount == 0, users[slot: user].windows.isEmpty else { return }
        userIndex[users[slot: user].id] = nil
        users.remove(slot: user)
    }

    // MARK: Windows

    /// The window of a user with this id.
    func window(_ id: Span<UInt8>, of user: UInt32) -> UInt32? {
        for index in users[slot: user].windows where windows[slot: index].label.isNamed(id) { return index }
        return nil
    }

    /// Adds a window without connection, as the last and the most active of its user.
    mutating func add(_ label: WindowLabel, user: UInt32, at moment: Moment) -> UInt32 {
        let window = AwarenessWindow(label, user: user, activity: takeActivity(), at: moment)
        let index = windows.insert(window)
        if users[slot: user].windows.isEmpty { activeUserCount += 1 }
        users[slot: user].windows.append(index)
        return index
    }

    /// Removes a window that is bound to no connection.
    mutating func remove(_ window: UInt32) {
        let removed = windows.remove(slot: window)
        precondition(!removed.isLive, "a window was removed while a connection had it in its list")
        users[slot: removed.user].windows.removeAll { $0 == window }
        guard users[slot: removed.user].windows.isEmpty else { return }
        activeUserCount -= 1
        forgetIfUnused(removed.user)
    }

    /// Binds a window to a connection.
    mutating func bind(_ window: UInt32, to connection: ConnectionID) {
        precondition(!windows[slot: window].isLive, "a window was bound twice")
        windows[slot: window].connection = connection
        windows[slot: window].graceEnds = .distantFuture
        users[slot: windows[slot: window].user].liveCount += 1
    }

    /// Takes a window from its connection.
    mutating func unbind(_ window: UInt32) {
        windows[slot: window].connection = nil
        windows[slot: window].next = noIndex
        users[slot: windows[slot: window].user].liveCount -= 1
    }

    /// Makes a window the most active of its user.
    mutating func activate(_ window: UInt32) { windows[slot: window].activity = takeActivity() }

    private mutating func takeActivity() -> UInt64 {
        defer { nextActivity += 1 }
        return nextActivity
    }

    // MARK: Questions

    /// Whether the windows of a user show two different cases at least.
    func showsSeveralCases(_ user: UInt32) -> Bool {
        guard let first = users[slot: user].windows.first else { return false }
        return users[slot: user].windows.contains {
            !windows[slot: $0].label.showsSameCase(as: windows[slot: first].label)
        }
    }

    /// Whether another window of the same user shows the case of this one.
    func isCaseShownElsewhere(_ window: UInt32) -> Bool {
        users[slot: windows[slot: window].user].windows.contains {
            $0 != window && windows[slot: $0].label.showsSameCase(as: windows[slot: window].label)
        }
    }

    /// The most recently active of the user's windows; `nil` where there is none.
    func focused(of user: UInt32) -> UInt32? {
        users[slot: user].windows.max { windows[slot: $0].activity < windows[slot: $1].activity }
    }

    /// The window that was being viewed when `window` got its case: the most recently active one with another case
    /// (PROTOCOLS §2.4 step 3).
    func viewedBefore(_ window: UInt32) -> UInt32? {
        users[slot: windows[slot: window].user].windows
            .filter { !windows[slot: $0].label.showsSameCase(as: windows[slot: window].label) }
            .max { windows[slot: $0].activity < windows[slot: $1].activity }
    }

    /// The first registered of a user's windows without connection.
    func oldestDisconnected(of user: UInt32) -> UInt32? {
        users[slot: user].windows.first { !windows[slot: $0].isLive }
    }
}
