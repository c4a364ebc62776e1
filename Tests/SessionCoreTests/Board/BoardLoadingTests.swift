import SessionBase
import SessionCodec
import SessionCore
import Testing

/// A room comes into memory (PROTOCOLS 3-19, 3-21).
@Suite struct BoardLoadingTests {
    private static func withBackend(_ configure: (inout BoardConfiguration) -> Void = { _ in }) -> BoardFixture {
        BoardFixture { configuration in
            configuration.hasBackend = true
            configure(&configuration)
        }
    }

    private static let board = Array(
        #"{"shapes":[{"id":"x","type":"line","text":"old"}],"version":17}"#.utf8)

    @Test func `a room begins with what the backend has, and its version`() {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Self.board
        let id = fixture.join(v2: true)
        #expect(fixture.texts(id) == ["old"] && fixture.replica(id).version == 18)
        #expect(fixture.machine.isSettled)
    }

    @Test func `a bare array is a board too`() {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Array(#"[{"id":"x","type":"line","text":"old"}]"#.utf8)
        let newcomer = fixture.join(v2: true)
        #expect(fixture.texts(newcomer) == ["old"])
    }

    @Test func `who comes while the board is loaded comes in with it, and may say something before that is heard then`()
        throws
    {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Self.board
        fixture.answersBackend = false
        let first = fixture.open("u1")
        let second = fixture.open("u2", v2: true)
        // Both are read, so that a Ping is answered; the first message is the last that is read.
        #expect(!fixture.isPaused(first) && !fixture.isPaused(second) && fixture.take(first) == [])
        for tag in ["one", "two"] { fixture.say(.rectangle(tag), id: tag, on: second) }
        #expect(!fixture.isPaused(first) && fixture.isPaused(second) && fixture.takeTagged(second).isEmpty)
        #expect(fixture.openBackendCalls == 1)
        fixture.answerOneBackendCall()
        fixture.answerStore()
        #expect(!fixture.isPaused(first) && !fixture.isPaused(second))
        #expect(fixture.texts(second) == ["old"] && fixture.replica(first).users == ["u1", "u2"])
        fixture.advance(.milliseconds(32))
        #expect(fixture.texts(first) == ["old", "one", "two"] && fixture.texts(second) == ["old", "one", "two"])
        let acknowledged = fixture.takeTagged(second).filter { $0.message.kind == .ack }.map(\.tag)
        #expect(acknowledged == [.text("one"), .text("two")])
    }

    @Test func `what somebody said who left before the board was there is not heard`() {
        var fixture = Self.withBackend()
        fixture.answersBackend = false
        let first = fixture.open("u1", v2: true)
        let second = fixture.open("u2", v2: true)
        for id in [first, second] { fixture.say(.rectangle("early"), on: id) }
        fixture.close(second)
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        fixture.advance(.milliseconds(100))
        #expect(fixture.replica(first).shapes.map(\.user) == ["u1"])
    }

    @Test func `a failed load is tried again three times, then those who wait are sent away`() {
        var fixture = Self.withBackend()
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 4)
        let id = fixture.open()
        fixture.advance(.milliseconds(4_199))
        #expect(fixture.backendRequests.count == 3 && fixture.closeCode(id) == nil)
        fixture.advance(.milliseconds(1))
        #expect(fixture.backendRequests.count == 4 && fixture.closeCode(id) == .backendUnavailable)
        #expect(fixture.machine.roomCount == 0 && fixture.machine.counters.loadFailures == 1)
        fixture.backend["r"] = Self.board
        let newcomer = fixture.join(v2: true)
        #expect(fixture.texts(newcomer) == ["old"])
    }

    @Test func `a load that works in the end lets everybody in`() {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Self.board
        fixture.backendReplies = [.unavailable("slow"), .refused(status: 429)]
        let id = fixture.open(v2: true)
        fixture.advance(.milliseconds(1_200))
        #expect(fixture.texts(id) == ["old"] && !fixture.isPaused(id))
    }

    @Test(arguments: [
        "{", "7", #"{"shapes":7}"#, #"{"shapes":[{"id":1}]}"#, #"{"error":"oops"}"#,
        #"{"shapes":[],"version":9223372036854775807}"#,
    ])
    func `a board that cannot be read is a failure and never an empty board`(body: String) {
        var fixture = Self.withBackend()
        fixture.backend["r"] = Array(body.utf8)
        let id = fixture.open()
        fixture.advance(.seconds(10))
        #expect(fixture.closeCode(id) == .backendUnavailable)
        #expect(fixture.backend["r"] == Array(body.utf8), "nothing is stored that was not loaded")
    }

    @Test func `a record of the journal that cannot be read is a failure too`() {
        var fixture = BoardFixture()
        let write = DocumentWrite(
            key: DocumentKey(.boardChanges, "r 0000000000000001"), expecting: .absence, version: 1,
            body: Array("{}".utf8), owner: "r")
        _ = fixture.store.handle(.write(write), at: fixture.moment.timestamp)
        let id = fixture.open()
        fixture.advance(.seconds(10))
        #expect(fixture.closeCode(id) == .backendUnavailable)
        #expect(fixture.machine.roomCount == 0)
    }

    @Test func `all waiting members leave while a load fails, and the room is forgotten`() {
        var fixture = Self.withBackend()
        fixture.backendReplies = [.unavailable("down")]
        let id = fixture.open()
        fixture.close(id)
        #expect(fixture.machine.roomCount == 0 && fixture.machine.deadline == nil)
    }

    @Test func `nobody is there any more when the board comes`() {
        var fixture = Self.withBackend()
        fixture.answersBackend = false
        fixture.close(fixture.open())
        #expect(fixture.machine.roomCount == 1)
        fixture.answersBackend = true
        fixture.perform { $0.tick(at: $1, effects: &$2) }
        #expect(fixture.machine.roomCount == 0)
    }

    @Test func `a long journal is read page by page`() throws {
        var fixture = BoardFixture()
        let id = fixture.join(v2: true)
        for number in 0..<95 {
            fixture.say(.rectangle("\(number)"), on: id)
            fixture.advance(.milliseconds(17))
        }
        var journaled = fixture.restarted()
        journaled.isStoreUp = false
        var copy = fixture
        copy.answersStore = false
        copy.advance(.seconds(3))
        for number in 95..<250 {
            copy.answersStore = true
            copy.say(.rectangle("\(number)"), on: id)
            copy.advance(.milliseconds(17))
        }
        var restarted = copy.restarted()
        let again = restarted.join("u2", v2: true)
        #expect(restarted.texts(again) == copy.texts(id))
    }

    @Test func `rooms beyond the limit are refused, rooms that are there are not`() {
        var fixture = BoardFixture { $0.maxRooms = 3 }
        let elsewhere = fixture.machine.roomTally.add()
        #expect(elsewhere)
        let first = fixture.join("u1", room: "a")
        let second = fixture.join("u1", room: "b")
        #expect(fixture.closeCode(first) == nil && fixture.closeCode(second) == nil)
        do {
            let id = fixture.open("u1", room: "c")
            #expect(fixture.closeCode(id) == .backendUnavailable)
        }
        do {
            let id = fixture.open("u2", room: "a")
            #expect(fixture.closeCode(id) == nil)
        }
        #expect(fixture.machine.counters.roomsRefused == 1)
        fixture.close(second)
        do {
            let id = fixture.open("u1", room: "c")
            #expect(fixture.closeCode(id) == nil)
        }
    }

    @Test func `loops that make rooms at the same time make no more than the limit together`() {
        var one = BoardFixture { $0.maxRooms = 1 }
        var other = BoardFixture { $0.maxRooms = 1 }
        other.change { $0.roomTally = one.machine.roomTally }
        let first = one.open(room: "a")
        let second = other.open(room: "b")
        #expect(one.closeCode(first) == nil && other.closeCode(second) == .backendUnavailable)
        one.close(first)
        let third = other.open(room: "b")
        #expect(other.closeCode(third) == nil && other.machine.roomTally.count == 1)
    }

    @Test func `a room from before is loaded again for ever, with longer and longer waits`() throws {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 20)
        var restarted = fixture.restarted()
        restarted.advance(.seconds(300))
        #expect(restarted.machine.roomCount == 1)
        restarted.advance(.seconds(600))
        #expect(restarted.machine.roomCount == 0)
        #expect(try restarted.stored()?.shapes.map(\.text) == ["a"])
    }

