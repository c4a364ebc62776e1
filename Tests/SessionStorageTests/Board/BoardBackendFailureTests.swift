import SessionBase
import SessionClient
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionStorage
import Synchronization
import Testing

/// Backends that are slow, hang, die, lie, and come back.
@Suite struct BoardBackendFailureTests {
    private static let fixtures =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        + "/Fixtures/tls/"

    @Test func `a backend that hangs is unavailable when the time is over, and others are served meanwhile`() throws {
        let scripted = try ScriptedBackend { call in
            call.request.head.target.contains("hang") ? [.pause(.seconds(60))] : [.answer(200, "[]")]
        }
        let running = try RunningBackend(scripted) { $0.timeout = .milliseconds(400) }
        let hanging = running.submit([.load(room: "hang")])
        #expect(running.load("fine") == .board("[]"))
        #expect(running.reply(to: hanging[0]) == nil)
        #expect(running.replies(to: hanging)[0].refusal?.contains("did not answer within 400") == true)
        #expect(BoardBackendConfiguration(endpoint: scripted.endpoint, secret: [1]).timeout == .seconds(5))
    }

    @Test func `an answer that drips cannot take longer than the whole exchange may`() throws {
        let drops = (0..<200).flatMap { _ in
            [ScriptedBackend.Step.pause(.milliseconds(20)), .text("1\r\nx\r\n")]
        }
        let scripted = try ScriptedBackend { _ in
            [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")] + drops
        }
        let running = try RunningBackend(scripted) { $0.timeout = .milliseconds(300) }
        #expect(running.load().refusal?.contains("did not answer") == true)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,2",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n", "HTTP/1.1 200", "",
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\n[1]", "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ])
    func `half an answer is no board, and never an empty one`(answer: String) throws {
        let scripted = try ScriptedBackend { _ in [.text(answer), .end] }
        let running = try RunningBackend(scripted)
        #expect(running.load().refusal != nil)
    }

