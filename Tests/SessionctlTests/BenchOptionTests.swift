import CommandKit
import SessionCodec
import Testing

@testable import SessionBench
@testable import sessionctl

/// From a command line of `bench` to the plan of a run.
@Suite struct BenchOptionTests {
    private static func invocation(
        _ line: String, environment: [String: String] = [:]
    ) throws(CommandError) -> Invocation {
        let parsed = try ArgumentParser.parse(line.split(separator: " ").map(String.init), root: CommandTable.root)
        let settings = try SettingsLoader.load(parsed) { environment[$0] }
        let context = CommandContext(environment: { environment[$0] }, output: Output(), errors: Output())
        return Invocation(parsed: parsed, settings: settings, context: context)
    }

    private static func plan(_ line: String, environment: [String: String] = [:]) throws(CommandError) -> LoadPlan {
        try BenchPlan.make(try invocation("bench " + line, environment: environment))
    }

    @Test func `without options a loop is closed, with ten connections to the native listener`() throws {
        let plan = try Self.plan("echo")
        #expect(plan.targets.map(\.description) == ["ws://127.0.0.1:9001/echo"])
        #expect(plan.connections == 10)
        #expect(plan.arrival == .closed(depth: 1))
        #expect(plan.duration == .seconds(10) && plan.warmUp == .seconds(2))
        #expect(plan.isChecking && plan.isSpinning)
        #expect(try Self.plan("heartbeat").targets.map(\.description) == ["ws://127.0.0.1:8765/"])
    }

    @Test(arguments: [
        "echo", "connect", "idle", "heartbeat", "register", "storm", "slow", "snapshot", "handoff", "state", "conflict",
        "devices", "fanout", "lockers", "board",
    ])
    func `every workload is chosen by its name`(name: String) throws {
        #expect(try Self.plan(name).workload.name == name)
    }

    @Test func `the options of sessions reach the load`() throws {
        let plan = try Self.plan(
            "snapshot -c 30 --sessions 7 --devices-per-session 3 --writers 5 --puts 25% --state-bytes 4KiB")
        var load = SyncLoad(.snapshot)
        (load.sessions, load.devicesPerSession, load.writers) = (7, 3, 5)
        (load.putRatio, load.stateBytes) = (0.25, 4096)
        #expect(plan.workload == .sync(load) && plan.sockets == 35)
        #expect(plan.targets.map(\.description) == ["ws://127.0.0.1:8080/ws"])
        #expect(try Self.plan("state -c 30 --writers 5").requesters == 5)
        #expect(try Self.plan("state -c 30").requesters == 30)
        #expect(try Self.plan("devices --lists 100%").isRequesting == false)
    }

    @Test(arguments: [
        ("state -c 5 --devices-per-session 2", 64 as Int32, "--devices-per-session"),
        ("handoff -c 4 --devices-per-session 1", 64, "two devices"), ("state -c 4 --writers 6", 64, "at most"),
        ("snapshot --secret-file /nowhere/at/all", 66, "/nowhere/at/all"),
    ])
    func `sessions that cannot be had are refused`(line: String, status: Int32, words: String) {
        do {
            _ = try Self.plan(line)
            Issue.record("\(line) was taken")
        } catch {
            #expect(error.status.rawValue == status && error.message.contains(words), "\(error)")
        }
    }

    @Test func `the options of topics reach the load`() throws {
        let plan = try Self.plan(
            "fanout -c 30 --publishers 2 --channels 9 --join 4 --via socket --stuck 10% --recover --away 2s -s 1KiB")
        var load = TopicLoad(.fanout)
        (load.publishers, load.channels, load.joined, load.way) = (2, 9, 4, .socket)
        (load.stuckRatio, load.away) = (0.1, .seconds(2))
        #expect(plan.workload == .topics(load) && plan.sockets == 32 && plan.payloadBytes == 1024)
        #expect(plan.targets.map(\.description) == ["ws://127.0.0.1:3000/ws"] && !plan.requestsUseHTTP)
        let other = try Self.plan(
            "lockers --namespaces /ws/a,/ws/b --rooms 3 --in-rooms 25% --to-rooms 75% --typed 10% --moves 5%")
        load = TopicLoad(.lockers)
        (load.namespaces, load.rooms, load.roomRatio, load.roomCastRatio) = (["/ws/a", "/ws/b"], 3, 0.25, 0.75)
        (load.typedRatio, load.moveRatio) = (0.1, 0.05)
        #expect(other.workload == .topics(load) && other.payloadBytes == 200 && other.requestsUseHTTP)
        #expect(try Self.plan("lockers --moves 5%").workload.operations.contains("move"))
    }

