import SessionBase
import SessionCodec
import SessionCore

/// The end of a run: nobody acts any more, and everything must come right.
extension ChannelsWorld {
    /// Checks that everybody heard everything, that the server's books are right, and that nothing stays.
    mutating func quieten() throws {
        for actor in actors.indices {
            guard let place = actors[actor].socket, world.sockets[place].isDead else { continue }
            world.leave(place, cleanly: false)
            end(place)
        }
        // Until the server has noticed who is gone; the others show that they are there.
        for _ in 0..<8 {
            for place in livePlaces { send(.ping, place, .other) }
            try pass(.seconds(5))
        }
        try checkAnswers()
        try checkMarkers()
        try checkViews()
        for place in livePlaces {
            world.leave(place, cleanly: true)
            end(place)
        }
        try pass(.seconds(10))
        try checkEars()
        try pass(.seconds(30))
        try checkEmptiness()
    }

    private var livePlaces: [Int] {
        talks.keys.sorted().filter { !talks[$0]!.isOver && talks[$0]!.route != .health && talks[$0]!.name != nil }
    }

    private func checkAnswers() throws {
        if let request = calls.keys.min() { throw SimulationFailure("request \(request) is never answered") }
        for place in livePlaces where !talks[place]!.wishes.isEmpty {
            throw SimulationFailure("socket \(place) waits for ever: \(talks[place]!.wishes)")
        }
        for socket in world.sockets where socket.isAtServer && socket.isPaused {
            throw SimulationFailure("a socket is paused for ever")
        }
    }

    /// Publishes to every channel once more: exactly its subscribers must hear it.
    private mutating func checkMarkers() throws {
        var markers: [String: Int] = [:]
        for channel in Set(ChannelsModel.channels).sorted() {
            let number = ledger.add(.topic(channel), at: world.now)
            markers[channel] = number
            let broadcast = ChannelsBroadcast(channel: channel, message: Self.message(number))
            calls[world.ask(.broadcast(broadcast))] = .publication(number)
        }
        for template in ChannelsModel.templates { pushRows(wards: ["b", "a"], to: template) }
        try pass(.seconds(5))
        for place in livePlaces {
            for (channel, number) in markers
            where talks[place]!.ears[channel]?.numbers.last.map({ $0 == number }) == false {
                throw SimulationFailure("socket \(place) missed message \(number) of \(channel)")
            }
        }
        for (channel, number) in markers.sorted(by: { $0.key < $1.key }) {
            let ears = livePlaces.count { talks[$0]!.ears[channel] != nil }
            if ledger.entries[number].sentCount != ears {
                throw SimulationFailure(
                    "\(channel) has \(ears) ears, \(ledger.entries[number].sentCount) got a message")
            }
        }
        try checkLastRows()
    }

    /// Checks that every stream heard the last row that passes its filter.
    private func checkLastRows() throws {
        for place in livePlaces {
            guard let stream = talks[place]!.stream else { continue }
            // The rows of each template were pushed together: ward b, then ward a.
            let first = rowCount - 3 + Int64(2 * ChannelsModel.templates.firstIndex(of: stream.template)!)
            let last = stream.ward == "b" ? first : first + 1
            if !stream.rows.contains(last) {
                throw SimulationFailure("socket \(place) missed row \(last) of \(stream.template)")
            }
        }
    }

    /// Compares what administrators see with what clients know.
    private mutating func checkViews() throws {
        (listedChannels, listedConnections) = ([:], [:])
        calls[world.ask(.listChannels)] = .channels
        calls[world.ask(.listConnections)] = .connections
        for place in livePlaces { send(.getStatus, place, .other) }
        try pass(.seconds(5))
        var channels: [String: Int64] = [:]
        var connections: [String: Set<String>] = [:]
        for place in livePlaces {
            connections[talks[place]!.name!] = topics(of: place)
            for topic in topics(of: place) { channels[topic, default: 0] += 1 }
        }
        if listedChannels != channels { throw SimulationFailure("channels \(listedChannels), in truth \(channels)") }
        if listedConnections != connections {
            throw SimulationFailure("connections \(listedConnections), in truth \(connections)")
        }
    }

    private func checkEars() throws {
        for place in talks.keys.sorted() {
            let talk = talks[place]!
            for ear in talk.finished { try ear.finish(talk.name ?? "", ledger) }
        }
    }

    private func checkEmptiness() throws {
        for loop in world.loops {
            let statistics = loop.machine.statistics
            if statistics.connections + statistics.subscriptions + statistics.channels + statistics.keptBytes > 0 {
                throw SimulationFailure("something stays when all are gone: \(statistics)")
            }
        }
        for (channel, isOccupied) in occupied where isOccupied {
            throw SimulationFailure("nobody was told that \(channel) is vacant")
        }
    }
}