    @Test func `a board that ends with the connection is taken, and a new connection made for the next one`() throws {
        let scripted = try ScriptedBackend { _ in [.text("HTTP/1.0 200 OK\r\n\r\n[1]"), .end] }
        let running = try RunningBackend(scripted)
        for _ in 0..<3 { #expect(running.load() == .board("[1]")) }
        #expect(scripted.connections == 3)
    }

    @Test func `a connection that the backend ended is replaced, for loads and stores`() throws {
        let scripted = try ScriptedBackend { call in
            // Twice on each connection: the second time without a word, as a server does whose patience was over.
            [.answer(200, "[\(call.connection)]")]
        }
        let running = try RunningBackend(scripted)
        #expect(running.load() == .board("[0]"))
        scripted.turn { call in call.connection == 0 ? [.end] : [.answer(200, "[\(call.connection)]")] }
        #expect(running.load() == .board("[1]"))
        scripted.turn { call in call.connection == 1 ? [.reset] : [.answer(200)] }
        #expect(running.store() == .stored)
        #expect(scripted.calls.map(\.connection) == [0, 0, 1, 1, 2])
        // It is tried again once, and not for ever.
        scripted.turn { _ in [.end] }
        #expect(running.store().refusal?.contains("without an answer") == true)
        #expect(scripted.calls.count == 7)
    }

    @Test func `an idle connection that ends is no trouble`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(200, "[]"), .pause(.milliseconds(30)), .end] }
        let running = try RunningBackend(scripted)
        for _ in 0..<3 {
            #expect(running.load() == .board("[]"))
            Waiting.pause(milliseconds: 60)
        }
        #expect(scripted.connections == 3)
        #expect(scripted.calls.count == 3)
    }

    @Test func `a connection is kept only where the backend keeps it, and says nothing more`() throws {
        let scripted = try ScriptedBackend { call in
            switch call.connection {
            case 0: [.answer(200, "[0]", ["Connection": "close"])]
            case 1: [.answer(200, "[1]"), .answer(200, "[of nobody]")]
            default: [.answer(200, "[2]")]
            }
        }
        let running = try RunningBackend(scripted)
        for number in [0, 1, 2, 2] { #expect(running.load() == .board("[\(number)]")) }
        #expect(scripted.connections == 3)
    }

    @Test func `a backend that refuses a body before it has all of it is heard`() throws {
        let listener = try Listener(.loopback(port: 0))
        let port = try #require(listener.address.port)
        let thread = try SystemThread(name: "early") {
            Waiting.until("a connection comes") {
                guard case .accepted(let descriptor, _) = listener.accept() else { return false }
                let socket = OwnedDescriptor(adopting: descriptor)
                _ = Socket.send(
                    socket.rawValue, Array("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n".utf8).span)
                Waiting.pause(milliseconds: 300)
                return true
            }
        }
        let endpoint = Endpoint(address: .host("127.0.0.1", port: port))
        let running = try RunningBackend(
            BoardBackendConfiguration(endpoint: endpoint, secret: RunningBackend.secret))
        let body = String(repeating: "x", count: 8 << 20)
        #expect(running.store("r", body) == .refused(status: 413))
        thread.join()
    }

    @Test func `a backend that dies is unavailable until it is back, and the news are few`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(200, "[]")] }
        let running = try RunningBackend(scripted)
        #expect(running.load() == .board("[]"))
        scripted.kill()
        for _ in 0..<5 { #expect(running.load().refusal != nil) }
        try scripted.revive()
        for _ in 0..<5 { #expect(running.load() == .board("[]")) }
        guard running.news.count == 2, case .lost(let reason) = running.news[0], running.news[1] == .found else {
            Issue.record("the news are \(running.news)")
            return
        }
        #expect(reason.contains("refused"))
    }

    @Test func `a refusal is told once, and what is secret not at all`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(401)] }
        let running = try RunningBackend(scripted)
        for _ in 0..<5 { #expect(running.store() == .refused(status: 401)) }
        #expect(running.news == [.refused(status: 401)])
    }

    @Test func `a board that somebody else changed is told once`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(409)] }
        let running = try RunningBackend(scripted)
        for _ in 0..<5 { #expect(running.store() == .conflict) }
        #expect(running.news == [.conflict])
    }

    @Test func `a name that is not found is unavailable, and a resolver that hangs holds up nobody for ever`() throws {
        var configuration = BoardBackendConfiguration(
            endpoint: Endpoint(address: .host("backend.invalid", port: 80)), secret: RunningBackend.secret)
        configuration.timeout = .milliseconds(300)
        let found = Mutex<[BackendReply]>([])
        let calls = Mutex(0)
        let backend = try BoardBackend(
            configuration,
            resolve: { endpoint throws(ResolutionError) in
                if calls.withLock({
                    $0 += 1
                    return $0
                }) == 1 {
                    throw ResolutionError(host: endpoint.host, reason: "no such name", isTemporary: false)
                }
                Waiting.pause(milliseconds: 900)
                return []
            }, listener: { _ in })
        try backend.start { _, answers in found.withLock { $0 += answers.map(\.reply) } }
        backend.submit([BackendCall(ticket: 1, request: .load(room: "r"))], from: 0)
        Waiting.until("the first is answered") { found.withLock { $0.count } == 1 }
        #expect(found.withLock { $0[0].refusal }?.contains("no such name") == true)
        backend.submit((2...4).map { BackendCall(ticket: $0, request: .load(room: "r")) }, from: 0)
        Waiting.until("the others are answered") { found.withLock { $0.count } == 4 }
        #expect(found.withLock { $0[1...].allSatisfy { $0.refusal?.contains("was not found within") == true } })
        #expect(calls.withLock { $0 } == 2)
        backend.stop()
    }

    @Test func `each address of a name is tried`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(200, "[]")] }
        let dead = try Listener(.loopback(port: 0)).address
        let configuration = BoardBackendConfiguration(
            endpoint: Endpoint(address: .host("backend.test", port: 80)), secret: RunningBackend.secret)
        let live = try #require(SocketAddress(numericHost: "127.0.0.1", port: scripted.endpoint.port))
        let backend = try BoardBackend(configuration, resolve: { _ in [dead, live] }, listener: { _ in })
        let found = Mutex<[BackendReply]>([])
        try backend.start { _, answers in found.withLock { $0 += answers.map(\.reply) } }
        backend.submit([BackendCall(ticket: 1, request: .load(room: "r"))], from: 0)
        Waiting.until("it is answered") { found.withLock { !$0.isEmpty } }
        #expect(found.withLock { $0 } == [.board("[]")])
        #expect(scripted.calls.first?.field("Host") == "backend.test")
        backend.stop()
    }

    private static func secured(_ name: String) throws -> ScriptedBackend {
        let identity = TLSContext.Identity(
            certificateChain: try Files.read(fixtures + name + ".pem"),
            privateKey: try Files.read(fixtures + name + "-key.pem"))
        return try ScriptedBackend(tls: try TLSContext(serverIdentity: identity)) { call in
            [.answer(200, String(repeating: "x", count: 100_000))]
        }
    }

    @Test func `boards come and go over TLS, on connections that are kept`() throws {
        let scripted = try Self.secured("server")
        let running = try RunningBackend(scripted) { $0.security.authoritiesPath = Self.fixtures + "authority.pem" }
        #expect(running.load() == .board(String(repeating: "x", count: 100_000)))
        let body = String(repeating: "y", count: 1 << 20)
        #expect(running.store("r", body) == .stored)
        #expect(scripted.calls.last?.request.body.count == body.utf8.count)
        #expect(scripted.connections == 1)
    }

    @Test func `a certificate that proves nothing is unavailable, and nothing is sent`() throws {
        let untrusted = try Self.secured("server")
        #expect(try RunningBackend(untrusted).load().refusal != nil)
        let expired = try Self.secured("expired")
        let running = try RunningBackend(expired) { $0.security.authoritiesPath = Self.fixtures + "authority.pem" }
        #expect(running.load().refusal?.contains("expired") == true)
        #expect(untrusted.calls.isEmpty && expired.calls.isEmpty)
    }

    @Test func `files that are missing and secrets that are none are told before anything is sent`() throws {
        var configuration = BoardBackendConfiguration(
            endpoint: Endpoint(address: .host("127.0.0.1", port: 1), isSecure: true), secret: RunningBackend.secret)
        configuration.security.authoritiesPath = "/nowhere.pem"
        #expect(throws: StorageError.self) { try BoardBackend(configuration) { _ in } }
        configuration.security.authoritiesPath = nil
        configuration.secret = []
        #expect(throws: StorageError.self) { try BoardBackend(configuration) { _ in } }
    }
}

extension Endpoint {
    /// The port of a host.
    fileprivate var port: UInt16 { if case .host(_, let port) = address { port } else { 0 } }
}
