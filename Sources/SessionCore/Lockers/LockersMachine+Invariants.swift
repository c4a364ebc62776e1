import SessionBase

extension LockersMachine {
    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    package func checkInvariants() {
        hub.checkInvariants()
        var known = 0
        var counted: [String: Int] = [:]
        for (slot, record) in connections.enumerated() where record.phase != .vacant {
            known += 1
            counted[record.namespace, default: 0] += 1
            check(record, ConnectionID(slot: UInt32(slot), generation: record.generation))
        }
        precondition(known == connectionCount, "connections were miscounted")
        precondition(counted == population, "a namespace's connections were miscounted")
        precondition(connectionCount > 0 || troubles.count == 0, "counters of nobody")
    }

    private func check(_ record: LockersConnection, _ connection: ConnectionID) {
        switch record.phase {
        case .vacant: preconditionFailure("a vacant slot was counted")
        case .arriving:
            precondition(record.isHeld, "a connection arrives and nothing is waited for")
        case .open:
            precondition(
                hub.isSubscribed(connection, to: record.namespace), "a connection does not hear its namespace")
            precondition(record.isHeld == hub.isWaiting(connection), "a connection is held for nothing, or not at all")
        case .doomed: break
        }
    }
}
