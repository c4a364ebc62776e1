package import CommandKit
import SessionBench

/// The options of `bench board`.
package enum BenchBoardOptions {
    /// What `--mode` can be: a mode of the load, or one after the other.
    package enum Mode: String, CaseIterable, Sendable { case seed, v2, both }

    package static let mode = Option.choice("mode", "How members are told of what happens", default: Mode.seed)
        .detail(
            """
            'seed' is the whole board each time, 'v2' the board once and then what changes. 'both' makes a run of each \
            with the same load, and says what v2 saves.
            """)
    package static let rooms = Option.integer(
        "rooms", "Rooms that members are shared out over", 1...100_000, default: 1
    )
    .detail("The members of a room are one thread's, so that there are at least as many rooms as threads.")
    package static let shapes = Option.integer("shapes", "Shapes of each room", 0...100_000, default: 500)
        .detail("They are made before the load begins. Each is changed by one member alone.")
    package static let cursorRate = Option<Double?>.rate(
        "cursor-rate", "Moves of its cursor that each member makes a second", 0...1000
    )
    .unset("30")
    package static let changeRate = Option<Double?>.rate(
        "change-rate", "Changes of shapes that each member makes a second", 0...1000
    )
    .unset("1")
    package static let secretFile = Option.text(
        "secret-file", "The server's secrets, to sign tokens with", "FILE", .file
    )
    .unset("JWT_SECRET, or else no tokens, for a server in open mode")
    .detail("Lines such as 'jwt=SECRET'. Each member has a token of its own, which names its user and its room.")

    static let all = [mode.spec, rooms.spec, shapes.spec, cursorRate.spec, changeRate.spec, secretFile.spec]

    /// The load that the options of a command line ask for, in the first of its modes.
    ///
    /// - Parameter environment: Where `JWT_SECRET` is looked for.
    /// - Throws: Where they contradict each other; status 78 or 66 for secrets that cannot be used.
    static func load(
        _ settings: Settings, environment: (String) -> String?
    ) throws(CommandError) -> BoardLoad {
        var load = BoardLoad(modes(settings)[0])
        load.rooms = settings[rooms]
        load.shapes = settings[shapes]
        load.cursorRate = settings[cursorRate] ?? load.cursorRate
        load.changeRate = settings[changeRate] ?? load.changeRate
        if let path = settings[secretFile] {
            load.secret = try BenchSyncOptions.secret(path)
        } else {
            load.secret = environment("JWT_SECRET").flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        }
        try check(load, settings)
        return load
    }

    /// The modes of the runs, one after the other.
    static func modes(_ settings: Settings) -> [BoardLoad.Mode] {
        switch settings[mode] {
        case .seed: [.seed]
        case .v2: [.v2]
        case .both: [.seed, .v2]
        }
    }

    private static func check(_ load: BoardLoad, _ settings: Settings) throws(CommandError) {
        let members = settings[BenchOptions.connections]
        /// The option that somebody has set, which is the one to change.
        func given(_ options: Option<Int>...) -> Option<Int> { options.first { settings.isSet($0) } ?? options[0] }
        guard load.memberRate > 0 else {
            throw settings.error(changeRate, "members who neither move nor change do nothing; write one of both rates")
        }
        guard load.rooms <= members else {
            throw settings.error(rooms, "there are \(members) members; write at most so many")
        }
        let workers = settings[BenchOptions.threads] * settings[BenchOptions.processes]
        guard load.rooms >= workers else {
            throw settings.error(
                given(rooms, BenchOptions.threads, BenchOptions.processes),
                "each of \(workers) threads needs a room of its own; use --rooms \(workers), or fewer threads")
        }
        guard load.changeRate == 0 || load.shapes >= load.members(of: members) else {
            throw settings.error(
                given(shapes, BenchOptions.connections),
                "each member changes shapes of its own; use --shapes \(load.members(of: members)) or more")
        }
        guard settings[mode] != .both || !settings.isSet(BenchOptions.versus) else {
            throw settings.error(mode, "with --vs two servers are compared; leave one of the two out")
        }
    }
}