    /// Found by the simulation, seed 0x1a.
    @Test func `a room from before that somebody came to while it was looked for is stored though its load failed`()
        throws
    {
        var fixture = Self.withBackend()
        let id = fixture.join()
        try fixture.draw("a", on: id)
        var restarted = fixture
        restarted.answersStore = false
        restarted = restarted.restarted()
        let again = restarted.open()
        restarted.backendReplies = Array(repeating: .unavailable("down"), count: 4)
        restarted.answersStore = true
        restarted.perform { $0.tick(at: $1, effects: &$2) }
        restarted.advance(.seconds(5))
        #expect(restarted.closeCode(again) == .backendUnavailable)
        restarted.close(again)
        restarted.advance(.seconds(30))
        #expect(try restarted.stored()?.shapes.count == 1 && restarted.journal().isEmpty)
        #expect(restarted.machine.roomCount == 0)
    }

    private static func journaled(rooms: Int) -> BoardFixture {
        var fixture = withBackend()
        for number in 0..<rooms {
            let id = fixture.join(room: "room\(number)")
            fixture.say(.rectangle("\(number)"), on: id)
        }
        return fixture
    }

    @Test func `rooms from before that cannot be loaded do not keep others from it`() throws {
        var fixture = Self.journaled(rooms: 20)
        fixture.backendReplies = Array(repeating: .refused(status: 403), count: 1_000)
        var restarted = fixture.restarted()
        #expect(restarted.machine.roomCount == 16)
        restarted.advance(.seconds(30))
        #expect(restarted.machine.roomCount == 20)
        restarted.backendReplies = []
        restarted.advance(.seconds(60))
        #expect(restarted.machine.roomCount == 0)
        for number in 0..<20 { #expect(try restarted.stored("room\(number)")?.shapes.count == 1) }
    }

    @Test func `rooms from before that the backend does not take do not keep others from it`() throws {
        var fixture = Self.journaled(rooms: 20)
        fixture.answersBackend = false
        var restarted = fixture.restarted()
        for reply in [BackendReply.absent, .refused(status: 403)] {
            #expect(restarted.openBackendCalls == 16)
            restarted.backendReplies = Array(repeating: reply, count: 16)
            for _ in 0..<16 { restarted.answerOneBackendCall() }
            restarted.perform { $0.tick(at: $1, effects: &$2) }
        }
        restarted.answersBackend = true
        restarted.perform { $0.tick(at: $1, effects: &$2) }
        #expect(restarted.machine.roomCount == 16)
        restarted.advance(.seconds(30))
        #expect(restarted.machine.roomCount == 0)
    }

    /// A room of three shapes that the backend does not take, so that the embedded store keeps it whole.
    private static func kept(_ room: String = "r") throws -> BoardFixture {
        var fixture = withBackend { $0.journalRecordsMax = 1 }
        let id = fixture.join(room: room, v2: true)
        fixture.backendReplies = Array(repeating: .unavailable("down"), count: 1_000)
        for text in ["a", "b", "c"] { try fixture.draw(text, on: id) }
        fixture.advance(.seconds(15))
        #expect(try fixture.checkpoint(room)?.shapes.isEmpty == false)
        fixture.backendReplies = []
        return fixture
    }

    @Test func `a board that was loaded without the backend is stored with a version that it never had`() throws {
        var fixture = try Self.kept()
        // A store that was not heard of before the server was killed.
        fixture.backend["r"] = Array(#"{"shapes":[],"version":40}"#.utf8)
        fixture.backendReplies = [.unavailable("down")]
        let count = fixture.backendRequests.count
        var restarted = fixture.restarted()
        restarted.advance(.seconds(5))
        let versions = restarted.backendRequests.dropFirst(count).compactMap {
            if case .store(_, let version, _) = $0 { version } else { nil }
        }
        #expect(versions.count == 2 && versions.allSatisfy { $0 > 41 })
        #expect(try restarted.stored()?.shapes.map(\.text) == ["a", "b", "c"])
        #expect(try restarted.checkpoint() == nil && restarted.machine.roomCount == 0)
    }

    @Test(arguments: ["r", "r/\u{e9}", "r\u{600}"])
    func `what was kept for a backend goes there though nobody comes`(room: String) throws {
        var restarted = try Self.kept(room).restarted()
        restarted.advance(.seconds(5))
        #expect(try restarted.stored(room)?.shapes.map(\.text) == ["a", "b", "c"])
        #expect(try restarted.checkpoint(room) == nil && restarted.machine.roomCount == 0)
    }

    @Test func `what was kept for a backend is gone on from where there is none any more`() throws {
        var restarted = try Self.kept().restarted(hasBackend: false)
        restarted.advance(.seconds(5))
        let id = restarted.join(v2: true)
        #expect(restarted.texts(id) == ["a", "b", "c"])
        try restarted.draw("d", on: id)
        restarted.advance(.seconds(5))
        #expect(try restarted.checkpoint()?.shapes.map(\.text) == ["a", "b", "c", "d"])
    }

    @Test func `a board that was drawn without a backend does not replace the backend's`() throws {
        var fixture = BoardFixture()
        let id = fixture.join()
        try fixture.draw("own", on: id)
        fixture.advance(.seconds(5))
        fixture.backend["r"] = Self.board
        var restarted = fixture.restarted(hasBackend: true)
        restarted.advance(.seconds(5))
        #expect(restarted.backendRequests.isEmpty)
        let newcomer = restarted.join(v2: true)
        #expect(restarted.texts(newcomer) == ["old"])
        try restarted.draw("new", on: newcomer)
        restarted.advance(.seconds(5))
        #expect(try restarted.stored()?.shapes.map(\.text) == ["old", "new"])
        var again = restarted.restarted(hasBackend: false)
        let last = again.join(v2: true)
        #expect(again.texts(last) == ["own"])
    }

    @Test func `a board that was drawn without a backend goes to one that has none, once somebody comes`() throws {
        var fixture = BoardFixture()
        let id = fixture.join()
        try fixture.draw("own", on: id)
        fixture.advance(.seconds(5))
        var restarted = fixture.restarted(hasBackend: true)
        restarted.advance(.seconds(5))
        #expect(restarted.backendRequests.isEmpty)
        let newcomer = restarted.join(v2: true)
        #expect(restarted.texts(newcomer) == ["own"])
        restarted.advance(.seconds(5))
        #expect(try restarted.stored()?.shapes.map(\.text) == ["own"])
        // From now on it is the backend's.
        restarted.backend["r"] = nil
        var again = restarted.restarted()
        let last = again.join(v2: true)
        #expect(again.texts(last).isEmpty)
    }

    @Test func `more rooms from before than are loaded at once are all stored`() throws {
        var fixture = BoardFixture()
        fixture.isChecked = false
        for number in 0..<50 {
            let id = fixture.join(room: "room\(number)")
            fixture.say(.rectangle("\(number)"), on: id)
        }
        var restarted = fixture.restarted()
        #expect(restarted.machine.roomCount <= 16)
        restarted.advance(.seconds(30))
        #expect(restarted.machine.roomCount == 0)
        for number in 0..<50 { #expect(try restarted.checkpoint("room\(number)")?.shapes.count == 1) }
    }

    @Test func `ten thousand rooms that come and go leave nothing behind`() {
        var fixture = BoardFixture()
        fixture.isChecked = false
        for number in 0..<10_000 {
            fixture.close(fixture.open("u", room: "room\(number)"))
        }
        fixture.advance(.seconds(30))
        #expect(fixture.machine.roomCount == 0 && fixture.machine.deadline == nil)
        #expect(fixture.machine.statistics(at: fixture.moment) == BoardMachine.Statistics())
    }
}
