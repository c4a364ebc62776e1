package import CommandKit
package import SessionBench

/// The options of `bench fanout` and `bench lockers`.
package enum BenchTopicOptions {
    // MARK: Both

    package static let publishers = Option.integer("publishers", "Connections that publish", 1...1000, default: 1)
        .detail("They come beside the others; each has topics of its own, or shares one where there are fewer topics.")
    package static let size = Option.size("size", "Bytes of a message", 112...(128 << 10), default: 200).short("s")
        .detail("As subscribers get it, without what the server adds.")

    // MARK: fanout

    package static let channels = Option.integer("channels", "Channels that there are", 1...100_000, default: 1)
    package static let joined = Option<Int?>.integer(
        "join", "Channels that each subscriber joins", 1...TopicLoad.joinedMax
    )
    .unset("all, up to \(TopicLoad.joinedMax)")
    package static let way = Option.choice("via", "How publications reach the server", default: TopicLoad.Way.http)
        .detail("'socket' needs a rule that lets somebody publish; see --channels-rule of serve.")
    package static let stuck = Option.percent("stuck", "Part of the subscribers that never reads", 0...99, default: 0)
        .detail("Says how many of them the server closed with 4511, and whether GET /admin/slow named them.")
    package static let recover = Option.toggle("recover", "Cut each subscriber off once, and let it recover")
        .detail(
            """
            Over the run each drops its connection, comes back and asks with 'since' for what it missed. Leaves with \
            status 99 unless nothing is lost, nothing comes twice and the order is kept. The channels need a history.
            """)
    package static let away = Option.duration(
        "away", "How long each is cut off", default: "1s", minimum: .milliseconds(10)
    )
    .detail("Only with --recover.")

    // MARK: lockers

    package static let namespaces = Option.list("namespaces", "Paths that kiosks connect to, in turn", "PATH,...")
        .commaSeparated().unset(TopicLoad(.lockers).namespaces.joined(separator: ","))
    package static let rooms = Option.integer("rooms", "Rooms of each namespace", 0...1000, default: 10)
    package static let inRooms = Option.percent(
        "in-rooms", "Part of the kiosks that stays in a room", 0...100, default: 50)
    package static let toRooms = Option.percent(
        "to-rooms", "Part of the broadcasts that goes to a room", 0...100, default: 50
    )
    .detail("The others go to a whole namespace.")
    package static let typed = Option.percent("typed", "Part of the others that are typed events", 0...100, default: 0)
        .detail("Such as POST /api/websocket/events/locker-state.")
    package static let moves = Option.percent(
        "moves", "Part of the requests that are joins and leaves", 0...100, default: 0
    )
    .detail("Of kiosks that stay in no room.")
    package static let sessions = Option<Int?>.integer("sessions", "Sessions to create for the kiosks", 1...100_000)
        .unset("none, for a server that asks for none")
        .detail(
            "By POST /admin/locker-sessions before the runs, with the fields of --header; kiosks show them in turn.")

    static let fanout = [
        publishers.spec, channels.spec, joined.spec, size.spec, way.spec, stuck.spec, recover.spec, away.spec,
    ]
    static let lockers = [
        publishers.spec, namespaces.spec, rooms.spec, inRooms.spec, toRooms.spec, typed.spec, moves.spec, size.spec,
        sessions.spec,
    ]

    /// The load that the options of a command line ask for.
    ///
    /// - Throws: Where they contradict each other.
    static func load(_ kind: TopicLoad.Kind, _ settings: Settings) throws(CommandError) -> TopicLoad {
        var load = TopicLoad(kind)
        load.publishers = settings[publishers]
        switch kind {
        case .fanout: try setChannels(&load, settings)
        case .lockers: try setNamespaces(&load, settings)
        }
        return load
    }

    private static func setChannels(_ load: inout TopicLoad, _ settings: Settings) throws(CommandError) {
        load.channels = settings[channels]
        load.joined = settings[joined]
        if let count = load.joined, count > load.channels {
            throw settings.error(joined, "there are fewer channels; write at most that of --channels, \(load.channels)")
        }
        load.way = settings[way]
        load.stuckRatio = settings[stuck]
        guard settings[recover] else {
            if settings.isSet(away) { throw settings.error(away, "nobody is cut off; add --recover, or leave it out") }
            return
        }
        load.away = settings[away]
        if settings[away] * 3 > settings[BenchOptions.duration] {
            throw settings.error(away, "all must be back before the end; write at most a third of --duration")
        }
    }

    private static func setNamespaces(_ load: inout TopicLoad, _ settings: Settings) throws(CommandError) {
        if settings.isSet(namespaces) { load.namespaces = settings[namespaces] }
        for path in load.namespaces where !path.hasPrefix("/") {
            throw settings.error(namespaces, "write paths such as /ws/lockers, separated by commas")
        }
        try setRooms(&load, settings)
        load.typedRatio = settings[typed]
        if settings.isSet(size), load.typedRatio == 1, load.roomCastRatio == 0 {
            throw settings.error(size, "typed events have sizes of their own, and there is nothing else; leave it out")
        }
        if settings.isSet(sessions), settings.isSet(BenchOptions.versus) {
            throw settings.error(sessions, "with --vs there are two servers; leave one of the two out")
        }
    }

    private static func setRooms(_ load: inout TopicLoad, _ settings: Settings) throws(CommandError) {
        load.rooms = settings[rooms]
        guard load.rooms > 0 else {
            for option in [inRooms, toRooms, moves] where settings.isSet(option) && settings[option] > 0 {
                throw settings.error(option, "with --rooms 0 there are none; leave one of the two out")
            }
            (load.roomRatio, load.roomCastRatio) = (0, 0)
            return
        }
        load.roomRatio = settings[inRooms]
        load.roomCastRatio = settings[toRooms]
        load.moveRatio = settings[moves]
        if load.moveRatio > 0, load.roomRatio == 1 {
            throw settings.error(moves, "with --in-rooms 100% no kiosk is free to join or leave; write less there")
        }
    }
}
