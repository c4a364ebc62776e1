import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct BoardLoadTests {
    private static let modes = BoardLoad.Mode.allCases

    /// How long a run waits for what its server never sends; all others end once everything is there.
    private static let lossPatience = Duration.seconds(3)

    private func plan(
        _ server: ScriptedBoard, _ load: BoardLoad, members: Int = 4, timeout: Duration = .seconds(30)
    ) -> LoadPlan {
        var plan = LoadPlan(targets: [server.endpoint], workload: .board(load))
        plan.connections = members
        plan.arrival = .open(RateProfile(constant: Double(members) * load.memberRate))
        plan.duration = .milliseconds(500)
        plan.warmUp = .zero
        plan.timeout = timeout
        plan.isSpinning = false
        plan.seed = 7
        return plan
    }

    private func load(_ mode: BoardLoad.Mode) -> BoardLoad {
        var load = BoardLoad(mode)
        (load.shapes, load.cursorRate, load.changeRate) = (10, 80, 20)
        return load
    }

    /// Makes a run on a server that does what a test wants.
    private func run(
        _ load: BoardLoad, _ mischief: ScriptedBoard.Mischief = ScriptedBoard.Mischief(), members: Int = 4,
        timeout: Duration = .seconds(30)
    ) throws -> (run: LoadRun, plan: LoadPlan, server: ScriptedBoard) {
        let server = try ScriptedBoard(mischief)
        defer { server.stop() }
        let plan = plan(server, load, members: members, timeout: timeout)
        return (try LoadRun(plan), plan, server)
    }

    private func times(_ name: String, _ total: Interval) -> HdrHistogram? {
        total.operations.first { $0.name == name }?.response
    }

    // MARK: What is right

    @Test(arguments: modes)
    func `each change reaches every member, and all boards are as they were written`(mode: BoardLoad.Mode) throws {
        let (run, plan, server) = try run(load(mode))
        let total = run.total
        #expect(total.counts.sent == 200 && total.counts.received == 200 && total.counts.errors == 0, "\(total.counts)")
        #expect(total.counts.delivered == 40 * 4)
        #expect(times("author", total)?.count == 40 && times("last", total)?.count == 40)
        #expect(times("ack", total)?.count == (mode == .v2 ? 40 : nil))
        #expect(total.response.count == 40)
        // Nobody waits less for the last member than for the author.
        #expect((times("last", total)?.maximum ?? 0) >= (times("author", total)?.maximum ?? 1))
        let board = total.board
        #expect(board.moves + board.conflatedMoves == 160 * 3)
        #expect(board.compared == 4 && board.missing + board.extra + board.different + board.gaps == 0)
        #expect(mode == .seed ? board.patches == 0 && board.snapshots > 0 : board.patches > 0 && board.snapshots == 0)
        #expect(Set(server.handshakes).count == 4 && server.handshakes.allSatisfy { $0.hasPrefix("/?userId=bench-") })
        #expect(Set(server.handshakes.map { $0.split(separator: "&")[1] }).count == 1)
        let findings = RunFindings.all(in: total, of: plan)
        #expect(findings.first { $0.name == "member_bytes" }.map { $0.value > 0 } == true)
        #expect(findings.first { $0.name == "different" }?.value == 0)
    }

    @Test(arguments: modes)
    func `each room has members and shapes of its own`(mode: BoardLoad.Mode) throws {
        var load = load(mode)
        load.rooms = 3
        let (run, _, server) = try run(load, members: 7)
        #expect(run.total.counts.sent == 350 && run.total.counts.received == 350 && run.total.counts.errors == 0)
        #expect(run.total.board.compared == 7 && run.total.board.different == 0)
        // Rooms of three, two and two members: each of 70 changes is seen by all members of its room.
        #expect(run.total.counts.delivered == 30 * 3 + 20 * 2 + 20 * 2)
        #expect(Set(server.handshakes.map { $0.split(separator: "&")[1] }).count == 3)
    }

    @Test(arguments: modes)
    func `workers have rooms of their own`(mode: BoardLoad.Mode) throws {
        let server = try ScriptedBoard()
        defer { server.stop() }
        var load = load(mode)
        load.rooms = 2
        var plan = plan(server, load)
        plan.threads = 2
        for index in 0..<2 {
            let total = try LoadRun(plan, index: index).total
            #expect(total.counts.received == 100 && total.counts.errors == 0)
            #expect(total.board.compared == 2 && total.counts.delivered == 40)
        }
        #expect(Set(server.handshakes.map { $0.split(separator: "&")[1] }).count == 2)
    }

    @Test(arguments: modes)
    func `what a later value replaced is conflated and not lost`(mode: BoardLoad.Mode) throws {
        var load = load(mode)
        (load.shapes, load.changeRate) = (4, 80)
        var mischief = ScriptedBoard.Mischief()
        mischief.interval = .milliseconds(100)
        let total = try run(load, mischief).run.total
        #expect(total.counts.received == 320 && total.counts.errors == 0)
        #expect(total.counts.delivered == 160 * 4)
        #expect(total.board.conflatedChanges > 300 && total.board.conflatedMoves > 200)
        #expect(total.board.different == 0 && total.board.compared == 4)
    }

    @Test func `a member alone in its room waits for nobody`() throws {
        let total = try run(load(.seed), members: 1).run.total
        #expect(total.counts.received == 50 && total.counts.errors == 0 && times("last", total)?.count == 10)
    }

    @Test(arguments: modes)
    func `members may only move, or only change`(mode: BoardLoad.Mode) throws {
        var moving = load(mode)
        (moving.changeRate, moving.shapes) = (0, 0)
        let moved = try run(moving).run.total
        #expect(moved.counts.received == 160 && moved.counts.errors == 0 && moved.response.count == 0)
        var changing = load(mode)
        changing.cursorRate = 0
        let changed = try run(changing).run.total
        #expect(changed.counts.received == 40 && changed.counts.errors == 0 && changed.board.compared == 4)
    }

    @Test func `a secret makes a token for each member`() throws {
        var load = load(.seed)
        load.secret = Array("a-secret-that-is-long-enough-for-tokens".utf8)
        let (_, _, server) = try run(load)
        #expect(server.handshakes.count == 4 && server.handshakes.allSatisfy { $0.hasPrefix("/?token=") })
        let payload = try #require(server.handshakes.first?.split(separator: ".").dropFirst().first)
        let decoded = Base64URL.decode(Array(payload.utf8).span)
        let bytes = try #require(decoded)
        let claims = try JSONValue.parse(bytes.span)
        #expect(claims["sub"]?.string?.hasPrefix("bench-") == true)
        #expect(claims["roomId"]?.string?.hasPrefix("bench-") == true)
        #expect(claims["exp"]?.integer != nil)
    }

    // MARK: What is wrong

    @Test func `a change that one member is never shown is lost, and its board is another one`() throws {
        var mischief = ScriptedBoard.Mischief()
        // The last change of its shape: nothing behind it shows it.
        mischief.hides = { $0 == 39 }
        let total = try run(load(.seed), mischief, timeout: Self.lossPatience).run.total
        #expect(total.counts.lost == 1 && total.counts.undelivered == 1 && total.counts.delivered == 159)
        #expect(total.board.different == 1 && total.board.missing == 0 && total.board.compared == 4)
        #expect(total.counts.faults == ["another board at the end": 1])
        #expect(times("last", total)?.count == 39)
    }

    @Test func `a patch that one member never gets is lost, missed and seen in its versions`() throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.hides = { $0 == 35 }
        var load = load(.v2)
        // No shape is changed twice, so that nothing behind a change shows it.
        load.shapes = 40
        let total = try run(load, mischief, timeout: Self.lossPatience).run.total
        #expect(total.counts.lost == 1 && total.counts.undelivered >= 1, "\(total.counts)")
        #expect(total.board.gaps == 1)
        #expect(total.counts.faults["a version is missing"] == 1)
        #expect(total.counts.faults["patches that make another board"] == 1)
    }

    @Test(arguments: modes)
    func `boards that lack shapes, or have others, are found at the end`(mode: BoardLoad.Mode) throws {
        typealias Counts = (missing: UInt64, extra: UInt64, different: UInt64)
        let cases: [(ScriptedBoard.Mischief.Spoiling, Counts)] = [
            (.missing, (1, 0, 0)), (.extra, (0, 1, 0)), (.different, (0, 0, 1)), (.disordered, (0, 0, 1)),
        ]
        for (spoiling, counts) in cases {
            var mischief = ScriptedBoard.Mischief()
            mischief.spoiling = spoiling
            // Whoever lacks a shape sees no change of it either.
            let total = try run(load(mode), mischief, timeout: Self.lossPatience).run.total
            let board = total.board
            #expect(board.missing == counts.missing && board.extra == counts.extra, "\(spoiling)")
            #expect(board.different == counts.different, "\(spoiling)")
            #expect(total.counts.faults["another board at the end"] == 1, "\(spoiling)")
            #expect(board.compared == 4)
        }
    }

    @Test func `a refused change is a wrong answer, and nobody is owed it`() throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.refuses = { $0 % 4 == 0 }
        let total = try run(load(.v2), mischief).run.total
        #expect(total.counts.faults["STORE_UNAVAILABLE"] == 10)
        #expect(total.counts.delivered == 30 * 4 && total.counts.undelivered == 0 && total.counts.lost == 0)
    }

    @Test func `what seed mode refuses in silence is lost`() throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.refuses = { $0 == 39 }
        let total = try run(load(.seed), mischief, timeout: Self.lossPatience).run.total
        #expect(total.counts.lost == 1 && total.counts.undelivered == 4 && total.board.different == 4)
    }

    @Test func `a change that is never acknowledged is lost though all have seen it`() throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.isSilent = { $0 % 4 == 0 }
        let total = try run(load(.v2), mischief, timeout: Self.lossPatience).run.total
        #expect(total.counts.lost == 10 && total.counts.undelivered == 0 && total.counts.received == 190)
        #expect(times("last", total)?.count == 40 && times("ack", total)?.count == 30 && total.board.different == 0)
    }

    @Test(arguments: modes)
    func `a member that is cut off is a lost connection, and the others go on`(mode: BoardLoad.Mode) throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.cutsAt = 20
        let total = try run(load(mode), mischief).run.total
        #expect(total.counts.ends.filter { $0.key != "1000" }.values.reduce(0, +) == 1)
        #expect(total.board.compared == 3 && total.board.different == 0)
        #expect(total.counts.lost == 0 && total.counts.delivered < 160)
    }

    // MARK: Openings

    @Test func `members that are refused end the run before the load`() throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.refusesMembers = true
        let failure = try run(load(.v2), mischief).run.failure
        #expect(failure?.status == 77)
        #expect(failure?.sentence.contains("the server refused a member: FORBIDDEN") == true)
    }

    @Test(arguments: modes)
    func `rooms with shapes of others are of no use`(mode: BoardLoad.Mode) throws {
        var mischief = ScriptedBoard.Mischief()
        mischief.hasStranger = true
        let failure = try run(load(mode), mischief).run.failure
        #expect(failure?.status == 77 && failure?.sentence.contains("shapes of others") == true)
    }
}
