import SessionBase
import SessionCodec
import SessionCore

/// What people, producers and administrators do.
extension ChannelsWorld {
    /// Does one thing.
    mutating func act() {
        let actor = Int.random(in: actors.indices, using: &world.random)
        guard let place = actors[actor].socket else { return draw(100) < 60 ? connect(actor) : produce() }
        switch draw(100) {
        case ..<4:
            world.leave(place, cleanly: world.random.chance(0.5))
            end(place)
        case ..<5: world.die(place)
        case ..<60: speak(place)
        default: produce()
        }
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &world.random) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[draw(elements.count)] }

    // MARK: Sockets

    private mutating func connect(_ actor: Int) {
        let route: Talk.Route
        switch draw(20) {
        case ..<12: route = .general
        case ..<15: route = .report(pick(ChannelsModel.reports))
        case ..<18: route = .stream(pick(ChannelsModel.templates))
        case ..<19: route = .notifications
        default: route = .health
        }
        let identity = actors[actor].persona.identity(inOpenMode: model.isOpen)
        var handshake = Handshake(identity: identity)
        handshake.path = Self.path(route)
        let place = world.connect(handshake)
        var talk = Talk(actor: actor, route: route)
        if case .stream(let template) = route { talk.stream = StreamChecker(template: template) }
        talks[place] = talk
        actors[actor].socket = place
    }

    private static func path(_ route: Talk.Route) -> String {
        switch route {
        case .general: "/ws"
        case .report(let id): "/api/v1/reports/progress/\(id)"
        case .stream(let template): "/api/v1/reports/stream/\(template)"
        case .notifications: "/api/v1/reports/notifications"
        case .health: "/ws/health"
        }
    }

    private mutating func speak(_ place: Int) {
        if draw(10) == 0 { return send(.getStatus, place, .other) }
        switch talks[place]!.route {
        case .general: speakGenerally(place)
        case .report: speakOfReport(place)
        case .stream: speakOfStream(place)
        case .notifications: send(.ping, place, .other)
        case .health: break
        }
    }

    private mutating func speakGenerally(_ place: Int) {
        let actor = talks[place]!.actor
        let channel = draw(12) == 0 ? "user:alerts" : pick(ChannelsModel.channels + ["reports:progress"])
        switch draw(10) {
        case ..<2: subscribeAnew(place)
        case ..<6:
            let topic = ChannelsModel.resolved(channel, persona(place))
            var since: TopicSince?
            if world.random.chance(0.7) { since = actors[actor].places[topic].map { .position($0) } ?? .now }
            send(.subscribe(channel: channel, since: since), place, .subscribe(channel, since: since))
        case ..<8: send(.unsubscribe(channel: channel), place, .unsubscribe(channel))
        default:
            let number = ledger.add(.topic(channel), at: world.now)
            send(.publish(channel: channel, Self.message(number)), place, .publish(number, channel))
        }
    }

    /// Subscribes once more to what is heard already: from where that is, from now on, or from an older place.
    private mutating func subscribeAnew(_ place: Int) {
        let ears = talks[place]!.ears
        guard !ears.isEmpty else { return }
        let channel = pick(ears.keys.sorted())
        let places = [ears[channel]?.place, actors[talks[place]!.actor].places[channel]].compactMap(\.self)
        let since = pick([TopicSince.now] + places.map { TopicSince.position($0) })
        send(.subscribe(channel: channel, since: since), place, .subscribe(channel, since: since))
        // So that something is under way; of reports others tell.
        guard ChannelsModel.channels.contains(channel) else { return }
        for _ in 0..<draw(4) { produce(for: channel) }
    }

    private mutating func speakOfReport(_ place: Int) {
        switch draw(6) {
        case ..<3: send(.requestUpdate, place, .other)
        case 3:
            let template = pick(ChannelsModel.templates)
            send(.subscribeTemplate(template), place, .template("reports:data:" + template))
        // What comes of it is news of the report, and no answer.
        case 4: world.send(ChannelsClientMessage.cancelReport(reason: "no use").encoded(), on: place)
        default: send(.ping, place, .other)
        }
    }

    private mutating func speakOfStream(_ place: Int) {
        if draw(2) == 0 {
            let interval = pick([0, 0, 250, 1_000] as [Int64])
            return send(.updateInterval(interval, mode: pick([nil, .latest, .batch])), place, .other)
        }
        let ward = pick([nil, "a", "b"] as [String?])
        let filter = ward.map { #"{"ward":"\#($0)"}"# } ?? "{}"
        talks[place]!.stream?.ask(ward)
        let fragment = JSONFragment(trusted: Array(filter.utf8))
        send(.applyFilter(StreamFilter(fragment) ?? .everything), place, .filter)
    }

    /// Sends a message with a number of its own, and notes what its answer is an answer to.
    mutating func send(_ message: ChannelsClientMessage, _ place: Int, _ wish: Wish) {
        talks[place]!.lastWish += 1
        let number = talks[place]!.lastWish
        talks[place]!.wishes[number] = wish
        world.send(message.encoded(tag: .text("m\(number)")), on: place)
    }

    // MARK: Producers

    static func message(_ number: Int) -> ProducerMessage {
        ProducerMessage { json in
            json.field("type", "note")
            json.field("data") { json in json.object { $0.field("number", number) } }
        }
    }

    private mutating func produce() {
        switch draw(20) {
        case ..<11: produce(for: pick(ChannelsModel.channels))
        case 11: batch()
        case 12:
            let user = pick(["u1", "u2", "boss", "ghost"])
            let number = ledger.add(.user(user), at: world.now)
            calls[world.ask(.sendToUser(user, Self.message(number)))] = .publication(number)
        case 13: sendToConnection()
        case ..<17: updateReport()
        case ..<19: pushRows(wards: ["a", "b", "c"])
        default: calls[world.ask(draw(2) == 0 ? .listChannels : .listConnections)] = .report
        }
    }

    private mutating func produce(for channel: String) {
        let (number, broadcast) = broadcast(to: channel)
        calls[world.ask(.broadcast(broadcast))] = .publication(number)
    }

    private mutating func broadcast(to channel: String) -> (number: Int, broadcast: ChannelsBroadcast) {
        var except: String?
        if draw(5) == 0 { except = talks[world.sockets.isEmpty ? 0 : draw(world.sockets.count)]?.name }
        let number = ledger.add(.topic(channel), except: except, at: world.now)
        return (number, ChannelsBroadcast(channel: channel, message: Self.message(number), excluded: except))
    }

    private mutating func batch() {
        let items = (0..<draw(4) + 1).map { _ in broadcast(to: pick(ChannelsModel.channels)) }
        calls[world.ask(.batch(items.map { .success($0.broadcast) }))] = .batch(items.map(\.number))
    }

    private mutating func sendToConnection() {
        let names = talks.keys.sorted().compactMap { talks[$0]?.name }
        guard !names.isEmpty else { return }
        let name = pick(names)
        let number = ledger.add(.connection(name), at: world.now)
        calls[world.ask(.sendToConnection(name, Self.message(number)))] = .publication(number)
    }

    private mutating func updateReport() {
        let report = pick(ChannelsModel.reports)
        if draw(12) == 0 {
            let completion = ReportCompletion(downloadURL: "/r", format: "pdf", fileBytes: 5)
            calls[world.ask(.completeReport(report, completion))] = .report
            return
        }
        let state = pick([.pending, .running, .running, .running, .running, .error] as [ReportState])
        let progress = draw(3) == 0 ? nil : draw(100)
        calls[world.ask(.updateReport(ReportUpdate(report: report, state: state, progress: progress)))] = .report
    }

    /// Pushes a row for each ward.
    mutating func pushRows(wards: [String], to template: String? = nil) {
        let template = template ?? pick(ChannelsModel.templates)
        let rows = (isQuiet ? wards : Array(wards.prefix(draw(3) + 1))).map { ward in
            rowCount += 1
            let row = #"{"n":\#(rowCount),"template":"\#(template)","ward":"\#(ward)"}"#
            return StreamRow(JSONFragment(trusted: Array(row.utf8)))!
        }
        calls[world.ask(.pushRows(template: template, rows))] = .rows
    }
}
