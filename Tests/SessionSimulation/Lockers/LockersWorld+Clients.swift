import SessionBase
import SessionCodec
import SessionCore

/// The clients' side: what they hear, and whether they may.
extension LockersWorld {
    /// Takes a message that arrived.
    mutating func hear(_ bytes: [UInt8], on place: Int) throws {
        guard let frame = try? JSONValue.parse(bytes.span), let type = frame["type"]?.string else {
            throw SimulationFailure("socket \(place) heard what is no message")
        }
        world.note("socket \(place) ← \(String(decoding: bytes, as: UTF8.self))")
        world.count(frame["data"]?["code"]?.string ?? type)
        if type == "error", talks[place]!.name == nil { return }
        if (talks[place]!.name == nil) != (type == "connection") {
            throw SimulationFailure("a \(type) where a greeting belongs, or the other way round")
        }
        let wish = try wish(frame, place)
        switch type {
        case "connection": try welcome(frame, place)
        case "room_joined": try joined(frame, wish, place)
        case "room_left":
            guard case .leave(let room) = wish else { throw SimulationFailure("a room is left by itself") }
            close(ear: LockersModel.topic(talks[place]!.namespace, room), of: place)
        case "ack_received":
            guard case .acknowledge(let command) = wish else { throw SimulationFailure("a receipt for nothing") }
            confirmedAcks[command, default: []].insert(talks[place]!.name!)
        case "error": try refused(frame, wish, place)
        case "pong": break
        default: try hear(message: frame, on: place)
        }
    }

    func persona(_ place: Int) -> LockersPersona { LockersPersona.all[talks[place]!.session.persona] }

    /// Ends a socket's talk; what it heard is judged in the end.
    mutating func end(_ place: Int) {
        guard var talk = talks[place], !talk.isOver else { return }
        talk.isOver = true
        talks[place] = talk
        for topic in talk.ears.keys.sorted() { close(ear: topic, of: place) }
        if actors[talk.actor].socket == place { actors[talk.actor].socket = nil }
    }

    private mutating func close(ear topic: String, of place: Int) {
        guard let ear = talks[place]!.ears.removeValue(forKey: topic) else { return }
        talks[place]!.finished.append(ear)
        if let position = ear.place { actors[talks[place]!.actor].places[topic] = position }
    }

    /// Finds what a message answers; answers come in the order of what they answer.
    private mutating func wish(_ frame: JSONValue, _ place: Int) throws -> Wish? {
        guard let number = frame["id"]?.string.flatMap({ Int($0.dropFirst()) }) else { return nil }
        if number < talks[place]!.lastAnswered { throw SimulationFailure("an answer overtook another") }
        talks[place]!.lastAnswered = number
        return talks[place]!.wishes.removeValue(forKey: number)
    }

    private mutating func welcome(_ frame: JSONValue, _ place: Int) throws {
        let data = frame["data"]
        let user = persona(place).user ?? "anonymous"
        if data?["userId"]?.string != user { throw SimulationFailure("somebody else is greeted") }
        if data?["namespace"]?.string != talks[place]!.namespace { throw SimulationFailure("a wrong namespace") }
        talks[place]!.name = data?["connectionId"]?.string
        let talk = talks[place]!
        try open(talk.namespace, data, since: talk.since, heardUntil: talk.heardUntil, of: place)
    }

    private mutating func joined(_ frame: JSONValue, _ wish: Wish?, _ place: Int) throws {
        guard case .join(let room, let since, let heardUntil) = wish else {
            throw SimulationFailure("a room is joined by itself")
        }
        if let code = model.refusal(persona(place), room) {
            throw SimulationFailure("\(persona(place).user ?? "nobody") joined \(room), not \(code)")
        }
        if frame["data"]?["room"]?.string != room { throw SimulationFailure("the answer names another room") }
        let topic = LockersModel.topic(talks[place]!.namespace, room)
        if since == nil, talks[place]!.ears[topic] != nil { return }
        let before = talks[place]!.ears[topic]
        close(ear: topic, of: place)
        try open(topic, frame["data"], since: since, heardUntil: heardUntil, after: before, of: place)
    }

    private mutating func open(
        _ topic: String, _ data: JSONValue?, since: TopicSince?, heardUntil: UInt64?,
        after before: TopicEar? = nil, of place: Int
    ) throws {
        var answer = TopicAnswer(isRecovered: data?["recovered"]?.boolean)
        if let epoch = data?["epoch"]?.string, let offset = data?["offset"]?.integer {
            answer.position = TopicPosition(epoch: epoch, offset: UInt64(offset))
        }
        if answer.isRecovered != nil { world.count(answer.isRecovered == true ? "recovered" : "not recovered") }
        var ear = TopicEar(topic, since: since, heardUntil: heardUntil, after: before)
        // Everything is late: clocks, ticks, parcels and the answer itself.
        let fresh = world.now - LockersModel.life + .seconds(1)
        try ear.confirm(answer, kept: LockersModel.kept) { offset in
            ledger.isFresh(offset, of: topic, since: fresh)
        }
        talks[place]!.ears[topic] = ear
    }

    private mutating func refused(_ frame: JSONValue, _ wish: Wish?, _ place: Int) throws {
        let code = frame["data"]?["code"]?.string
        switch wish {
        case .join(let room, _, _):
            let wanted = model.refusal(persona(place), room)
            if code != wanted {
                throw SimulationFailure("\(room) is refused with \(code ?? "") and not \(wanted ?? "nothing")")
            }
        case .acknowledge:
            if talks[place]!.namespace == "/ws/events" { throw SimulationFailure("an ack is refused \(code ?? "")") }
        case .leave, .ping: throw SimulationFailure("a \(code ?? "") that nothing calls for")
        case nil: break
        }
    }

    private mutating func hear(message frame: JSONValue, on place: Int) throws {
        guard let number = number(of: frame), case .topic(let topic) = ledger.entries[number].target else {
            throw SimulationFailure("socket \(place) hears what nobody said")
        }
        if !topic.hasPrefix(talks[place]!.namespace) {
            throw SimulationFailure("socket \(place) of \(talks[place]!.namespace) hears \(topic)")
        }
        guard var ear = talks[place]!.ears[topic] else {
            throw SimulationFailure("socket \(place) hears \(topic) and is not in it")
        }
        let offset = frame["offset"]?.integer.map { UInt64($0) }
        try ear.take(number, offset: offset)
        talks[place]!.ears[topic] = ear
        guard let offset else { return }
        try ledger.place(number, at: offset)
        if let time = frame["timestamp"]?.string.flatMap({ Timestamp(parsing: $0.utf8.span) }) {
            actors[talks[place]!.actor].times[topic] = (time, offset)
        }
    }
}
