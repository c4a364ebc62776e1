import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What kiosks get that come back (EXT `since`).
@Suite struct LockersReplayTests {
    private static func join(_ room: String, since: String) -> String {
        #"{"type":"join_room","room":"\#(room)","since":\#(since)}"#
    }

    /// The place that a greeting or `room_joined` names.
    private static func place(_ frame: JSONValue?) -> (epoch: String, offset: Int64)? {
        guard let epoch = frame?.data("epoch")?.string, let offset = frame?.data("offset")?.integer else { return nil }
        return (epoch, offset)
    }

    @Test(arguments: [1, 2])
    func `who comes back gets everything since, in order, and then what follows`(loops: Int) throws {
        for loop in 0..<loops {
            var node = LockersFixture(loops: loops)
            let first = node.open(loop: loop, since: "now")
            let greeting = try #require(node.take(first).first)
            #expect(greeting.data("recovered") == nil)
            let place = try #require(Self.place(greeting))
            for number in 1...3 { try node.broadcast(data: "\(number)") }
            let heard = node.take(first)
            #expect(heard.compactMap { $0["offset"]?.integer } == (1...3).map { place.offset + $0 })
            node.close(first)
            for number in 4...6 { try node.broadcast(data: "\(number)") }
            let again = node.open(loop: loop, since: "\(place.epoch):\(place.offset + 3)")
            try node.broadcast(data: "7")
            let frames = node.take(again)
            #expect(frames.first?.type == "connection")
            #expect(frames.first?.data("recovered") == true)
            #expect(frames.first?.data("offset")?.integer == place.offset + 6)
            #expect(frames.dropFirst().compactMap { $0["data"]?.integer } == [4, 5, 6, 7])
            #expect(frames.dropFirst().compactMap { $0["offset"]?.integer } == (4...7).map { place.offset + $0 })
        }
    }

    @Test func `who does not ask gets the seed's frames`() throws {
        var node = LockersFixture()
        _ = node.open(since: "now")
        let client = node.join(rooms: "kiosk-1")
        try node.broadcast()
        try node.broadcast(room: "kiosk-1")
        for frame in node.take(client) { #expect(frame["offset"] == nil && frame["room"] == nil) }
    }

    @Test(arguments: [1, 2])
    func `a room has a place of its own, and its frames name it`(loops: Int) throws {
        for loop in 0..<loops {
            var node = LockersFixture(loops: loops)
            let client = node.open(loop: loop, since: "now")
            _ = node.take(client)
            let answer = node.ask(Self.join("kiosk-1", since: "{}"), on: client)
            #expect(answer.map(\.type) == ["room_joined"])
            let place = try #require(Self.place(answer.first))
            try node.broadcast(room: "kiosk-1", data: "1")
            try node.broadcast(data: "2")
            let frames = node.take(client)
            #expect(frames.map { $0["room"]?.string } == ["kiosk-1", nil])
            #expect(frames.first?["offset"]?.integer == place.offset + 1)
            _ = node.ask(#"{"type":"leave_room","room":"kiosk-1"}"#, on: client)
            try node.broadcast(room: "kiosk-1", data: "3")
            let again = node.ask(
                Self.join("kiosk-1", since: #"{"epoch":"\#(place.epoch)","offset":\#(place.offset)}"#), on: client)
            #expect(again.first?.data("recovered") == true)
            #expect(again.dropFirst().compactMap { $0["data"]?.integer } == [1, 3])
            #expect(again.dropFirst().allSatisfy { $0["room"]?.string == "kiosk-1" })
            #expect(again.dropFirst().compactMap { $0["offset"]?.integer } == [place.offset + 1, place.offset + 2])
        }
    }

    @Test func `who is in a room may ask for what it missed there`() throws {
        var node = LockersFixture()
        let client = node.join(rooms: "kiosk-1")
        try node.broadcast(room: "kiosk-1", data: "1")
        _ = node.take(client)
        let frames = node.ask(Self.join("kiosk-1", since: #""2024-01-15T10:29:59Z""#), on: client)
        // The room began after that time, and nothing says whether there was something before.
        #expect(frames.map(\.type) == ["room_joined"])
        #expect(frames.first?.data("recovered") == false)
        #expect(try node.broadcast(room: "kiosk-1", data: "2") == 1)
        #expect(node.take(client).map { $0["offset"] != nil } == [true])
    }

    @Test func `a kiosk without a place asks for a time`() throws {
        var node = LockersFixture()
        let listener = node.open(since: "now")
        node.advance(.seconds(10))
        let before = node.moment.timestamp.text
        node.advance(.seconds(1))
        for number in 1...2 { try node.broadcast(data: "\(number)") }
        node.close(listener)
        let client = node.open(since: before)
        let frames = node.take(client)
        #expect(frames.first?.data("recovered") == true)
        #expect(frames.dropFirst().compactMap { $0["data"]?.integer } == [1, 2])
    }

    @Test func `what is older than ten minutes or 200 events is gone, and then nothing is replayed`() throws {
        var node = LockersFixture()
        let listener = node.open(since: "now")
        let place = try #require(Self.place(node.take(listener).first))
        for number in 1...200 { try node.broadcast(data: "\(number)") }
        func since(_ offset: Int64) -> String { "\(place.epoch):\(offset)" }
        let complete = node.open(since: since(place.offset))
        #expect(node.take(complete).count == 201)
        try node.broadcast()
        let partial = node.open(since: since(place.offset))
        let frames = node.take(partial)
        #expect(frames.count == 1)
        #expect(frames.first?.data("recovered") == false)
        #expect(frames.first?.data("offset")?.integer == place.offset + 201)
        node.advance(.seconds(601))
        let late = node.open(since: since(place.offset + 200))
        #expect(node.take(late).first?.data("recovered") == false)
        #expect(node.machines[0].counters.recovered == 1)
        #expect(node.machines[0].counters.notRecovered == 2)
    }

    @Test func `a place of another life is not taken for one of this`() throws {
        var node = LockersFixture()
        _ = node.open(since: "now")
        let client = node.open(since: "abcdef:0")
        #expect(node.take(client).first?.data("recovered") == false)
    }

    @Test func `a place that nobody understands ends the handshake`() {
        var node = LockersFixture()
        let client = node.open(since: "yesterday")
        #expect(node.take(client).map(\.code) == ["INVALID_MESSAGE"])
        #expect(node.closes[client] == .badRequest)
    }

    @Test func `without a history there are no places`() throws {
        var node = LockersFixture { $0.historyMax = 0 }
        let client = node.open(since: "abcdef:7")
        let greeting = try #require(node.take(client).first)
        #expect(greeting.data("recovered") == false && greeting.data("epoch") == nil)
        #expect(try node.broadcast() == 1)
        #expect(node.take(client).first?["offset"] == nil)
    }
}
