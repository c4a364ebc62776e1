import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import SessionStorage
import TestSupport
import Testing

/// Lockers' sessions and namespaces behind real sockets: what needs a disk, a Redis or another service.
@Suite struct LockerServerTests {
    private static func server(
        _ provider: LockerSessionsConfiguration.Provider = .memory, threads: Int = 1,
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try RunningServer([.lockers], threads: threads) { configuration in
            configuration.lockerSessions.provider = provider
            configuration.lockerSessions.namespaces = configuration.lockers.namespaces
            change(&configuration)
        }
    }

    private static func bearer(_ id: String) -> HTTPFields { ["Authorization": "Bearer \(id)"] }

    private static func session(_ server: RunningServer, _ body: String = #"{"userId":"u1"}"#) throws -> String {
        let answer = try server.ask("/admin/locker-sessions", "POST", body: body)
        #expect(answer.status == .created)
        return try #require(try answer.document["sessionId"]?.string)
    }

    private static func open(_ server: RunningServer, _ target: String, _ id: String) throws -> TestClient {
        let client = try server.open(target, fields: bearer(id))
        #expect(try client.hear()["type"]?.string == "connection")
        return client
    }

    @Test func `a session survives a restart, and the store does not hold its id`() throws {
        let folder = TemporaryFolder()
        let copy = TemporaryFolder()
        func start(in folder: String) throws -> RunningServer {
            let path = folder + "/store.db"
            return try Self.server { configuration in
                configuration.openStore = { () throws(StorageError) in try SQLiteEngine(path: path) }
            }
        }
        let first = try start(in: folder.path)
        let id = try Self.session(first)
        _ = try Self.open(first, "/ws/lockers", id)
        // What stands on the disk now is what a server finds that follows one that was killed.
        for name in try Files.names(inFolder: folder.path) where !name.hasSuffix(".lock") {
            let content = try Files.read(folder.path + "/" + name)
            #expect(!String(decoding: content, as: UTF8.self).contains(id), "the id stands in \(name)")
            try Files.write(content.span, to: copy.path + "/" + name, mode: 0o600)
        }
        let second = try start(in: copy.path)
        _ = try Self.open(second, "/ws/help", id)
        #expect(try second.ask("/admin/locker-sessions/\(id)", "DELETE").status == .noContent)
        let refused = try #require(try second.connect().tryOpen("/ws/help", fields: Self.bearer(id)))
        #expect(refused.status == .unauthorized)
    }

