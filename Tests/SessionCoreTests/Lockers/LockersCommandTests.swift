import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Acknowledged commands (EXT `ack`), pings, and what clients should not say (PROTOCOLS 4-13, 4-14, C6).
@Suite struct LockersCommandTests {
    private static let ack = #"{"type":"ack","commandId":"c1","id":"9"}"#

    @Test(arguments: [1, 2])
    func `an acknowledgement is confirmed, told to the namespace and kept`(loops: Int) throws {
        for loop in 0..<loops {
            var node = LockersFixture(loops: loops)
            let kiosk = node.open("/ws/events", loop: loop, as: .of("k", kiosk: "kiosk-1"))
            let name = try #require(node.take(kiosk).first?.data("connectionId")?.string)
            let others = (0..<loops).map { node.join("/ws/events", loop: $0) }
            let stranger = node.join("/ws/lockers")
            let confirmation = node.ask(Self.ack, on: kiosk)
            #expect(confirmation.map(\.type) == ["ack_received", "command_acknowledged"])
            #expect(confirmation.first?["data"] == ["commandId": "c1"])
            #expect(confirmation.first?["id"] == "9")
            for other in others {
                #expect(
                    node.take(other).map { $0["data"] } == [
                        [
                            "commandId": "c1", "connectionId": .string(name), "userId": "k", "kioskId": "kiosk-1",
                            "timestamp": "2024-01-15T10:30:00.000Z",
                        ]
                    ])
            }
            #expect(node.take(stranger).isEmpty)
            let kept = try node.call("GET", "/api/websocket/commands/c1")
            #expect(kept.document["commandId"]?.string == "c1")
            #expect(kept.document["acks"]?.elements?.map { $0["connectionId"]?.string } == [name])
        }
    }

    @Test(arguments: [1, 2])
    func `a repeated acknowledgement is confirmed and told to nobody`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let kiosk = node.join("/ws/events", loop: loops - 1)
        let other = node.join("/ws/events")
        _ = node.ask(Self.ack, on: kiosk)
        _ = node.take(other)
        #expect(node.ask(Self.ack, on: kiosk).map(\.type) == ["ack_received"])
        #expect(node.take(other).isEmpty)
        #expect(node.ask(Self.ack, on: other).map(\.type) == ["ack_received", "command_acknowledged"])
        #expect(try node.call("GET", "/api/websocket/commands/c1").document["acks"]?.elements?.count == 2)
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
