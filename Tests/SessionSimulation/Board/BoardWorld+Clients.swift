import SessionBase
import SessionCodec
import SessionCore

/// The clients' side: what they say, hear, and must be told.
extension BoardWorld {
    // MARK: Coming and going

    /// Opens a socket; a client of the second version that was cut off goes on where it was, sometimes.
    mutating func open(_ user: String, _ room: String, isExtended: Bool, isViewer: Bool) throws {
        let place = sockets.count
        var socket = BoardSocket(
            user: user, room: room, isExtended: isExtended, isViewer: isViewer,
            id: ConnectionID(slot: UInt32(place), generation: 1))
        socket.loop = Int.random(in: 0..<loopCount, using: &random)
        var query: [(name: String, value: String)] = []
        if isExtended, let known = replicas[user + " " + room], let epoch = known.epoch, random.chance(0.8) {
            query = [("epoch", epoch), ("since", String(known.version))]
            socket.replica = known
            count("resume")
        }
        (socket.lastToServer, socket.lastToClient) = (now, now)
        sockets.append(socket)
        note("socket \(place): \(user) comes to \(room)\(isExtended ? " (v2)" : "")")
        var identity = Identity(user: user)
        identity.room = room
        if isViewer { identity.roles = ["viewer"] }
        let handshake = Handshake(
            subprotocol: isExtended ? BoardProtocol.second : nil, query: query, identity: identity)
        try tell(socket.loop, .opened(socket.id, handshake))
    }

    /// A client goes; what it knows may serve it later.
    mutating func leave(_ place: Int) {
        note("socket \(place) goes")
        keepReplica(of: place)
        sockets[place].isOpen = false
        queue.plan(.endAtServer(place), at: max(sockets[place].lastToServer, now + latency()))
    }

    /// The server's end arrives.
    mutating func endAtClient(_ place: Int) {
        keepReplica(of: place)
        sockets[place].isOpen = false
    }

    private mutating func keepReplica(of place: Int) {
        guard sockets[place].isOpen, sockets[place].isExtended, sockets[place].replica.isKnown else { return }
        replicas[sockets[place].user + " " + sockets[place].room] = sockets[place].replica
    }

    // MARK: Saying

    /// Says something, with a number under which the answer is expected.
    mutating func say(_ message: BoardClientMessage, _ wish: BoardSocket.Wish, on place: Int) {
        var tag: MessageTag?
        if sockets[place].isExtended {
            sockets[place].lastWish += 1
            sockets[place].wishes[sockets[place].lastWish] = wish
            tag = .text(String(sockets[place].lastWish))
        }
        let due = max(sockets[place].lastToServer, now + latency())
        sockets[place].lastToServer = due
        queue.plan(.atServer(place, message.encoded(tag: tag)), at: due)
    }

    // MARK: Hearing

    /// A message arrives at a client, which follows it without a gap.
    mutating func hear(_ bytes: [UInt8], on place: Int) throws {
        guard sockets[place].isOpen else { return }
        let frame = try BoardServerMessage.decode(bytes.span)
        count(frame.message.kind.name)
        guard sockets[place].isExtended != (frame.message.kind == .board) else {
            throw SimulationFailure("socket \(place) hears a \(frame.message.kind.name)")
        }
        if case .gap(let known, let patch) = sockets[place].replica.apply(frame.message) {
            throw SimulationFailure("socket \(place) knows version \(known) and hears \(patch)")
        }
        sockets[place].isWelcome = true
        switch frame.message {
        case .ack: try answered(frame.tag, nil, on: place)
        case .error(let code, _): try answered(frame.tag, code, on: place)
        case .pong: try answered(frame.tag, nil, on: place)
        case .storage(let storage): count("storage \(storage.rawValue)")
        case .board, .snapshot, .patch: break
        }
    }

    private mutating func answered(_ tag: MessageTag?, _ code: BoardErrorCode?, on place: Int) throws {
        guard case .text(let text)? = tag, let number = Int(text),
            let wish = sockets[place].wishes.removeValue(forKey: number)
        else { throw SimulationFailure("socket \(place) is answered twice, or for nothing") }
        if let code {
            count(code.name)
            try checkRefusal(code, wish, of: place)
        }
        guard wish.isOrdered, code != .forbidden else { return }
        guard number > sockets[place].lastAnswered else {
            throw SimulationFailure("socket \(place) is answered in another order")
        }
        sockets[place].lastAnswered = number
    }

    private func checkRefusal(_ code: BoardErrorCode, _ wish: BoardSocket.Wish, of place: Int) throws {
        let isDue: Bool
        switch (code, wish) {
        case (.storeUnavailable, .create), (.storeUnavailable, .update), (.storeUnavailable, .delete),
            (.storeUnavailable, .flush):
            isDue = true
        case (.shapeNotFound, .update), (.shapeNotFound, .delete): isDue = true
        case (.forbidden, .create), (.forbidden, .update), (.forbidden, .delete): isDue = sockets[place].isViewer
        default: isDue = false
        }
        if !isDue { throw SimulationFailure("socket \(place) is refused with \(code.name)") }
    }
}