    @Test(arguments: [
        ("fanout --away 1s", "--away 1s: nobody is cut off"), ("fanout --recover --away 4s", "--away 4s: all must be"),
        ("fanout --channels 3 --join 5", "--join 5: there are fewer channels"),
        ("lockers --rooms 0 --moves 5%", "--moves 5%: with --rooms 0"),
        ("lockers --rooms 0 --in-rooms 10%", "--in-rooms 10%: with --rooms 0"),
        ("lockers --rooms 0 --to-rooms 10%", "--to-rooms 10%: with --rooms 0"),
        ("lockers --in-rooms 100% --moves 20%", "--moves 20%: with --in-rooms 100%"),
        ("lockers --typed 100% --to-rooms 0% --size 4KiB", "--size 4KiB: typed events"),
        ("lockers --namespaces ws", "--namespaces ws: write paths"),
        ("lockers --sessions 5 --vs :1/", "--sessions 5: with"),
        ("fanout --no-check", "unknown option --no-check"), ("lockers --via socket", "unknown option --via"),
    ])
    func `topics that cannot be had are refused`(line: String, message: String) {
        let error = #expect(throws: CommandError.self) { try Self.plan(line) }
        #expect(error?.status == .usage && error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func `the options of boards reach the load, and both rates the arrivals`() throws {
        let line = "board -c 20 --rooms 4 --shapes 7 --cursor-rate 2.5 --change-rate 0.5 --mode v2 --threads 3"
        let plan = try Self.plan(line)
        var load = BoardLoad(.v2)
        (load.rooms, load.shapes, load.cursorRate, load.changeRate) = (4, 7, 2.5, 0.5)
        #expect(plan.workload == .board(load) && plan.arrival == .open(RateProfile(constant: 60)))
        #expect(plan.targets.map(\.description) == ["ws://127.0.0.1:8000/"])
        let usual = try Self.plan("board -c 50")
        #expect(usual.workload == .board(BoardLoad(.seed)) && usual.arrival == .open(RateProfile(constant: 1550)))
        guard case .board(let secret) = try Self.plan("board", environment: ["JWT_SECRET": "abc"]).workload else {
            return
        }
        #expect(secret.secret == Array("abc".utf8))
    }

    @Test func `both modes are runs of the same load`() throws {
        let invocation = try Self.invocation("bench board -c 5 --mode both --runs 2 --seed 3")
        let plan = try BenchPlan.make(invocation)
        guard case .modes(let plans, let rounds) = try BenchSeries.make(invocation, plan) else {
            Issue.record("there are not both modes")
            return
        }
        #expect(rounds == 2 && plans.map(\.workload) == [.board(BoardLoad(.seed)), .board(BoardLoad(.v2))])
        #expect(plans.allSatisfy { $0.arrival == plan.arrival && $0.seed == 3 })
    }

    @Test(arguments: [
        ("board --cursor-rate 0 --change-rate 0", "members who neither move nor change"),
        ("board -c 3 --rooms 4", "--rooms 4: there are 3 members"),
        ("board --threads 2", "each of 2 threads needs a room"),
        ("board -c 20 --rooms 2 --shapes 9", "--shapes 9: each member changes shapes of its own; use --shapes 10"),
        ("board -c 1000", "each member changes shapes of its own; use --shapes 1000"),
        ("board --mode both --vs :1/", "--mode both: with --vs"), ("board -R 5", "unknown option -R"),
    ])
    func `boards that cannot be had are refused`(line: String, message: String) {
        let error = #expect(throws: CommandError.self) { try Self.plan(line) }
        #expect(error?.status == .usage && error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func `every option reaches the plan`() throws {
        let plan = try Self.plan(
            """
            echo :1/a wss://host/b -c 1k -R 50k -d 30s --warm-up 0 --jitter 10% -s 4KiB --connect-rate 5k \
            --bind 127.0.0.2,127.0.0.3 --threads 2 --processes 3 --no-check --no-spin --seed 7 --timeout 3s --compress \
            -H X-Key:value --cacert ca --cert c --key k -k
            """)
        #expect(plan.targets.map(\.description) == ["ws://localhost:1/a", "wss://host/b"])
        #expect(plan.connections == 1000)
        #expect(plan.arrival == .open(RateProfile(constant: 50_000)))
        #expect(plan.duration == .seconds(30) && plan.warmUp == .zero && plan.timeout == .seconds(3))
        #expect(plan.jitter == 0.1 && plan.payloadBytes == 4096 && plan.connectRate == 5000)
        #expect(plan.sources == ["127.0.0.2", "127.0.0.3"])
        #expect(plan.threads == 2 && plan.processes == 3 && plan.workers == 6)
        #expect(!plan.isChecking && !plan.isSpinning && plan.offersCompression && plan.seed == 7)
        #expect(plan.headers == [HeaderField(name: "X-Key", value: "value")])
        #expect(plan.security.authoritiesPath == "ca" && plan.security.isVerificationOff)
        #expect(plan.security.certificatePath == "c" && plan.security.keyPath == "k")
    }

