import SessionBase
import SessionCodec
import SessionCore

/// The clients' side: what they hear, and whether they may.
extension ChannelsWorld {
    /// Takes a message that arrived.
    mutating func hear(_ bytes: [UInt8], on place: Int) throws {
        guard let frame = try? JSONValue.parse(bytes.span), let type = frame["type"]?.string else {
            throw SimulationFailure("socket \(place) heard what is no message")
        }
        world.note("socket \(place) ← \(String(decoding: bytes, as: UTF8.self))")
        if frame["timestamp"]?.string == nil { throw SimulationFailure("a \(type) without a timestamp") }
        world.count(frame["code"]?.string ?? type)
        if (talks[place]!.name == nil) != (type == "welcome" || type == "health") {
            throw SimulationFailure("a \(type) where a welcome belongs, or the other way round")
        }
        let wish = try wish(frame, place)
        switch type {
        case "welcome": try welcome(frame, place)
        case "subscribed": try subscribed(frame, wish, place)
        case "unsubscribed":
            guard case .unsubscribe(let channel) = wish else { throw SimulationFailure("unsubscribed by itself") }
            close(ear: ChannelsModel.resolved(channel, persona(place)), of: place)
        case "error": try refused(frame, wish, place)
        case "note": try hear(note: frame, on: place)
        case "published":
            guard case .publish(let number, _) = wish else { throw SimulationFailure("published by itself") }
            try ledger.answered(
                number, delivered: Int(frame["delivered"]?.integer ?? -1),
                offset: frame["offset"]?.integer.map { UInt64($0) })
        case "report_status", "report_completed": try hear(report: frame, type, on: place)
        case "initial_data": try talks[place]!.stream?.begin(frame["data"]?.elements ?? [])
        case "data_update": try hear(rows: frame, on: place)
        case "status": try checkStatus(frame, place)
        default: break
        }
    }

    func persona(_ place: Int) -> ChannelsPersona { actors[talks[place]!.actor].persona }

    /// Ends a socket's talk; what it heard is judged in the end.
    mutating func end(_ place: Int) {
        guard var talk = talks[place], !talk.isOver else { return }
        talk.isOver = true
        talks[place] = talk
        for channel in talk.ears.keys.sorted() { close(ear: channel, of: place) }
        if actors[talk.actor].socket == place { actors[talk.actor].socket = nil }
    }

    private mutating func close(ear channel: String, of place: Int) {
        guard let ear = talks[place]!.ears.removeValue(forKey: channel) else { return }
        talks[place]!.finished.append(ear)
        if let position = ear.place { actors[talks[place]!.actor].places[channel] = position }
    }

    /// Finds what a message answers; answers come in the order of what they answer.
    private mutating func wish(_ frame: JSONValue, _ place: Int) throws -> Wish? {
        guard let number = frame["id"]?.string.flatMap({ Int($0.dropFirst()) }) else { return nil }
        if number < talks[place]!.lastAnswered { throw SimulationFailure("an answer overtook another") }
        talks[place]!.lastAnswered = number
        return talks[place]!.wishes.removeValue(forKey: number)
    }

    private mutating func welcome(_ frame: JSONValue, _ place: Int) throws {
        let user = frame["data"]?["userId"]?.string
        if user != persona(place).user { throw SimulationFailure("somebody is welcomed as \(user ?? "nobody")") }
        talks[place]!.name = frame["data"]?["connectionId"]?.string
        if talks[place]!.route == .notifications {
            for channel in ChannelsModel.notifications(persona(place)) {
                talks[place]!.ears[channel] = TopicEar(channel, since: nil)
            }
        }
    }

    private mutating func subscribed(_ frame: JSONValue, _ wish: Wish?, _ place: Int) throws {
        let channel: String
        var since: TopicSince?
        switch wish {
        case .subscribe(let name, let start): (channel, since) = (name, start)
        case .template(let name): channel = name
        default: throw SimulationFailure("subscribed by itself")
        }
        if frame["channel"]?.string != channel { throw SimulationFailure("the answer names another channel") }
        if let code = model.refusal(persona(place), channel) {
            throw SimulationFailure("\(persona(place).user ?? "nobody") subscribed to \(channel), not \(code)")
        }
        let topic = ChannelsModel.resolved(channel, persona(place))
        if frame["already"]?.boolean == true {
            if talks[place]!.ears[topic] == nil { throw SimulationFailure("already subscribed to \(channel)?") }
            return
        }
        var answer = TopicAnswer(isRecovered: frame["recovered"]?.boolean)
        if let epoch = frame["epoch"]?.string, let offset = frame["offset"]?.integer {
            answer.position = TopicPosition(epoch: epoch, offset: UInt64(offset))
        }
        if answer.isRecovered != nil { world.count(answer.isRecovered == true ? "recovered" : "not recovered") }
        let before = talks[place]!.ears[topic]
        close(ear: topic, of: place)
        var ear = TopicEar(topic, since: since, after: before)
        // Everything is late: clocks, ticks, parcels and the answer itself.
        let fresh = world.now - ChannelsModel.life + .seconds(1)
        try ear.confirm(answer, kept: ChannelsModel.kept(topic)) { offset in
            ledger.isFresh(offset, of: topic, since: fresh)
        }
        talks[place]!.ears[topic] = ear
    }

