import SessionBase
import SessionCodec
import SessionCore

/// The quiet that every run ends with, in which everything must come right.
extension BoardWorld {
    /// Lets everything be well for a while: members see the same, and it is stored; once more after a crash; and after
    /// everybody has gone, nothing is left in memory.
    mutating func endQuietly() throws {
        note("quiet")
        store.isDown = false
        store.failures = 0
        backend.isDown = false
        backend.failures = 0
        backend.refused = []
        for place in sockets.indices { try unblock(place) }
        try pass(.seconds(150))
        try checkMembers()
        for room in Self.rooms { try checkSettled(room) }
        try drawOnce()
        crash()
        try pass(.seconds(150))
        for room in Self.rooms { try checkSettled(room) }
        try checkNothingIsLeft()
    }

    private mutating func checkMembers() throws {
        for room in Self.rooms {
            let places = sockets.indices.filter { sockets[$0].room == room && sockets[$0].isOpen }
            for place in places {
                guard sockets[place].isAtServer, sockets[place].isWelcome, !sockets[place].isPaused else {
                    throw SimulationFailure("socket \(place) waits for ever")
                }
                guard sockets[place].wishes.isEmpty else {
                    throw SimulationFailure("socket \(place) gets no answer to \(sockets[place].wishes)")
                }
                try checkReplica(of: place, in: room, like: places[0])
            }
        }
    }

    private func checkReplica(of place: Int, in room: String, like first: Int) throws {
        let (replica, other) = (sockets[place].replica, sockets[first].replica)
        guard replica.shapes.map({ $0.encoded(.seed) }) == ledger.truth(of: room).list else {
            throw SimulationFailure("socket \(place) sees another board than is durable")
        }
        let present = Set(sockets.filter { $0.room == room && $0.isOpen }.map(\.user))
        guard replica.users == other.users, Set(replica.users) == present else {
            throw SimulationFailure("socket \(place) sees \(replica.users), another one \(other.users)")
        }
        let cursors = [replica, other].map { $0.cursors.map { "\($0.user) \($0.x) \($0.y)" } }
        guard cursors[0] == cursors[1] else {
            throw SimulationFailure("socket \(place) sees other cursors than \(first)")
        }
        if sockets[place].isExtended, sockets[first].isExtended, replica.shapes != other.shapes {
            throw SimulationFailure("socket \(place) sees other versions than \(first)")
        }
    }

    /// Draws something that is acknowledged and not stored for good yet.
    private mutating func drawOnce() throws {
        for room in Self.rooms where random.chance(0.7) {
            try open("last", room, isExtended: true, isViewer: false)
            let place = sockets.count - 1
            try pass(.seconds(1))
            say(.create(NewShape(type: "line", x: 1, y: 1)), .create, on: place)
        }
        try pass(.seconds(1))
    }

    private func checkNothingIsLeft() throws {
        for loop in loops {
            let machine = loop.machine.machine
            guard machine.roomCount == 0, machine.isSettled, machine.deadline == nil else {
                throw SimulationFailure("nobody is there, and the server is not at rest")
            }
        }
    }
}