    @Test func `options may stand before the workload, and variables may give them`() throws {
        #expect(try Self.plan("-c 5 echo").connections == 5)
        #expect(try Self.plan("echo", environment: ["SESSIONCTL_BENCH_CONNECTIONS": "6"]).connections == 6)
        #expect(try Self.plan("echo -c 7", environment: ["SESSIONCTL_BENCH_CONNECTIONS": "6"]).connections == 7)
    }

    @Test func `heartbeats set the rate by their distance`() throws {
        let plan = try Self.plan("heartbeat -c 3k --every 15s")
        #expect(plan.arrival == .open(RateProfile(constant: 200)))
    }

    @Test func `a storm and slow readers have numbers of their own`() throws {
        #expect(try Self.plan("storm --drop-at 3s").workload == .storm(dropAt: .seconds(3)))
        let readers = SlowReaders(fraction: 0.2, bytesPerSecond: 2048)
        #expect(try Self.plan("slow --slow 20% --read-rate 2KiB").workload == .slow(readers))
    }

    @Test func `a search has shorter runs unless told otherwise`() throws {
        let plan = try Self.plan("echo --find-max p99<10ms")
        #expect(plan.duration == .seconds(5) && plan.warmUp == .seconds(1))
        #expect(plan.arrival == .open(RateProfile(constant: 1000)))
        #expect(try Self.plan("echo --find-max p99<10ms -d 1s --warm-up 0").duration == .seconds(1))
    }

    @Test func `stages are lines between points`() throws {
        let plan = try Self.plan("echo --stages 0s:1k,30s:20k,60s:20k")
        let stages = [
            RateProfile.Stage(duration: .seconds(30), from: 1000, to: 20_000),
            RateProfile.Stage(duration: .seconds(30), from: 20_000, to: 20_000),
        ]
        #expect(plan.arrival == .open(RateProfile(stages: stages)))
        #expect(try Self.plan("echo --stages 0s:500").arrival == .open(RateProfile(constant: 500)))
    }

    @Test(arguments: ["1s:1k", "0s:1k,0s:2k", "0s:1k,5s:2k,3s:1k", "0s", "0s:1k,", "0s:1k:2", "0s:0", "0:x", "x:1"])
    func `points that make no line are refused`(stages: String) {
        #expect(throws: CommandError.self) { try Self.plan("echo --stages \(stages)") }
    }

    @Test(arguments: [
        ("echo -R 5 --depth 2", "--depth 2: with a rate requests leave by the clock"),
        ("echo -R 5 --stages 0s:5", "--stages 0s:5: --rate says another rate"),
        ("heartbeat -R 5 --every 5s", "--every 5s: it sets the rate"),
        ("echo --jitter 10%", "--jitter 10%: it moves planned arrivals"),
        ("echo --find-max p99<1s --stages 0s:5", "--find-max p99<1s: it chooses the rate itself"),
        ("echo --find-max p99<1s --runs 5", "--find-max p99<1s: it makes runs of its own"),
        ("echo --find-max p99<1s --depth 5", "--depth 5: with a rate"),
        ("storm --drop-at 10s", "--drop-at 10s: the measured part is over by then"),
        ("echo -c 3 --threads 4", "-c 3: each of 4 threads needs a connection"),
        ("echo --bind here", "--bind here: write addresses such as 127.0.0.2"),
        ("echo --json --csv -", "--csv - and --json all write standard output"),
        ("echo ftp://host/", "ftp://host/ is no URL to connect to"),
        ("echo ws://user:secret@host/", "ws://…@host/ is no URL to connect to"),
        ("echo user:secret@host/?token=x", "…@host/ is no URL to connect to"),
        ("-R 5 echo", "-R stands behind the command that has it, as in 'sessionctl bench echo -R'"),
        ("echo --rat 5", "unknown option --rat; did you mean --rate?"),
        ("idle --depth 2", "unknown option --depth"),
        ("ehco", "'bench' has no command 'ehco'; did you mean 'echo'?"),
    ])
    func `what contradicts itself is refused with the reason`(line: String, message: String) {
        let error = #expect(throws: CommandError.self) { try Self.plan(line) }
        #expect(error?.status == .usage)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func `an option that the workload does not have is refused before its name, too`() {
        let run = InProcess("bench", "-c", "5", "merge", "file")
        #expect(run.status == .usage)
        #expect(run.errors == "sessionctl bench: -c: 'bench merge' has no such option; leave it out\n")
    }

    @Test func `an expression that cannot be read is a usage error`() {
        for option in ["--assert", "--find-max"] {
            let run = InProcess("bench", "echo", "127.0.0.1:1", option, "p99<<5")
            #expect(run.status == .usage, "\(run.errors)")
        }
    }

    @Test func `a scenario that is not there or not one has its own status`() {
        #expect(InProcess("bench", "mix", "/nowhere/scenario.json").status == .noInput)
        #expect(InProcess("bench", "mix", "/dev/null").status == .badData)
    }
}