    private mutating func refused(_ frame: JSONValue, _ wish: Wish?, _ place: Int) throws {
        let code = frame["code"]?.string
        switch wish {
        case .subscribe(let channel, _):
            let wanted = model.refusal(persona(place), channel)
            if code != wanted {
                throw SimulationFailure("\(channel) is refused with \(code ?? "") and not \(wanted ?? "nothing")")
            }
        case .publish(let number, let channel):
            if persona(place).roles.contains("publisher"), channel.hasPrefix("test:") {
                throw SimulationFailure("a publisher is refused \(code ?? "")")
            }
            if ledger.entries[number].sentCount > 0 { throw SimulationFailure("what was refused is sent") }
            ledger.cancel(number)
        case .unsubscribe, .template, .filter: throw SimulationFailure("a \(code ?? "") that nothing calls for")
        case .other, nil: break
        }
    }

    private mutating func hear(note frame: JSONValue, on place: Int) throws {
        guard let number = Self.number(of: frame) else { return }
        let entry = ledger.entries[number]
        switch entry.target {
        case .user(let user):
            if user != persona(place).user { throw SimulationFailure("message \(number) is for \(user)") }
        case .connection(let name):
            if name != talks[place]!.name { throw SimulationFailure("message \(number) is for \(name)") }
        case .topic(let topic):
            guard var ear = talks[place]!.ears[topic] else {
                throw SimulationFailure("socket \(place) hears \(topic) and is not subscribed to it")
            }
            let offset = frame["offset"]?.integer.map { UInt64($0) }
            if frame["channel"]?.string != topic { throw SimulationFailure("message \(number) names another channel") }
            if let except = entry.except, except == talks[place]!.name, !ear.isReplay(offset) {
                throw SimulationFailure("message \(number) is heard by whom it leaves out")
            }
            try ear.take(number, offset: offset)
            if let offset { try ledger.place(number, at: offset) }
            talks[place]!.ears[topic] = ear
        }
    }

    private mutating func hear(report frame: JSONValue, _ type: String, on place: Int) throws {
        guard let data = frame["data"], let report = data["reportId"]?.string else {
            throw SimulationFailure("a \(type) without a report")
        }
        let isWatched =
            talks[place]!.route == .report(report) || talks[place]!.ears["reports:progress:" + report] != nil
            || talks[place]!.ears["reports:progress"] != nil
        if !isWatched { throw SimulationFailure("socket \(place) hears of a report that it does not watch") }
        // Both channels tell of a report, each in its own order.
        let key = (frame["channel"]?.string == "reports:progress" ? "all " : "") + report
        if type == "report_status" {
            try talks[place]!.reports[key, default: ReportChecker()].take(data)
        } else if talks[place]!.reports[key] != nil {
            try talks[place]!.reports[key]!.complete()
        }
    }

    private mutating func hear(rows frame: JSONValue, on place: Int) throws {
        let channel = frame["channel"]?.string ?? ""
        guard talks[place]!.stream.map({ "reports:data:" + $0.template }) == channel else {
            if talks[place]!.ears[channel] == nil { throw SimulationFailure("socket \(place) hears \(channel)") }
            return
        }
        guard let data = frame["data"] else { throw SimulationFailure("a data_update without data") }
        for row in data.elements ?? [data] { try talks[place]!.stream!.take(row) }
    }

    private func checkStatus(_ frame: JSONValue, _ place: Int) throws {
        let listed = Set(frame["data"]?["channels"]?.elements?.compactMap(\.string) ?? [])
        if frame["data"]?["connectionId"]?.string != talks[place]!.name || listed != topics(of: place) {
            throw SimulationFailure("socket \(place) has \(topics(of: place)), its status says \(listed)")
        }
    }

    /// The channels that a socket hears, as its client knows.
    func topics(of place: Int) -> Set<String> {
        let talk = talks[place]!
        switch talk.route {
        case .general, .notifications: return Set(talk.ears.keys)
        case .report(let report): return Set(talk.ears.keys).union(["reports:progress:" + report])
        case .stream(let template): return ["reports:data:" + template]
        case .health: return []
        }
    }
}
