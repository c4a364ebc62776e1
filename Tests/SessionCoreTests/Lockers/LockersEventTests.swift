import SessionBase
import SessionCodec
import SessionCore
import Testing

/// The events that the seed gives a type, and requests that are repeated (PROTOCOLS 4-10 to 4-12, 4-21, §6.3).
@Suite struct LockersEventTests {
    private static let change =
        #""lockerId":"locker-123","oldState":"closed","newState":"open","kioskId":"kiosk-1""#
    private static let help = #""id":1,"kiosk_id":"kiosk-1","category":"access_issue","status":"open""#

    @Test(arguments: [1, 2])
    func `an event is for its whole namespace, and says when`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let clients = (0..<4).map { index in
            index < 2 ? node.join(loop: index % loops, rooms: "kiosk-1") : node.join(loop: index % loops)
        }
        let stranger = node.join("/ws/events")
        let answer = try node.call("POST", "/api/websocket/events/locker-state", "{\(Self.change)}")
        #expect(answer.document["recipients"]?.integer == 4)
        #expect(answer.document["room"] == .null)
        #expect(answer.document["event"]?.string == "locker_state_changed")
        for client in clients {
            #expect(
                node.take(client) == [
                    [
                        "type": "locker_state_changed",
                        "data": [
                            "lockerId": "locker-123", "oldState": "closed", "newState": "open", "kioskId": "kiosk-1",
                            "timestamp": "2024-01-15T10:30:00.000Z",
                        ], "timestamp": "2024-01-15T10:30:00.000Z",
                    ]
                ])
        }
        #expect(node.take(stranger).isEmpty)
    }

    @Test func `a time that the producer gave stays, and is told beside the server's own`() throws {
        var node = LockersFixture()
        let client = node.join()
        _ = try node.call(
            "POST", "/api/websocket/events/locker-state", #"{\#(Self.change),"timestamp":"2020-05-05T05:05:05Z"}"#)
        let frame = try #require(node.take(client).first)
        #expect(frame.data("timestamp")?.string == "2020-05-05T05:05:05.000Z")
        #expect(frame["timestamp"]?.string == "2024-01-15T10:30:00.000Z")
    }

    @Test(arguments: [#""2024-01-15T11:30:00+01:00""#, "1705314600000"])
    func `created_at is a time in, and ISO text out`(createdAt: String) throws {
        var node = LockersFixture()
        let client = node.join("/ws/help")
        let extra = #""note":"Cannot open locker","photo_url":"http://photos/1","locker_no":7"#
        _ = try node.call(
            "POST", "/api/websocket/events/help-requested", #"{\#(Self.help),\#(extra),"created_at":\#(createdAt)}"#)
        let frame = try #require(node.take(client).first)
        #expect(frame.type == "help_requested")
        #expect(frame.data("created_at")?.string == "2024-01-15T10:30:00.000Z")
        #expect(frame.data("timestamp")?.string == "2024-01-15T10:30:00.000Z")
        #expect(frame.data("note")?.string == "Cannot open locker")
        #expect(frame.data("photo_url")?.string == "http://photos/1")
        #expect(frame.data("locker_no")?.integer == 7)
    }

    @Test func `status updates and commands have their namespaces too`() throws {
        var node = LockersFixture()
        let (help, events) = (node.join("/ws/help"), node.join("/ws/events"))
        _ = try node.call(
            "POST", "/api/websocket/events/help-status", #"{"id":1,"old_status":"open","new_status":"done"}"#)
        #expect(node.take(help).map(\.type) == ["help_status_updated"])
        _ = try node.call(
            "POST", "/api/websocket/events/command-applied",
            #"{"command":{"type":"open","lockerId":"locker-123"},"result":{"success":true}}"#)
        let frame = try #require(node.take(events).first)
        #expect(frame.type == "command_applied")
        #expect(frame.data("result")?["timestamp"]?.string == "2024-01-15T10:30:00.000Z")
    }

    @Test func `room_scope sends to the room of the kiosk alone, and never both`() throws {
        var node = LockersFixture(loops: 2)
        let member = node.join(loop: 1, rooms: "kiosk-1")
        let other = node.join(loop: 0, rooms: "kiosk-2")
        let answer = try node.call(
            "POST", "/api/websocket/events/locker-state", #"{\#(Self.change),"room_scope":true}"#)
        #expect(answer.document["recipients"]?.integer == 1)
        #expect(answer.document["room"]?.string == "kiosk-1")
        #expect(node.take(member).count == 1)
        #expect(node.take(other).isEmpty)
    }

    @Test func `the configuration may send events to rooms, and a request may not want that`() throws {
        var node = LockersFixture { $0.sendsEventsToRooms = true }
        let (member, other) = (node.join(rooms: "kiosk-1"), node.join())
        _ = try node.call("POST", "/api/websocket/events/locker-state", "{\(Self.change)}")
        #expect(node.take(member).count == 1)
        #expect(node.take(other).isEmpty)
        _ = try node.call("POST", "/api/websocket/events/locker-state", #"{\#(Self.change),"room_scope":false}"#)
        #expect(node.take(member).count == 1)
        #expect(node.take(other).count == 1)
    }

    @Test func `an event about no kiosk goes to everybody, one about a kiosk without a room to nobody`() throws {
        var node = LockersFixture { $0.sendsEventsToRooms = true }
        let client = node.join("/ws/help")
        _ = try node.call(
            "POST", "/api/websocket/events/help-status", #"{"id":1,"old_status":"open","new_status":"done"}"#)
        #expect(node.take(client).count == 1)
        let body = #"{"id":1,"kiosk_id":"kiosk/1","category":"c","status":"open","created_at":1}"#
        let answer = try node.call("POST", "/api/websocket/events/help-requested", body)
        #expect(answer.failure == "400 VALIDATION_FAILED")
        #expect(answer.document["details"]?["field"]?.string == "kiosk_id")
        #expect(node.take(client).isEmpty)
    }

    @Test func `a field that is missing is named`() throws {
        var node = LockersFixture()
        let answer = try node.call("POST", "/api/websocket/events/locker-state", #"{"lockerId":"l"}"#)
        #expect(answer.failure == "400 VALIDATION_FAILED")
        #expect(answer.document["details"]?["field"]?.string == "oldState")
    }

    @Test func `an event whose namespace is not configured is refused`() throws {
        var node = LockersFixture { $0.namespaces = ["/ws/help"] }
        let answer = try node.call("POST", "/api/websocket/events/locker-state", "{\(Self.change)}")
        #expect(answer.failure == "400 UNKNOWN_NAMESPACE")
    }

    // MARK: Repetitions

    @Test(arguments: [1, 2])
    func `a request with the key of another is answered like it and not sent again`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let client = node.join(loop: loops - 1)
        let (target, body) = ("/api/websocket/events/locker-state", "{\(Self.change)}")
        let first = try node.call("POST", target, body, key: "k1")
        node.advance(.seconds(599))
        let late = node.join(loop: 0)
        #expect(try node.call("POST", target, body, key: "k1") == first)
        #expect(node.take(client).count == 1)
        #expect(node.take(late).isEmpty)
        #expect(try node.call("POST", target, body, key: "k2").document["recipients"]?.integer == 2)
        #expect(node.take(client).count == 1)
    }

    @Test func `a key is good again after ten minutes`() throws {
        var node = LockersFixture()
        let client = node.join()
        for _ in 0..<2 {
            _ = try node.call("POST", "/api/websocket/events/locker-state", "{\(Self.change)}", key: "k1")
            node.advance(.seconds(600))
        }
        #expect(node.take(client).count == 2)
    }

    @Test(arguments: [1, 2])
    func `a key that comes with another request is refused`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let client = node.join()
        let target = "/api/websocket/broadcast"
        func body(_ data: Int) -> String { #"{"namespace":"/ws/lockers","event":"e","data":\#(data)}"# }
        _ = try node.call("POST", target, body(1), key: "k1")
        #expect(try node.call("POST", target, body(2), key: "k1").failure == "409 IDEMPOTENCY_KEY_REUSED")
        let event = try node.call("POST", "/api/websocket/events/locker-state", "{\(Self.change)}", key: "k1")
        #expect(event.failure == "409 IDEMPOTENCY_KEY_REUSED")
        #expect(node.take(client).count == 1)
        _ = try node.call("POST", target, body(2), key: "k1", as: "somebody else")
        #expect(node.take(client).count == 1)
    }

    @Test func `a repetition of a request that is under way waits for its answer`() throws {
        var node = LockersFixture(loops: 2)
        let clients = (0..<2).map { node.join(loop: $0) }
        node.deliversParcels = false
        let body = #"{"namespace":"/ws/lockers","event":"e","data":1}"#
        let numbers = try (0..<3).map { _ in try node.request("POST", "/api/websocket/broadcast", body, key: "k1") }
        #expect(node.responses.isEmpty)
        node.deliverParcels()
        #expect(numbers.allSatisfy { node.responses[$0]?.document["recipients"]?.integer == 2 })
        for client in clients { #expect(node.take(client).count == 1) }
    }

    @Test func `a request that was refused may be repeated until it is right`() throws {
        var node = LockersFixture()
        let wrong = #"{"namespace":"/ws/other","event":"e","data":1}"#
        let right = #"{"namespace":"/ws/lockers","event":"e","data":1}"#
        #expect(try node.call("POST", "/api/websocket/broadcast", wrong, key: "k").failure == "400 UNKNOWN_NAMESPACE")
        #expect(try node.call("POST", "/api/websocket/broadcast", right, key: "k").status == .ok)
    }
}
