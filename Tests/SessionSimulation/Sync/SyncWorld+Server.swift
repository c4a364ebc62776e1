import SessionBase
import SessionCodec
import SessionCore

/// The servers' side: what arrives there, and what the machines want.
extension SyncWorld {
    /// Tells a machine of an event, and does what it wants.
    mutating func tell(_ node: Int, _ shard: Int, _ event: SyncMachineEvent) throws {
        let silent = sockets.filter { $0.node == node && $0.shard == shard && $0.isDead && $0.isAtServer }.map(\.id)
        leftInEvent = []
        let moment = moment
        for effect in try nodes[node].loops[shard].machine.handle(event, at: moment, silent: silent) {
            try carryOut(effect, of: node, shard)
        }
        try pushes.endEvent()
        planTick(node, shard)
    }

    /// Tells the machine that has a socket.
    mutating func tell(_ place: Int, _ event: SyncMachineEvent) throws {
        try tell(sockets[place].node, sockets[place].shard, event)
    }

    private mutating func carryOut(_ effect: SyncMachineEffect, of node: Int, _ shard: Int) throws {
        switch effect {
        case .message(let id, let frame, let isBinary):
            guard isBinary == sockets[Int(id.slot)].isBinary else {
                throw SimulationFailure("socket \(id.slot) is spoken to in the other codec")
            }
            try send(frame, to: Int(id.slot), of: node)
        case .move(let id, let target): move(Int(id.slot), from: shard, to: target)
        case .close(let id, let code): close(Int(id.slot), code)
        case .pause(let id): sockets[Int(id.slot)].isPaused = true
        case .resume(let id):
            sockets[Int(id.slot)].isPaused = false
            queue.plan(.drain(Int(id.slot)), at: now)
        case .authenticate(let id, let token):
            let due = now + .milliseconds(Int64.random(in: 0...30, using: &random))
            let verdict = SyncDeviceActor.verdict(on: token)
            queue.plan(.verdict(id, life: nodes[node].life, verdict), at: due)
        case .store(let ticket, let request):
            let call = StoreCall(ticket: ticket, request: request, time: moment.timestamp)
            let asker = nodes[node].life * Self.shardsMax + shard
            plan(store.submit(call, of: asker, at: now, using: &random))
        case .respond(let number, let response):
            let place = Int(number)
            guard !requests[place].isAnsweredByServer else {
                throw SimulationFailure("request \(number) is answered twice")
            }
            requests[place].isAnsweredByServer = true
            queue.plan(.response(place, response), at: now + latency())
        }
    }

    private mutating func send(_ frame: SyncServerFrame, to place: Int, of node: Int) throws {
        let id = sockets[place].id
        guard sockets[place].isAtServer else { return }
        try pushes.note(frame, to: id, resumed: sockets[place].resume)
        switch frame.message {
        case .authSuccess(let welcome):
            presence.bound(.init(node: node, session: welcome.sessionID, device: welcome.deviceID))
            presence.heard(id, at: now)
        case .deviceLeft(let device, let reason, _):
            let session = frame.envelope.sessionID ?? ""
            let left = PresenceChecker.Place(node: node, session: session, device: device)
            count("DEVICE_LEFT \(reason.rawValue)")
            if !pushes.isResuming(id), leftInEvent.insert(left).inserted {
                try presence.left(left, reason, at: now)
            }
        case .deviceList(let list):
            guard let binding = pushes.bindings[id] else { break }
            try checkList(list, node, binding.session)
        default: break
        }
        guard !sockets[place].isDead else { return }
        let due = max(sockets[place].lastAtClient, now + latency())
        sockets[place].lastAtClient = due
        queue.plan(.atClient(place, frame), at: due)
    }

    /// Holds a list of devices against who is there.
    func checkList(_ list: [SyncDevice], _ node: Int, _ session: String) throws {
        if SyncSessions(session) == .mortal { return }
        try presence.check(list, node: node, session: session, at: now) { device in
            pushes.bindings.contains { id, binding in
                binding.session == session && binding.device == device && sockets[Int(id.slot)].node == node
            }
        }
    }

