import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Who comes and goes, and what they are told (PROTOCOLS 3-1, 3-2, 3-5, 3-6).
@Suite struct BoardJoiningTests {
    @Test func `a joiner of the seed gets the board at once, and so do the others`() {
        var fixture = BoardFixture()
        let first = fixture.open("user123")
        #expect(fixture.take(first) == [.board(BoardState(users: ["user123"]))])
        fixture.advance(.milliseconds(16))
        let second = fixture.open("user456")
        let board = BoardServerMessage.board(BoardState(users: ["user123", "user456"]))
        #expect(fixture.take(first) == [board])
        #expect(fixture.take(second) == [board])
        #expect(fixture.policies == [.conflate(key: 0)])
    }

    @Test func `who comes within 16 ms of a broadcast waits for the next one`() {
        var fixture = BoardFixture()
        let first = fixture.open("u1")
        _ = fixture.take(first)
        let second = fixture.open("u2")
        #expect(fixture.take(second) == [])
        fixture.advance(.milliseconds(15))
        #expect(fixture.take(second) == [])
        fixture.advance(.milliseconds(1))
        #expect(fixture.take(second) == [.board(BoardState(users: ["u1", "u2"]))])
        #expect(fixture.take(first).count == 1)
    }

    @Test func `a joiner of the second version gets a snapshot, the others a patch`() throws {
        var fixture = BoardFixture()
        let first = fixture.open("u1", v2: true)
        guard case .snapshot(let snapshot)? = fixture.take(first).first else {
            Issue.record("no snapshot")
            return
        }
        #expect(snapshot.room == "r" && snapshot.you == "u1" && snapshot.version == 1 && !snapshot.epoch.isEmpty)
        #expect(snapshot.state == BoardState(users: ["u1"]))
        fixture.advance(.milliseconds(20))
        let second = fixture.open("u2", v2: true)
        #expect(fixture.take(first) == [.patch(BoardPatch(version: 2, joined: ["u2"]))])
        #expect(fixture.policies == [.skip])
        #expect(fixture.replica(second).version == 2 && fixture.replica(second).users == ["u1", "u2"])
        fixture.advance(.milliseconds(20))
        fixture.close(first)
        fixture.advance(.milliseconds(20))
        #expect(fixture.take(second).last == .patch(BoardPatch(version: 3, left: ["u1"])))
    }

    @Test func `rooms are mixed, and rooms are apart`() {
        var fixture = BoardFixture()
        let seed = fixture.join("u1")
        let extended = fixture.join("u2", v2: true)
        let elsewhere = fixture.join("u3", room: "other")
        _ = fixture.take(seed)
        fixture.say(.rectangle("x"), on: extended)
        fixture.advance(.milliseconds(20))
        #expect(fixture.texts(seed) == ["x"] && fixture.texts(extended) == ["x"])
        #expect(fixture.take(elsewhere) == [])
        #expect(fixture.members[extended]?.gaps == 0)
    }

