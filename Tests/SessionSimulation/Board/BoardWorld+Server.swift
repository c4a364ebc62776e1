import SessionBase
import SessionCodec
import SessionCore

/// The server's side: what arrives there, what the machines want, and what must be true of it.
extension BoardWorld {
    /// Tells a machine of an event, and does what it wants.
    mutating func tell(_ loop: Int, _ event: BoardMachineEvent) throws {
        let before = Set(roomViews(loop).filter { $0.state != .loading }.map(\.room))
        for effect in try loops[loop].machine.handle(event, at: moment) { try carryOut(effect, of: loop) }
        let after = roomViews(loop)
        for room in Self.rooms where configuration(loop: loop).shard(ofRoom: room) == loop {
            guard after.contains(where: { $0.room == room && $0.state != .loading }) else {
                if before.contains(room) { try checkForgotten(room) }
                ledger.forget(room)
                continue
            }
        }
        planTick(loop)
    }

    private func roomViews(_ loop: Int) -> [BoardMachine.RoomView] {
        loops[loop].machine.machine.rooms(prefix: "", after: nil, limit: 100, at: moment)
    }

    private mutating func carryOut(_ effect: BoardMachineEffect, of loop: Int) throws {
        switch effect {
        case .send(let id, let bytes):
            try check(shown: bytes, to: Int(id.slot))
            deliver(bytes, to: Int(id.slot), .disconnect)
        case .multicast(let group, let bytes, let policy, let lost):
            let members = (loops[loop].groups[group] ?? []).dropLast(lost)
            for (index, id) in members.enumerated() {
                if index == 0 { try check(shown: bytes, to: Int(id.slot)) }
                deliver(bytes, to: Int(id.slot), policy)
            }
        case .join(let id, let group): loops[loop].groups[group, default: []].append(id)
        case .leave(let id, let group): loops[loop].groups[group]?.removeAll { $0 == id }
        case .close(let id, let code): try close(Int(id.slot), code)
        case .move(let id, let target): move(Int(id.slot), from: loop, to: target)
        case .pause(let id): sockets[Int(id.slot)].isPaused = true
        case .resume(let id):
            sockets[Int(id.slot)].isPaused = false
            queue.plan(.resumed(Int(id.slot)), at: now)
        case .store(let ticket, let request): try submit(ticket, request, of: loop)
        case .backend(let ticket, let request): try submit(ticket, request, of: loop)
        case .confirm(let ticket): try tell(loop, .replied(ticket, .written))
        }
    }

    private mutating func move(_ place: Int, from loop: Int, to target: Int) {
        count("move")
        let passenger = loops[loop].machine.depart(sockets[place].id)
        sockets[place].loop = target
        sockets[place].isMoving = true
        queue.plan(.arrival(place, life: life, passenger), at: now + .milliseconds(1))
    }

    private mutating func close(_ place: Int, _ code: CloseCode) throws {
        guard code == .backendUnavailable else {
            throw SimulationFailure("socket \(place) is closed \(code.rawValue) for nothing")
        }
        count("4503")
        note("socket \(place) is closed \(code.rawValue)")
        sockets[place].isAtServer = false
        queue.plan(.endAtClient(place), at: max(sockets[place].lastToClient, now + latency()))
        try tell(sockets[place].loop, .closed(sockets[place].id, cleanly: true))
    }

    // MARK: Sockets

    /// Hands a message to a socket, or keeps it as long as the socket takes nothing, as the policy says.
    private mutating func deliver(_ bytes: [UInt8], to place: Int, _ policy: OverflowPolicy) {
        guard sockets[place].isAtServer else { return }
        guard sockets[place].isBlocked else { return send(bytes, to: place) }
        switch policy {
        case .skip:
            sockets[place].hasMissed = true
            count("missed")
        case .conflate(let key):
            if let held = sockets[place].held.firstIndex(where: { $0.key == key }) {
                sockets[place].held[held].bytes = bytes
                count("conflated")
            } else {
                sockets[place].held.append(.init(bytes: bytes, key: key))
            }
        case .disconnect, .dropOldest: sockets[place].held.append(.init(bytes: bytes))
        }
    }

    private mutating func send(_ bytes: [UInt8], to place: Int) {
        let due = max(sockets[place].lastToClient, now + latency())
        sockets[place].lastToClient = due
        queue.plan(.atClient(place, bytes), at: due)
    }

    /// A socket takes messages again.
    mutating func unblock(_ place: Int) throws {
        guard sockets[place].isBlocked else { return }
        sockets[place].isBlocked = false
        let held = sockets[place].held
        sockets[place].held = []
        guard sockets[place].isAtServer else { return }
        for message in held { send(message.bytes, to: place) }
        guard sockets[place].hasMissed else { return }
        sockets[place].hasMissed = false
        try tell(sockets[place].loop, .drained(sockets[place].id))
    }

