import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Acknowledged commands (EXT `ack`), pings, and what clients should not say (PROTOCOLS 4-13, 4-14, C6).
@Suite struct LockersCommandTests {
    private static let ack = #"{"type":"ack","commandId":"c1","id":"9"}"#

    @Test(arguments: [1, 2])
    func `an acknowledgement is confirmed, told to the room of its command and kept`(loops: Int) throws {
        for loop in 0..<loops {
            var node = LockersFixture(loops: loops)
            let kiosk = node.open("/ws/events", loop: loop, as: .of("k", kiosk: "kiosk-1"))
            let name = try #require(node.take(kiosk).first?.data("connectionId")?.string)
            let waiting = (0..<loops).map { node.join("/ws/events", loop: $0, rooms: "command:c1") }
            let others = [
                node.join("/ws/events"), node.join("/ws/events", rooms: "command:c2"), node.join("/ws/lockers"),
            ]
            let confirmation = node.ask(Self.ack, on: kiosk)
            #expect(confirmation.map(\.type) == ["ack_received"])
            #expect(confirmation.first?["data"] == ["commandId": "c1"])
            #expect(confirmation.first?["id"] == "9")
            for client in waiting {
                let frames = node.take(client)
                #expect(frames.map(\.type) == ["command_acknowledged"])
                #expect(
                    frames.map { $0["data"] } == [
                        [
                            "commandId": "c1", "connectionId": .string(name), "userId": "k", "kioskId": "kiosk-1",
                            "timestamp": "2024-01-15T10:30:00.000Z",
                        ]
                    ])
            }
            for other in others { #expect(node.take(other).isEmpty) }
            let kept = try node.call("GET", "/api/websocket/commands/c1")
            #expect(kept.document["commandId"]?.string == "c1")
            #expect(kept.document["acks"]?.elements?.map { $0["connectionId"]?.string } == [name])
        }
    }

    @Test(arguments: [1, 2])
    func `a repeated acknowledgement is confirmed and told to nobody`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let kiosk = node.join("/ws/events", loop: loops - 1)
        let other = node.join("/ws/events", rooms: "command:c1")
        for _ in 0..<2 { #expect(node.ask(Self.ack, on: kiosk).map(\.type) == ["ack_received"]) }
        #expect(node.take(other).count == 1)
        #expect(node.ask(Self.ack, on: other).map(\.type) == ["ack_received", "command_acknowledged"])
        #expect(try node.call("GET", "/api/websocket/commands/c1").document["acks"]?.elements?.count == 2)
    }