    @Test func `a user with several tabs is one user, and leaves with the last of them`() {
        var fixture = BoardFixture()
        let watcher = fixture.join("w", v2: true)
        let tab = fixture.join("u1")
        let otherTab = fixture.join("u1", v2: true)
        #expect(fixture.replica(watcher).users == ["w", "u1"])
        #expect(fixture.replica(tab).users == ["w", "u1"])
        fixture.close(tab)
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(watcher).users == ["w", "u1"])
        fixture.close(otherTab)
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(watcher).users == ["w"])
    }

    @Test func `the latest tab decides where a user's cursor is`() {
        var fixture = BoardFixture()
        let tab = fixture.join("u1")
        let otherTab = fixture.join("u1", v2: true)
        fixture.say(.cursorMove(x: 1, y: 1), on: tab)
        fixture.say(.cursorMove(x: 2, y: 3), on: otherTab)
        fixture.advance(.milliseconds(60))
        #expect(
            fixture.replica(tab).cursors == [
                BoardCursor(user: "u1", x: 2, y: 3, timestamp: fixture.replica(tab).cursors[0].timestamp)
            ])
        #expect(fixture.replica(otherTab).cursors == [BoardCursor(user: "u1", x: 2, y: 3)])
    }

    @Test func `who leaves and comes again before anybody is told comes last`() {
        var fixture = BoardFixture()
        let watcher = fixture.join("w", v2: true)
        let first = fixture.join("u1")
        _ = fixture.join("u2")
        fixture.say(.cursorMove(x: 1, y: 1), on: first)
        fixture.advance(.milliseconds(60))
        _ = fixture.take(watcher)
        _ = fixture.open("u3")
        fixture.close(first)
        let again = fixture.open("u1")
        fixture.advance(.milliseconds(20))
        #expect(fixture.replica(watcher).users == ["w", "u2", "u3", "u1"])
        #expect(fixture.replica(again).users == ["w", "u2", "u3", "u1"])
        #expect(fixture.replica(watcher).cursors == [])
    }

    @Test func `who comes and goes between two broadcasts was never there`() {
        var fixture = BoardFixture()
        let watcher = fixture.join("w", v2: true)
        let other = fixture.open("u1", v2: true)
        _ = fixture.take(watcher)
        fixture.close(fixture.open("u2"))
        fixture.advance(.milliseconds(100))
        #expect(fixture.take(watcher) == [])
        #expect(fixture.replica(other).users == ["w", "u1"])
    }

    @Test func `a room is forgotten with its last member, and comes back in another epoch`() {
        var fixture = BoardFixture()
        let first = fixture.join(v2: true)
        let epoch = fixture.replica(first).epoch
        fixture.close(first)
        #expect(fixture.machine.roomCount == 0)
        let second = fixture.join(v2: true)
        #expect(fixture.replica(second).epoch != epoch)
    }

    @Test func `a connection moves to the loop that owns its room, and goes on there`() {
        let room = (0..<100).map { "room\($0)" }.first { room in
            var configuration = BoardConfiguration()
            (configuration.shardCount, configuration.hash) = (3, SipHash(key0: 3, key1: 4))
            return configuration.shard(ofRoom: room) == 2
        }
        var home = BoardFixture { ($0.shard, $0.shardCount) = (2, 3) }
        var door = BoardFixture { ($0.shard, $0.shardCount) = (0, 3) }
        let id = door.open("u1", room: room ?? "", v2: true)
        #expect(door.moves[id] == 2)
        var passenger: BoardMachine.Passenger?
        door.change { passenger = $0.depart(id) }
        guard let passenger else { return }
        #expect(passenger.identity?.user == "u1")
        home.expect(id)
        home.perform { $0.arrive(id, passenger, at: $1, effects: &$2) }
        #expect(home.replica(id).users == ["u1"])
        #expect(door.machine.statistics(at: door.moment).connections == 0)
    }

    @Test func `who drains catches up with one snapshot, however much it missed`() throws {
        var fixture = BoardFixture()
        let slow = fixture.join("slow", v2: true)
        let quick = fixture.join("quick", v2: true)
        let group = try #require(fixture.groups(of: slow).first)
        fixture.goDeaf(slow)
        for text in ["a", "b", "c"] { try fixture.draw(text, on: quick) }
        _ = fixture.take(slow)
        fixture.hearAgain(slow, in: group)
        fixture.drained(slow)
        #expect(fixture.take(slow).map(\.kind) == [.snapshot])
        #expect(fixture.texts(slow) == ["a", "b", "c"])
        #expect(fixture.machine.counters.caughtUp == 1)
    }

    @Test(arguments: [false, true])
    func `of many who come at once so many are told the board that memory is bounded`(areOneUser: Bool) throws {
        var fixture = BoardFixture { $0.catchUpBytesMax = 5_000 }
        let drawer = fixture.join("drawer", v2: true)
        try fixture.draw(String(repeating: "x", count: 2_000), on: drawer)
        // The first one comes at once, the others with the next broadcast.
        let tabs = (0..<10).map { fixture.open(areOneUser ? "u" : "u\($0)", v2: true) }
        fixture.advance(.milliseconds(16))
        #expect(fixture.replica(drawer).users.count == (areOneUser ? 2 : 11))
        let early = tabs.filter { !fixture.replica($0).shapes.isEmpty }
        #expect(early == Array(tabs.prefix(4)))
        for tab in tabs { fixture.say(.cursorMove(x: 1, y: 1), on: tab) }
        #expect(tabs.allSatisfy { fixture.isPaused($0) == !early.contains($0) })
        fixture.say(.rectangle("more"), on: drawer)
        fixture.advance(.milliseconds(200))
        for tab in tabs {
            #expect(fixture.replica(tab).shapes == fixture.replica(drawer).shapes && !fixture.isPaused(tab))
            #expect(fixture.take(tab).count { $0.kind == .snapshot } == 1 && fixture.members[tab]?.gaps == 0)
        }
    }

    @Test func `of many who drain at once so many are told the board that memory is bounded`() throws {
        var fixture = BoardFixture { $0.catchUpBytesMax = 5_000 }
        let drawer = fixture.join("drawer", v2: true)
        let slow = (0..<10).map { fixture.join("u\($0)", v2: true) }
        let group = try #require(fixture.groups(of: drawer).first)
        for id in slow { fixture.goDeaf(id) }
        try fixture.draw(String(repeating: "x", count: 2_000), on: drawer)
        for id in slow {
            fixture.hearAgain(id, in: group)
            fixture.drained(id)
        }
        #expect(slow.filter { !fixture.texts($0).isEmpty } == [slow[0]])
        fixture.advance(.milliseconds(16))
        #expect(slow.filter { !fixture.texts($0).isEmpty } == Array(slow.prefix(4)))
        fixture.advance(.milliseconds(200))
        #expect(slow.allSatisfy { fixture.replica($0).shapes == fixture.replica(drawer).shapes })
    }

    @Test func `who drains while a batch is being written gets the snapshot behind it, and no gap`() throws {
        var fixture = BoardFixture()
        let slow = fixture.join("slow", v2: true)
        let quick = fixture.join("quick", v2: true)
        let group = try #require(fixture.groups(of: slow).first)
        fixture.goDeaf(slow)
        try fixture.draw("a", on: quick)
        _ = fixture.take(slow)
        fixture.answersStore = false
        fixture.say(.rectangle("b"), on: quick)
        fixture.hearAgain(slow, in: group)
        fixture.drained(slow)
        #expect(fixture.take(slow) == [])
        fixture.answerStore()
        #expect(fixture.texts(slow) == ["a", "b"])
        fixture.answersStore = true
        try fixture.draw("c", on: quick)
        #expect(fixture.texts(slow) == ["a", "b", "c"])
        #expect(fixture.members[slow]?.gaps == 0)
    }
}