    /// A client's message arrives.
    mutating func arrive(_ bytes: [UInt8], on place: Int) throws {
        guard sockets[place].isAtServer else { return }
        sockets[place].inbox.append(bytes)
        try handleInbox(of: place)
    }

    /// Lets the machine handle what arrived, as long as it may.
    mutating func handleInbox(of place: Int) throws {
        while sockets[place].isAtServer, !sockets[place].isPaused, !sockets[place].isMoving,
            !sockets[place].inbox.isEmpty
        {
            let bytes = sockets[place].inbox.removeFirst()
            noteFlush(bytes, on: place)
            try tell(sockets[place].loop, .received(sockets[place].id, bytes))
        }
    }

    /// Remembers what must be stored when a flush is answered.
    private mutating func noteFlush(_ bytes: [UInt8], on place: Int) {
        guard let request = try? BoardRequest.decode(bytes.span), request.message == .flush,
            case .text(let tag)? = request.tag, let number = Int(tag)
        else { return }
        sockets[place].flushes[number] = ledger.truth(of: sockets[place].room).shapes
    }

    /// A client's end arrives; one whose connection is between two loops is told to the one that gets it.
    mutating func endAtServer(_ place: Int) throws {
        guard sockets[place].isAtServer else { return }
        guard !sockets[place].isMoving else { return queue.plan(.endAtServer(place), at: now + .milliseconds(1)) }
        sockets[place].isAtServer = false
        try tell(sockets[place].loop, .closed(sockets[place].id, cleanly: true))
    }

    // MARK: The embedded store

    private mutating func submit(_ ticket: UInt64, _ request: StoreRequest, of loop: Int) throws {
        if case .write(let write) = request {
            let room = write.owner ?? ""
            try checkStored(write.body)
            switch write.key.collection {
            case .boardChanges:
                try ledger.begin(try BoardRecord.decode(write.body.span), of: room)
                commits[ticket] = room
            case .boards where !hasBackend: try beginStore(of: room, ticket, sentAt: now)
            case .boards: count("kept")
            default: break
            }
        }
        let call = StoreCall(ticket: ticket, request: request, time: moment.timestamp)
        for (step, due) in store.submit(call, of: asker(loop), at: now, using: &random) {
            queue.plan(.store(step), at: due)
        }
    }

    mutating func carryOut(_ step: SimulatedStore.Step) throws {
        switch step {
        case .execution(let number):
            for (step, due) in store.execute(number, at: now, using: &random) { queue.plan(.store(step), at: due) }
        case .reply(let number):
            guard let (asker, ticket, reply) = store.takeReply(number) else { return }
            let loop = asker % Self.loopsMax
            guard isUp, asker == self.asker(loop) else { return }
            if let room = commits.removeValue(forKey: ticket) {
                count(reply == .written ? "commit" : "commit failed")
                ledger.end(of: room, isWritten: reply == .written)
            }
            endStore(ticket)
            try tell(loop, .replied(ticket, reply))
        }
    }

    // MARK: The backend

    private mutating func submit(_ ticket: UInt64, _ request: BackendRequest, of loop: Int) throws {
        let (sentAt, step, due) = backend.submit(ticket, request, life: life, loop: loop, at: now, using: &random)
        if case .store(let room, _, let body) = request {
            try checkStored(body)
            try beginStore(of: room, ticket, sentAt: sentAt)
        }
        queue.plan(.backend(step), at: due)
    }

    mutating func carryOut(_ step: SimulatedBackend.Step) throws {
        switch step {
        case .arrival(let number):
            guard let (step, due) = backend.arrive(number, at: now, using: &random) else { return }
            queue.plan(.backend(step), at: due)
        case .reply(let number):
            guard let answer = backend.takeReply(number), isUp, answer.life == life else { return }
            count("backend \(answer.reply.name)")
            endStore(answer.ticket)
            try tell(answer.loop, .backed(answer.ticket, answer.reply, sentAt: answer.sentAt))
        }
    }

    // MARK: Rules

    private mutating func beginStore(of room: String, _ ticket: UInt64, sentAt: Instant) throws {
        note("\(room) is stored")
        var watch = watches[room] ?? StoreWatch()
        guard watch.tickets.isEmpty else { throw SimulationFailure("two stores of \(room) at once") }
        if let last = watch.lastSent, sentAt - last < .seconds(2) {
            throw SimulationFailure("\(room) is stored twice within \((sentAt - last).milliseconds) ms")
        }
        watch.lastSent = sentAt
        watch.tickets = [ticket]
        watches[room] = watch
        guard !ledger.truth(of: room).isFresh || roomViews(of: room).contains(where: { $0.state != .loading }) else {
            throw SimulationFailure("\(room) is stored and was not loaded")
        }
    }