    @Test func `acknowledgements push nothing out of what the namespace keeps`() throws {
        var node = LockersFixture()
        let panel = node.open("/ws/events", since: "now")
        let place = try #require(node.take(panel).first)
        try node.broadcast(to: "/ws/events", data: #"{"open":"locker-1"}"#)
        for index in 0..<300 {
            let kiosk = node.join("/ws/events")
            _ = node.ask(#"{"type":"ack","commandId":"c\#(index % 3)"}"#, on: kiosk)
        }
        let (epoch, offset) = (place.data("epoch")?.string ?? "", place.data("offset")?.integer ?? -1)
        let late = node.open("/ws/events", since: "\(epoch):\(offset)")
        let frames = node.take(late)
        #expect(frames.first?.data("recovered") == true)
        #expect(frames.dropFirst().map { $0["data"] } == [["open": "locker-1"]])
        #expect(node.machines[0].statistics.rooms == 0)
    }

    @Test func `a connection keeps its last 256 acknowledgements, and pushes out nobody else's`() throws {
        var node = LockersFixture()
        let (honest, flood) = (node.join("/ws/events"), node.join("/ws/events"))
        _ = node.ask(#"{"type":"ack","commandId":"x0"}"#, on: honest)
        for index in 0..<300 { _ = node.ask(#"{"type":"ack","commandId":"x\#(index)"}"#, on: flood) }
        func acks(_ command: String) throws -> Int {
            try node.call("GET", "/api/websocket/commands/\(command)").document["acks"]?.elements?.count ?? 0
        }
        #expect(try [acks("x0"), acks("x43"), acks("x44"), acks("x299")] == [1, 0, 1, 1])
    }

    @Test func `two spellings of a command are two commands, on any loops`() throws {
        var node = LockersFixture(loops: 2)
        let kiosk = node.join("/ws/events")
        let spellings = ["caf\u{E9}", "cafe\u{301}"]
        for command in spellings { _ = node.ask(#"{"type":"ack","commandId":"\#(command)"}"#, on: kiosk) }
        #expect(node.machines.allSatisfy { $0.pendingCount == 0 })
        for command in spellings {
            let answer = try node.call("GET", "/api/websocket/commands/\(command)")
            #expect(answer.document["acks"]?.elements?.count == 1)
        }
    }

    @Test func `acknowledgements have a limit of their own`() {
        var node = LockersFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let kiosk = node.join("/ws/events")
        let types = (0..<21).flatMap { _ in node.ask(Self.ack, on: kiosk).map { $0.code ?? $0.type } }
        #expect(types == Array(repeating: "ack_received", count: 20) + ["RATE_LIMITED"])
        #expect(node.ask(#"{"type":"ping"}"#, on: kiosk).map(\.type) == ["pong"])
        node.advance(.milliseconds(50))
        #expect(node.ask(Self.ack, on: kiosk).map(\.type) == ["ack_received"])
    }

    @Test func `a command is forgotten ten minutes after its first acknowledgement`() throws {
        var node = LockersFixture(loops: 2)
        let kiosk = node.join("/ws/events")
        _ = node.ask(Self.ack, on: kiosk)
        node.advance(.milliseconds(599_999))
        #expect(try node.call("GET", "/api/websocket/commands/c1").status == .ok)
        node.advance(.milliseconds(1))
        #expect(try node.call("GET", "/api/websocket/commands/c1").failure == "404 COMMAND_NOT_FOUND")
        #expect(try node.call("GET", "/api/websocket/commands/unknown").failure == "404 COMMAND_NOT_FOUND")
    }

    @Test func `commands are acknowledged where they are told`() {
        var node = LockersFixture()
        let client = node.join("/ws/lockers")
        #expect(node.ask(Self.ack, on: client).map(\.code) == ["FORBIDDEN"])
        let events = node.join("/ws/events")
        #expect(node.ask(#"{"type":"ack"}"#, on: events).map(\.code) == ["INVALID_MESSAGE"])
    }

    // MARK: Pings and mistakes

    @Test func `a ping is answered with a pong`() {
        var node = LockersFixture()
        let client = node.join()
        #expect(
            node.ask(#"{"type":"ping","id":5}"#, on: client)
                == [["type": "pong", "timestamp": "2024-01-15T10:30:00.000Z", "id": 5]])
    }

    @Test(arguments: [
        (#"{"type":"subscribe"}"#, "UNKNOWN_TYPE"), (#"{"type":"test_event","data":1}"#, "UNKNOWN_TYPE"),
        ("{", "INVALID_JSON"), ("", "INVALID_JSON"), ("[]", "INVALID_MESSAGE"), ("{}", "INVALID_MESSAGE"),
        (#"{"type":"join_room"}"#, "INVALID_MESSAGE"), (#"{"type":"join_room","room":7}"#, "INVALID_MESSAGE"),
    ])
    func `what is no message is refused, and the connection stays`(text: String, code: String) {
        var node = LockersFixture()
        let client = node.join()
        #expect(node.ask(text, on: client).map(\.code) == [code])
        #expect(node.closes.isEmpty)
        #expect(node.ask(#"{"type":"ping"}"#, on: client).map(\.type) == ["pong"])
    }

    @Test func `the twentieth mistake within a minute is answered and ends the connection`() {
        var node = LockersFixture()
        let client = node.join()
        for _ in 0..<19 { _ = node.ask("nonsense", on: client) }
        #expect(node.closes.isEmpty)
        #expect(node.ask("nonsense", on: client).map(\.code) == ["INVALID_JSON"])
        #expect(node.closes == [client: .tooManyErrors])
        #expect(node.ask("nonsense", on: client).isEmpty)
    }

    @Test func `rooms that cannot be had are no mistakes of this kind`() {
        var node = LockersFixture()
        let client = node.join(as: .of("k", kiosk: "kiosk-1"))
        for _ in 0..<30 { _ = node.ask(#"{"type":"join_room","room":"kiosk-2"}"#, on: client) }
        #expect(node.closes.isEmpty)
    }

    @Test func `too many messages are refused, and whoever goes on is closed`() {
        var node = LockersFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let client = node.join()
        for _ in 0..<400 { #expect(node.ask(#"{"type":"ping"}"#, on: client).first?.type == "pong") }
        for second in 0..<3 {
            #expect(node.closes.isEmpty)
            for _ in 0..<450 { node.say(#"{"type":"ping"}"#, on: client) }
            #expect(node.take(client).contains { $0.code == "RATE_LIMITED" })
            if second < 2 { node.advance(.seconds(1)) }
        }
        #expect(node.closes == [client: .rateLimited])
    }

    @Test func `a limit of rate may be off`() {
        var node = LockersFixture { $0.messageRate = nil }
        let client = node.join()
        for _ in 0..<2000 { node.say(#"{"type":"ping"}"#, on: client) }
        #expect(node.take(client).allSatisfy { $0.type == "pong" })
    }
}
