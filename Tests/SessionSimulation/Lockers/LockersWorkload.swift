import SessionBase
import SessionCodec
import SessionCore

/// What kiosks, panels and producers do.
extension LockersWorld {
    /// Does one thing.
    mutating func act() {
        let actor = Int.random(in: actors.indices, using: &world.random)
        guard let place = actors[actor].socket else { return draw(100) < 60 ? connect(actor) : produce() }
        switch draw(100) {
        case ..<4:
            world.leave(place, cleanly: world.random.chance(0.5))
            end(place)
        case ..<5: world.die(place)
        case ..<50: speak(place)
        default: produce()
        }
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &world.random) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[draw(elements.count)] }

    // MARK: Sockets

    private mutating func connect(_ actor: Int) {
        let persona = LockersPersona.all[actors[actor].persona]
        // Who has no session gets no further than where none is wanted; the server sees to that.
        let namespace = persona.user == nil && !model.isOpen ? "/ws/help" : pick(LockersModel.namespaces)
        var session = LockersSession(persona: actors[actor].persona)
        if persona.user != nil {
            if persona.isBrief {
                session.expiresAt = Timestamp(milliseconds: world.timestamp.milliseconds + Int64(draw(15_000)) + 1_000)
            }
            if draw(6) == 0 { session.revokedAt = world.now + .milliseconds(Int64(draw(15_000))) }
        }
        var handshake = Handshake(identity: session.identity ?? (model.isOpen ? .assumed : nil))
        handshake.path = draw(2) == 0 ? namespace : namespace.replacing("/ws/", with: "/lockers/")
        if persona.user != nil { handshake.credential = session.credential }
        let (since, heardUntil) = since(actor, namespace)
        if let since { handshake.query = [("since", since.text)] }
        let place = world.connect(handshake)
        talks[place] = Talk(
            actor: actor, namespace: namespace, session: session, since: since, heardUntil: heardUntil)
        actors[actor].socket = place
    }

    /// From where somebody wants a topic, and what it has heard of it where that is said by time.
    private mutating func since(_ actor: Int, _ topic: String) -> (TopicSince?, UInt64?) {
        switch draw(10) {
        case ..<3: return (nil, nil)
        case ..<5:
            guard let last = actors[actor].times[topic] else { fallthrough }
            return (.time(last.sentAt), last.offset)
        default: return (actors[actor].places[topic].map { .position($0) } ?? .now, nil)
        }
    }

    private mutating func speak(_ place: Int) {
        let room = pick(LockersModel.rooms)
        switch draw(10) {
        case ..<5:
            let topic = LockersModel.topic(talks[place]!.namespace, room)
            var (since, heardUntil) = since(talks[place]!.actor, topic)
            // Who is there already goes on where it is.
            if since != nil, draw(2) == 0, let here = talks[place]!.ears[topic]?.place {
                (since, heardUntil) = (.position(here), nil)
            }
            send(.joinRoom(room, since: since), place, .join(room, since: since, heardUntil: heardUntil))
            // So that something is under way.
            for _ in 0..<draw(3) { broadcast(talks[place]!.namespace, room) }
        case ..<7: send(.leaveRoom(room), place, .leave(room))
        case 7 where draw(2) == 0:
            // Who waits for a command's acknowledgements joins its room.
            let room = "command:" + pick(LockersModel.commands)
            send(.joinRoom(room, since: nil), place, .join(room, since: nil, heardUntil: nil))
        case ..<9: acknowledge(pick(LockersModel.commands), place)
        default: send(.ping, place, .ping)
        }
    }

    private mutating func acknowledge(_ command: String, _ place: Int) {
        if let name = talks[place]!.name, talks[place]!.namespace == "/ws/events" {
            let key = command + " " + name
            let topic = LockersModel.topic("/ws/events", "command:" + command)
            if acks[key] == nil { acks[key] = ledger.add(.topic(topic), at: world.now) }
        } else if talks[place]!.namespace == "/ws/events" {
            return
        }
        send(.ack(command: command), place, .acknowledge(command))
    }

    /// Sends a message with a number of its own, and notes what its answer is an answer to.
    mutating func send(_ message: LockersClientMessage, _ place: Int, _ wish: Wish) {
        talks[place]!.lastWish += 1
        let number = talks[place]!.lastWish
        talks[place]!.wishes[number] = wish
        world.send(message.encoded(tag: .text("m\(number)")), on: place)
    }

    // MARK: Producers

    private mutating func produce() {
        switch draw(20) {
        case ..<9: broadcast(pick(LockersModel.namespaces), draw(2) == 0 ? pick(LockersModel.rooms) : nil)
        case ..<11: repeatBroadcast()
        case ..<18: emit()
        case 18: calls[world.ask(.status(isDetailed: false))] = .status
        default:
            let command = pick(LockersModel.commands)
            calls[world.ask(.commandAcks(command))] = .acks(command)
        }
    }

    /// Tells a namespace or a room something.
    ///
    /// - Returns: The number of the message.
    @discardableResult
    mutating func broadcast(_ namespace: String, _ room: String?) -> Int {
        let number = ledger.add(.topic(LockersModel.topic(namespace, room)), at: world.now)
        let data = JSONFragment { $0.field("number", number) }
        var broadcast = LockersBroadcast(namespace: namespace, event: "note", data: data, room: room)
        if !isQuiet, draw(4) == 0 {
            broadcast.idempotencyKey = "key-\(number)"
            repeatable.append((number, broadcast))
        }
        calls[world.ask(.broadcast(broadcast))] = .sending(number)
        return number
    }

    /// Sends a broadcast again, or another one with its key.
    private mutating func repeatBroadcast() {
        guard !repeatable.isEmpty else { return }
        var (number, broadcast) = pick(repeatable)
        // Requests overtake each other: the key is only taken for sure once the first one is answered.
        if draw(4) == 0, !isAwaited(number) {
            broadcast.event = "other"
            calls[world.ask(.broadcast(broadcast))] = .reuse
        } else {
            calls[world.ask(.broadcast(broadcast))] = .sending(number)
        }
    }

    private func isAwaited(_ number: Int) -> Bool {
        calls.values.contains { if case .sending(number) = $0 { true } else { false } }
    }

    private mutating func emit() {
        let isForRoom = draw(2) == 0
        let kiosk = pick(["kiosk-1", "kiosk-2"])
        let kind = draw(3)
        let namespace = kind == 0 ? "/ws/lockers" : "/ws/help"
        // An event about no kiosk goes to everybody.
        let room = isForRoom && kind < 2 ? kiosk : nil
        let number = ledger.add(.topic(LockersModel.topic(namespace, room)), at: world.now)
        let event: LockersEvent
        switch kind {
        case 0:
            event = .lockerState(
                LockerStateChange(locker: "\(number)", oldState: "Free", newState: "Owned", kiosk: kiosk))
        case 1:
            event = .helpRequested(
                HelpRequest(
                    id: Int64(number), kiosk: kiosk, category: "lock", status: "open", createdAt: world.timestamp))
        default:
            event = .helpStatus(HelpStatusChange(id: Int64(number), oldStatus: "open", newStatus: "resolved"))
        }
        calls[world.ask(.emit(LockersEmission(event, isForRoom: isForRoom)))] = .sending(number)
    }
}