    private func roomViews(of room: String) -> [BoardMachine.RoomView] {
        roomViews(configuration(loop: 0).shard(ofRoom: room)).filter { $0.room == room }
    }

    private mutating func endStore(_ ticket: UInt64) {
        for room in Self.rooms { watches[room]?.tickets.remove(ticket) }
    }

    /// Nothing but shapes is ever stored (seed 003, *Shape-Only Persistence*).
    private func checkStored(_ body: [UInt8]) throws {
        let document = try JSONValue.parse(body.span)
        if document["cursors"] != nil || document["connectedUsers"] != nil {
            throw SimulationFailure("cursors or users are stored")
        }
    }

    /// Holds a message that members see against what is durable.
    private mutating func check(shown bytes: [UInt8], to place: Int) throws {
        let room = sockets[place].room
        let message = try BoardServerMessage.decode(bytes.span)
        switch message.message {
        case .board(let state): try ledger.check(state.shapes, shownIn: room)
        case .snapshot(let snapshot):
            guard snapshot.room == room, snapshot.you == sockets[place].user else {
                throw SimulationFailure("somebody else's snapshot of \(snapshot.room) goes to socket \(place)")
            }
            try ledger.check(snapshot.state.shapes, shownIn: room)
        case .ack(let ack): try check(ack, message.tag, of: place)
        case .patch, .error, .pong, .storage: break
        }
    }

    /// What is acknowledged is durable; what is said to be stored is stored.
    private mutating func check(_ ack: BoardAck, _ tag: MessageTag?, of place: Int) throws {
        let truth = ledger.truth(of: sockets[place].room)
        guard case .text(let text)? = tag, let number = Int(text), let wish = sockets[place].wishes[number] else {
            return
        }
        switch wish {
        case .create:
            guard let shape = ack.shape, truth.shapes[shape] != nil || truth.deleted.contains(shape) || truth.isFresh
            else { throw SimulationFailure("a shape is acknowledged that is not durable") }
        case .delete(let id):
            if truth.shapes[id] != nil { throw SimulationFailure("\(id) is acknowledged to be gone and is not") }
        case .flush:
            guard ack.isPersisted else { throw SimulationFailure("a flush is answered before it is done") }
            try checkFlushed(sockets[place].flushes[number] ?? [:], in: sockets[place].room)
        case .update, .cursor, .ping, .resync: break
        }
    }

    private func checkFlushed(_ shapes: [String: [UInt8]], in room: String) throws {
        let stored = Set((try stored(room)?.shapes ?? []).map { $0.encoded(.seed) })
        let truth = ledger.truth(of: room)
        for (id, bytes) in shapes where truth.shapes[id] == bytes && !stored.contains(bytes) {
            throw SimulationFailure("a flush of \(room) is answered and \(id) is not stored")
        }
    }

    /// What is stored of a room for good.
    func stored(_ room: String) throws -> BoardDocument? {
        if hasBackend { return try backend.board(of: room) }
        return try checkpoint(room)
    }

    /// What the embedded store has of a room as a whole.
    func checkpoint(_ room: String) throws -> BoardDocument? {
        var memory = store.memory
        let key = DocumentKey(.boards, hasBackend ? room + " kept" : room)
        guard case .found(let document?) = memory.handle(.read(key), at: moment.timestamp) else { return nil }
        return try BoardDocument.decode(document.body.span)
    }

    /// How many records a room's journal has.
    func journalCount(_ room: String) -> Int {
        var memory = store.memory
        let reply = memory.handle(.list(.boardChanges, owner: room, after: nil, limit: 10_000), at: moment.timestamp)
        guard case .page(let page) = reply else { return 0 }
        return page.documents.count
    }

    /// A room is forgotten only when everything of it is stored (PROTOCOLS 3-18).
    private mutating func checkForgotten(_ room: String) throws {
        count("forgotten")
        try checkSettled(room)
    }

    /// Holds what is stored of a room against what is durable; nothing more is to be done about it.
    func checkSettled(_ room: String) throws {
        try ledger.check(try stored(room), storedOf: room)
        if journalCount(room) > 0 { throw SimulationFailure("the journal of \(room) is left") }
        if hasBackend, try checkpoint(room) != nil { throw SimulationFailure("an old board of \(room) is left") }
    }
}

extension BackendReply {
    /// What it is counted as.
    fileprivate var name: String {
        switch self {
        case .board: "board"
        case .absent: "absent"
        case .stored: "stored"
        case .conflict: "conflict"
        case .refused: "refused"
        case .unavailable: "unavailable"
        }
    }
}
