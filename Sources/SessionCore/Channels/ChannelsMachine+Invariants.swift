import SessionBase
import SessionCodec

/// What must be true between any two events.
extension ChannelsMachine {
    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    package func checkInvariants() {
        let known = connections.indices.filter { connections[$0].phase != .vacant }
        precondition(known.count == connectionCount, "connections are counted wrongly")
        precondition(names.count == connectionCount, "a connection has no name of its own")
        for slot in known { checkConnection(slot) }
        precondition(people.count == known.count { connections[$0].person != noIndex }, "somebody is nobody's")
        precondition(watches.count == known.count { connections[$0].watch != noIndex }, "a watch is nobody's")
        precondition(troubles.count == known.count { connections[$0].trouble != noIndex }, "trouble is nobody's")
        precondition(
            users.values.reduce(0) { $0 + $1.count } == people.count, "a user has a connection that is not there")
        precondition(connectionCount == 0 || nextSweep != nil, "silent connections are never looked for")
        for slot in batches.slots {
            let batch = batches[slot: slot]
            precondition(
                batch.missing == batch.results.count { $0 == nil } && batch.missing > 0, "a batch is counted wrongly")
        }
        precondition(paces.count <= pacesMax, "\(paces.count) entries for the rows of \(watches.count) watches")
        checkReports()
        precondition(feeds.values.reduce(0) { $0 + $1.cost } == feedsCost, "streams are reckoned wrongly")
        for (connection, line) in lines {
            precondition(isKnown(connection), "answers wait for a connection that is gone")
            precondition(!line.isEmpty, "a connection waits for no answer")
        }
        hub.checkInvariants()
    }

    private func checkConnection(_ slot: Int) {
        let record = connections[slot]
        precondition(
            names[record.name]?.slot == UInt32(slot) && names[record.name]?.generation == record.generation,
            "a name is another connection's")
        if record.person != noIndex {
            precondition(
                users[people[slot: record.person].user]?.contains(
                    ConnectionID(slot: UInt32(slot), generation: record.generation)) == true,
                "a user does not know a connection")
        }
        if record.watch != noIndex { precondition(watches.contains(slot: record.watch), "a watch is missing") }
        let connection = ConnectionID(slot: UInt32(slot), generation: record.generation)
        precondition(
            record.phase == .open || hub.subscriptionCount(of: connection) == 0,
            "a connection that is being closed hears something")
    }

    private func checkReports() {
        precondition(reports.values.reduce(0) { $0 + $1.job.cost } == reportsCost, "reports are reckoned wrongly")
        for record in reports.values {
            let id = record.job.status.report
            precondition(reports[id] != nil, "a report is kept under another one's id")
            precondition(0...100 ~= record.job.status.progress, "progress of \(id) is \(record.job.status.progress)")
            precondition(
                record.job.status.state != .completed || record.job.status.progress == 100,
                "the report \(id) is completed with progress \(record.job.status.progress)")
        }
    }
}