    @Test func `a session in Redis opens, and its sockets end a while after it was removed there`() throws {
        let redis = try SessionRedis()
        redis.set("session:s1", #"{"userId":"u1","roles":["staff"]}"#)
        let server = try Self.server(.redis(redis.address), threads: 2) {
            $0.lockers.recheckInterval = .milliseconds(200)
        }
        let clients = try (0..<4).map { _ in try Self.open(server, "/ws/lockers", "s1") }
        redis.run("DEL", "session:s1")
        for client in clients {
            #expect(try client.hear()["data"]?["code"]?.string == "INVALID_SESSION")
            #expect(try client.hearClose() == .tokenExpired)
        }
    }

    @Test func `while the provider is away newcomers are told to wait, and nobody is sent away`() throws {
        let service = try SessionService()
        service.answer("s1", 200, #"{"userId":"u1","roles":["service"]}"#)
        let server = try Self.server(.introspection(service.endpoint)) {
            $0.lockers.recheckInterval = .milliseconds(100)
        }
        let client = try Self.open(server, "/ws/lockers", "s1")
        service.fail(true)
        let refused = try #require(try server.connect().tryOpen("/ws/lockers", fields: Self.bearer("s2")))
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.fields["Retry-After"] != nil)
        var browser = Self.bearer("s3")
        browser.append("Origin", "http://localhost")
        #expect(try server.open("/ws/lockers", fields: browser).hearClose() == .backendUnavailable)
        let status = try server.connect().request("/api/websocket/status", fields: Self.bearer("s1"))
        #expect(try status.document["status"]?.string == "degraded")
        try client.say(#"{"type":"ping"}"#)
        #expect(try client.hear()["type"]?.string == "pong")
        service.fail(false)
        #expect(try server.connect().tryOpen("/ws/lockers", fields: Self.bearer("s4"))?.status == .unauthorized)
        let better = try server.connect().request("/api/websocket/status", fields: Self.bearer("s1"))
        #expect(try better.document["status"]?.string == "active")
    }

    @Test(arguments: [1, 3])
    func `kiosks that come back get what they missed, wherever they land`(threads: Int) throws {
        let server = try Self.server(threads: threads)
        let id = try Self.session(server, #"{"userId":"u1","roles":["service"]}"#)
        func broadcast(_ number: Int, room: String) throws -> Int64? {
            let body = #"{"namespace":"/ws/lockers","event":"e","data":\#(number),"room":"\#(room)"}"#
            let answer = try server.connect().request(
                "/api/websocket/broadcast", "POST", fields: Self.bearer(id), body: body)
            return try answer.document["recipients"]?.integer
        }
        for room in ["kiosk-1", "kiosk-2", "kiosk-3"] {
            let first = try Self.open(server, "/ws/lockers", id)
            try first.say(#"{"type":"join_room","room":"\#(room)","since":{}}"#)
            let place = try #require(try first.hear()["data"])
            #expect(try broadcast(1, room: room) == 1)
            #expect(try first.hear()["room"]?.string == room)
            try first.close()
            #expect(try first.hearClose() == .normal)
            // The close frame comes back before the room's owner has heard of it.
            eventually("the room is empty") { (try? broadcast(2, room: room)) == 0 }
            let again = try Self.open(server, "/ws/lockers", id)
            let (epoch, offset) = (place["epoch"]?.string ?? "", place["offset"]?.integer ?? -1)
            try again.say(
                #"{"type":"join_room","room":"\#(room)","since":{"epoch":"\#(epoch)","offset":\#(offset + 1)}}"#)
            let answer = try #require(try again.hear()["data"])
            #expect(answer["recovered"] == true)
            let missed = (answer["offset"]?.integer ?? 0) - offset - 1
            #expect(missed >= 1)
            for number in 1...missed {
                let frame = try again.hear()
                #expect(frame["data"]?.integer == 2)
                #expect(frame["offset"]?.integer == offset + 1 + number)
            }
        }
    }

    @Test(arguments: [1, 3])
    func `a broadcast counts exactly those who get it`(threads: Int) throws {
        let server = try Self.server(threads: threads)
        let id = try Self.session(server, #"{"userId":"u1","roles":["service"]}"#)
        let clients = try (0..<12).map { _ in try Self.open(server, "/ws/events", id) }
        _ = try Self.open(server, "/ws/help", id)
        for (index, client) in clients.enumerated() where index % 3 == 0 {
            try client.say(#"{"type":"join_room","room":"kiosk-1"}"#)
            #expect(try client.hear()["type"]?.string == "room_joined")
        }
        func broadcast(_ extra: String) throws -> JSONValue {
            let body = #"{"namespace":"/ws/events","event":"e","data":[1]\#(extra)}"#
            return try server.connect().request(
                "/api/websocket/broadcast", "POST", fields: Self.bearer(id), body: body
            ).document
        }
        #expect(try broadcast("")["recipients"]?.integer == 12)
        #expect(try broadcast(#","room":"kiosk-1""#)["recipients"]?.integer == 4)
        for (index, client) in clients.enumerated() {
            for _ in 0..<(index % 3 == 0 ? 2 : 1) { #expect(try client.hear()["data"] == [1]) }
            try client.say(#"{"type":"ping"}"#)
            #expect(try client.hear()["type"]?.string == "pong")
        }
    }
}
