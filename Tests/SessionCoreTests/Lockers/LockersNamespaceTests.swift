import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Namespaces: who is greeted, and whom a broadcast reaches (PROTOCOLS 4-6, 4-10, 4-16, 4-17).
@Suite struct LockersNamespaceTests {
    @Test(arguments: [1, 2])
    func `the first frame of a connection is its greeting`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        for loop in 0..<loops {
            for path in ["/ws/lockers", "/ws/help", "/ws/events", "/lockers/lockers", "/lockers/help"] {
                let client = node.open(path, loop: loop)
                let frames = node.take(client)
                #expect(frames.count == 1)
                let greeting = try #require(frames.first)
                #expect(greeting.type == "connection")
                #expect(greeting.data("namespace")?.string == "/ws/" + (path.split(separator: "/").last ?? ""))
                #expect(greeting.data("userId")?.string == "u1")
                #expect(greeting.data("connectionId")?.string?.isEmpty == false)
                #expect(greeting.data("timestamp")?.string == "2024-01-15T10:30:00.000Z")
                #expect(greeting.data("epoch") == nil && greeting.data("recovered") == nil)
                #expect(!node.paused.contains(client))
            }
        }
    }

    @Test func `no two connections have the same name`() {
        var node = LockersFixture(loops: 2)
        let names = (0..<100).compactMap { index -> String? in
            let client = node.open(loop: index % 2)
            return node.take(client).first?.data("connectionId")?.string
        }
        #expect(Set(names).count == 100)
    }

    @Test func `an anonymous connection belongs to nobody, by the name of anonymous`() {
        var node = LockersFixture()
        for identity in [nil, Identity.assumed] {
            let client = node.open(as: identity)
            #expect(node.take(client).first?.data("userId")?.string == "anonymous")
            #expect(node.machines[0].user(of: client.id) == nil)
        }
    }

    @Test(arguments: [1, 2])
    func `a broadcast reaches each socket of its namespace once, whatever rooms it is in`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        var clients: [LockersFixture.Client] = []
        for index in 0..<10 {
            clients.append(
                index % 3 == 0
                    ? node.join(loop: index % loops, rooms: "kiosk-1", "kiosk-2") : node.join(loop: index % loops))
        }
        let stranger = node.join("/ws/help", loop: loops - 1, rooms: "kiosk-1")
        #expect(try node.broadcast(data: #"{"message":"Hello world"}"#) == 10)
        for client in clients {
            let frames = node.take(client)
            #expect(frames.count == 1)
            #expect(
                frames.first
                    == [
                        "type": "test_event", "data": ["message": "Hello world"],
                        "timestamp": "2024-01-15T10:30:00.000Z",
                    ])
        }
        #expect(node.take(stranger).isEmpty)
    }

    @Test(arguments: [1, 2])
    func `a broadcast to a room reaches its members in that namespace alone`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let members = (0..<4).map { node.join(loop: $0 % loops, rooms: "kiosk-1") }
        let other = node.join(loop: 0, rooms: "kiosk-2")
        let elsewhere = node.join("/ws/help", loop: 0, rooms: "kiosk-1")
        #expect(try node.broadcast(room: "kiosk-1") == 4)
        for member in members { #expect(node.take(member).map(\.type) == ["test_event"]) }
        #expect(node.take(other).isEmpty && node.take(elsewhere).isEmpty)
        #expect(try node.broadcast(room: "nobody-here") == 0)
    }

    @Test(arguments: [1, 2])
    func `the answer to a broadcast says whom it reached`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        for index in 0..<5 { _ = node.join(loop: index % loops) }
        let body = #"{"namespace":"/ws/lockers","event":"e","data":null,"room":null}"#
        let answer = try node.call("POST", "/api/websocket/broadcast", body)
        #expect(answer.status == .ok)
        #expect(
            answer.document
                == [
                    "success": true, "namespace": "/ws/lockers", "event": "e", "room": nil, "recipients": 5,
                    "timestamp": "2024-01-15T10:30:00.000Z",
                ])
    }

    @Test(arguments: [1, 2])
    func `who left is not counted and hears nothing`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let clients = (0..<4).map { node.join(loop: $0 % loops, rooms: "kiosk-1") }
        node.close(clients[0])
        node.close(clients[1])
        #expect(try node.broadcast() == 2)
        #expect(try node.broadcast(room: "kiosk-1") == 2)
        #expect(node.take(clients[0]).isEmpty && node.take(clients[1]).isEmpty)
        node.close(clients[2])
        node.close(clients[3])
        #expect(try node.broadcast() == 0)
    }

    @Test func `a namespace that does not exist is named with those that do`() throws {
        var node = LockersFixture()
        let body = #"{"namespace":"/ws/other","event":"e","data":1}"#
        let answer = try node.call("POST", "/api/websocket/broadcast", body)
        #expect(answer.failure == "400 UNKNOWN_NAMESPACE")
        #expect(answer.document["message"]?.string?.contains("/ws/lockers, /ws/help, /ws/events") == true)
    }

    @Test(arguments: ["connection", "error", "room_joined", "room_left", "pong"])
    func `the server's own words are no events`(event: String) throws {
        var node = LockersFixture()
        let client = node.join()
        let body = #"{"namespace":"/ws/lockers","event":"\#(event)","data":1}"#
        #expect(try node.call("POST", "/api/websocket/broadcast", body).failure == "400 VALIDATION_FAILED")
        #expect(node.take(client).isEmpty)
    }

    @Test func `namespaces are what the configuration says`() throws {
        var node = LockersFixture { $0.namespaces = ["/ws/doors"] }
        let client = node.join("/ws/doors")
        #expect(try node.broadcast(to: "/ws/doors") == 1)
        #expect(node.take(client).count == 1)
        #expect(try node.status()["namespaces"] == ["/ws/doors": 1])
        let late = node.open("/ws/lockers")
        #expect(node.closes[late] == .notFound)
    }

    @Test func `a connection that waits for another loop is held and misses nothing`() throws {
        var node = LockersFixture(loops: 2)
        node.deliversParcels = false
        // One of the two loops owns the namespace, and the other has to ask it.
        let clients = (0..<2).map { node.open(loop: $0) }
        let waiting = try #require(clients.first { node.paused.contains($0) })
        #expect(node.paused == [waiting])
        #expect(node.take(waiting).isEmpty)
        node.say(#"{"type":"ping"}"#, on: waiting)
        _ = node.take(waiting)
        node.deliverParcels()
        #expect(node.paused.isEmpty)
        #expect(node.take(waiting).map(\.type) == ["connection"])
        node.deliversParcels = true
        #expect(try node.broadcast() == 2)
        #expect(node.take(waiting).map(\.type) == ["test_event"])
    }

    @Test func `a connection that goes before it is greeted leaves nothing behind`() throws {
        var node = LockersFixture(loops: 2)
        node.deliversParcels = false
        let clients = (0..<2).map { node.open(loop: $0) }
        for client in clients { node.close(client) }
        node.deliverParcels()
        node.deliversParcels = true
        #expect(try node.broadcast() == 0)
        #expect(node.machines.allSatisfy { $0.statistics.connections == 0 })
    }
}