    private mutating func close(_ place: Int, _ code: CloseCode) {
        guard sockets[place].isAtServer else { return }
        note("socket \(place) is closed \(code.rawValue)")
        count("\(code.rawValue)")
        pushes.forget(sockets[place].id)
        presence.ended(sockets[place].id, nil, cleanly: true, at: now)
        // The machine is told once the closing handshake is over.
        sockets[place].isClosing = true
        queue.plan(.endAtServer(place, cleanly: true), at: now + latency())
        if !sockets[place].isDead { queue.plan(.endAtClient(place), at: now + latency()) }
    }

    // MARK: What arrives

    mutating func arrive(_ bytes: [UInt8], on place: Int) throws {
        guard sockets[place].isAtServer, !sockets[place].isClosing else { return }
        if sockets[place].isPaused || sockets[place].isMoving {
            sockets[place].input.append(bytes)
            return
        }
        let (id, isBinary) = (sockets[place].id, sockets[place].isBinary)
        if !sockets[place].isOpened {
            sockets[place].isOpened = true
            try tell(place, .opened(id, isBinary: isBinary))
        }
        presence.heard(id, at: now)
        try tell(place, .received(id, isBinary ? .binary : .text, bytes))
    }

    /// A connection goes to the loop that has its session, by mail.
    private mutating func move(_ place: Int, from shard: Int, to target: Int) {
        count("move")
        let passenger = nodes[sockets[place].node].loops[shard].machine.depart(sockets[place].id)
        sockets[place].isMoving = true
        sockets[place].shard = target
        let due = now + .nanoseconds(Int64.random(in: 1...2_000_000, using: &random))
        queue.plan(.arrival(place, life: nodes[sockets[place].node].life, passenger), at: due)
    }

    /// A connection is at its new loop; what it sent on the way is handled now.
    mutating func arrive(_ passenger: SyncMachine.Passenger, on place: Int, life: Int) throws {
        guard sockets[place].isAtServer, nodes[sockets[place].node].life == life else { return }
        sockets[place].isMoving = false
        sockets[place].isPaused = false
        try tell(place, .arrived(sockets[place].id, passenger))
        queue.plan(.drain(place), at: now)
    }

    /// Handles what a connection sent while it was paused.
    mutating func drain(_ place: Int) throws {
        while !sockets[place].isPaused, !sockets[place].isMoving, !sockets[place].input.isEmpty {
            try arrive(sockets[place].input.removeFirst(), on: place)
        }
    }

    /// A client's end arrives, or the closing handshake is over.
    mutating func end(_ place: Int, cleanly: Bool) throws {
        guard sockets[place].isAtServer else { return }
        if sockets[place].isMoving {
            // Noticed by the loop that it comes to.
            return queue.plan(.endAtServer(place, cleanly: cleanly), at: now + .milliseconds(2))
        }
        let id = sockets[place].id
        let node = sockets[place].node
        sockets[place].isAtServer = false
        let binding = pushes.bindings[id]
        pushes.forget(id)
        presence.ended(
            id, binding.map { .init(node: node, session: $0.session, device: $0.device) }, cleanly: cleanly, at: now)
        if sockets[place].isOpened { try tell(place, .closed(id, cleanly: cleanly)) }
    }

    mutating func heard(_ place: Int) throws {
        guard sockets[place].isAtServer, sockets[place].isOpened, !sockets[place].isMoving else { return }
        presence.heard(sockets[place].id, at: now)
        try tell(place, .heard(sockets[place].id))
    }

    mutating func arrive(request number: Int) throws {
        let request = requests[number]
        guard nodes[request.node].isUp, !request.isLost else {
            requests[number].isLost = true
            return
        }
        requests[number].isAtServer = true
        switch request.call {
        case .disconnectDevice(let one): pushes.remove(one.device, from: one.session)
        case .deleteSession(let session):
            for device in devices { pushes.remove(device.name, from: session) }
        default: break
        }
        try tell(
            request.node, configuration(shard: 0).shard(ofSession: request.call.sessionID),
            .requested(RequestTicket(loop: 0, number: UInt64(number)), request.call, Identity(user: request.user)))
    }
}
