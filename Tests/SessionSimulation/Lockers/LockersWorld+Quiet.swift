import SessionBase
import SessionCodec
import SessionCore

/// The end of a run: nobody acts any more, and everything must come right.
extension LockersWorld {
    /// Checks that everybody heard everything, that the status is right, and that nothing stays.
    mutating func quieten() throws {
        // The driver, which is not here, notices who is gone (C1).
        for place in talks.keys.sorted() where world.sockets[place].isDead {
            end(place)
            try world.lose(place)
        }
        // Until every session that ends has ended, and everything is answered.
        try pass(.seconds(35))
        try checkAnswers()
        try checkMarkers()
        try checkStatus()
        for place in livePlaces {
            world.leave(place, cleanly: true)
            end(place)
        }
        try pass(.seconds(10))
        for place in talks.keys.sorted() {
            let talk = talks[place]!
            for ear in talk.finished { try ear.finish(talk.name ?? "", ledger) }
        }
        try pass(.seconds(30))
        try checkEmptiness()
    }

    private var livePlaces: [Int] { talks.keys.sorted().filter { !talks[$0]!.isOver && talks[$0]!.name != nil } }

    private func checkAnswers() throws {
        if let request = calls.keys.min() { throw SimulationFailure("request \(request) is never answered") }
        for place in livePlaces where !talks[place]!.wishes.isEmpty {
            throw SimulationFailure("socket \(place) waits for ever: \(talks[place]!.wishes)")
        }
        for socket in world.sockets where socket.isAtServer && socket.isPaused {
            throw SimulationFailure("a socket is paused for ever")
        }
    }

    /// Tells every namespace and room something once more: exactly those who are there must hear it.
    private mutating func checkMarkers() throws {
        var markers: [String: Int] = [:]
        for namespace in LockersModel.namespaces {
            for room in LockersModel.rooms {
                markers[LockersModel.topic(namespace, room)] = broadcast(namespace, room)
            }
            markers[namespace] = broadcast(namespace, nil)
        }
        for command in LockersModel.commands { calls[world.ask(.commandAcks(command))] = .acks(command) }
        try pass(.seconds(5))
        for (topic, number) in markers.sorted(by: { $0.key < $1.key }) {
            var earCount = 0
            for place in livePlaces {
                guard let ear = talks[place]!.ears[topic] else { continue }
                earCount += 1
                if ear.numbers.last != number {
                    throw SimulationFailure("socket \(place) missed message \(number) of \(topic)")
                }
            }
            if ledger.entries[number].sentCount != earCount {
                throw SimulationFailure(
                    "\(topic) has \(earCount) ears, \(ledger.entries[number].sentCount) got a message")
            }
        }
    }

    private mutating func checkStatus() throws {
        calls[world.ask(.status(isDetailed: false))] = .status
        try pass(.seconds(5))
        for namespace in LockersModel.namespaces {
            let there = livePlaces.count { talks[$0]!.namespace == namespace }
            let said = status?["namespaces"]?[namespace]?.integer
            if said != Int64(there) {
                throw SimulationFailure("\(there) are in \(namespace), the status says \(said ?? -1)")
            }
        }
    }

    private func checkEmptiness() throws {
        for loop in world.loops {
            let statistics = loop.machine.statistics
            if statistics.connections + statistics.memberships + statistics.rooms > 0 || loop.machine.pendingCount > 0 {
                throw SimulationFailure("something stays when all are gone: \(statistics)")
            }
        }
    }
}
