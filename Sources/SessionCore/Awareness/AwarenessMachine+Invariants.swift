import SessionBase

/// What must hold between any two events.
extension AwarenessMachine {
    package func checkInvariants() {
        checkConnections()
        checkUsers()
        precondition(registry.windows.count == 0 || nextSweep != nil, "there are windows, and no sweep is due")
    }

    private func checkConnections() {
        var open = 0
        var linked = 0
        var troubled = 0
        for (slot, record) in connections.enumerated() {
            guard record.phase != .vacant else {
                precondition(record.windowCount == 0 && record.user == noIndex, "a vacant slot has windows or a user")
                continue
            }
            open += 1
            linked += checkWindows(of: record, slot: slot)
            if record.trouble != noIndex { troubled += 1 }
            precondition(
                record.phase == .doomed || record.windowCount > 0 || record.isTimed,
                "a connection without windows is not timed")
        }
        precondition(open == connectionCount, "the count of connections is wrong")
        precondition(troubled == troubles.count, "counters of misbehaviour are left over")
        let live = registry.windows.slots.reduce(0) { $0 + (registry.windows[slot: $1].isLive ? 1 : 0) }
        precondition(linked == live, "a live window is in no connection's list")
    }

    /// Checks one connection's list, and returns its length.
    private func checkWindows(of record: AwarenessConnection, slot: Int) -> Int {
        var count = 0
        var index = record.firstWindow
        while index != noIndex {
            let window = registry.windows[slot: index]
            precondition(window.user == record.user, "a connection carries a window of another user")
            precondition(
                window.connection == ConnectionID(slot: UInt32(slot), generation: record.generation),
                "a window does not know the connection that carries it")
            count += 1
            index = window.next
        }
        precondition(count == Int(record.windowCount), "a connection's count of windows is wrong")
        precondition(count <= AwarenessConfiguration.windowsPerConnectionMax, "a connection has too many windows")
        return count
    }

    private func checkUsers() {
        var windowCount = 0
        for index in registry.users.slots {
            let user = registry.users[slot: index]
            precondition(registry.user(user.id) == index, "a user cannot be found by its id")
            precondition(!user.windows.isEmpty || user.connectionCount > 0, "a user without anything is kept")
            let live = user.windows.filter { registry.windows[slot: $0].isLive }.count
            precondition(live == user.liveCount, "a user's count of live windows is wrong")
            precondition(
                user.windows.allSatisfy { registry.windows[slot: $0].user == index },
                "a user lists a window of another one")
            let attached = connections.filter { $0.phase != .vacant && $0.user == index }.count
            precondition(attached == user.connectionCount, "a user's count of connections is wrong")
            windowCount += user.windows.count
        }
        precondition(windowCount == registry.windows.count, "a window belongs to no user's list")
    }
}
