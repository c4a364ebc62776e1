import SessionBase
import SessionCore
import SessionIO
import SessionStorage
import TestSupport
import Testing

/// Whom Redis lets in, over what, and which keys are used there.
@Suite struct RedisAccessTests {
    private static let certificates =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        + "/Fixtures/tls/"

    /// Waits until an engine says that it is down, and why.
    private func waitUntilDown(_ engine: RunningEngine, _ reason: String) {
        Waiting.until("the engine never said: \(reason)") {
            if case .down(let text) = engine.engine.health { text.contains(reason) } else { false }
        }
    }

    private func address(_ url: String) throws -> RedisAddress {
        guard case .redis(let address) = try StorageLocation(url) else { preconditionFailure("no URL of Redis") }
        return address
    }

    @Test func `a user with a password and the rights on our keys is enough`() async throws {
        let server = try RedisServer()
        try server.run("ACL", "SETUSER", "ann", "on", ">s3cret", "~sessionctl:*", "+@all", "-@dangerous", "-@admin")
        var address = server.address
        (address.user, address.password) = ("ann", "s3cret")
        let engine = try RunningEngine(RedisEngine(address, .few))
        #expect(await engine.write("a", owner: "ann") == .written)
        #expect(await engine.page(owner: "ann").names == ["a"])
        #expect(await engine.statistics()?.documents == 1)
    }

    @Test func `a wrong password is named without being shown, and the right one heals it`() async throws {
        let server = try RedisServer(["--requirepass", "right"])
        var address = server.address
        address.password = "wr0ng"
        let engine = try RunningEngine(RedisEngine(address, .few))
        let read = engine.submit([.read(DocumentKey(.sessions, "a"))])
        waitUntilDown(engine, "WRONGPASS")
        if case .down(let reason) = engine.engine.health { #expect(!reason.contains("wr0ng")) }
        try server.run("-a", "right", "--no-auth-warning", "CONFIG", "SET", "requirepass", "wr0ng")
        #expect(await engine.replies(to: read) == [.found(nil)])
    }

    @Test func `no password where one is wanted is told`() async throws {
        let server = try RedisServer(["--requirepass", "right"])
        let engine = try RunningEngine(RedisEngine(server.address, .few))
        waitUntilDown(engine, "NOAUTH")
        withExtendedLifetime(engine) {}
    }

    @Test func `a database of its own is used where one is named`() async throws {
        let server = try RedisServer()
        var address = server.address
        address.database = 3
        let engine = try RunningEngine(RedisEngine(address, .few))
        #expect(await engine.write("a") == .written)
        #expect(try server.run("-n", "0", "DBSIZE") == "0\n")
        #expect(try server.run("-n", "3", "EXISTS", "sessionctl:{sessions}:d:a") == "1\n")
    }

    @Test func `TLS is spoken, and a server that cannot be trusted is not spoken to`() async throws {
        let port = try Self.freePort()
        let server = try RedisServer([
            "--tls-port", "\(port)", "--tls-auth-clients", "no",
            "--tls-cert-file", Self.certificates + "server.pem",
            "--tls-key-file", Self.certificates + "server-key.pem",
            "--tls-ca-cert-file", Self.certificates + "authority.pem",
        ])
        let url = "rediss://localhost:\(port)/0"
        let engine = try RunningEngine(
            RedisEngine(try address(url + "?cacert=\(Self.certificates)authority.pem"), .few))
        let body = [UInt8](repeating: 7, count: 200_000)
        #expect(await engine.write("a", body) == .written)
        #expect(await engine.read("a")?.body == body)

        let careless = try RunningEngine(RedisEngine(try address(url + "?verify=off"), .few))
        #expect(await careless.read("a")?.body == body)

        let careful = try RunningEngine(RedisEngine(try address(url), .few))
        waitUntilDown(careful, "the certificate of localhost is not trusted")
        withExtendedLifetime(server) {}
    }

    @Test func `TLS against a server without it says so`() async throws {
        let port = try Self.freePort()
        let server = try RedisServer(["--port", "\(port)"])
        let engine = try RunningEngine(RedisEngine(try address("rediss://127.0.0.1:\(port)?verify=off"), .few))
        waitUntilDown(engine, "127.0.0.1:\(port)")
        let plain = try RunningEngine(RedisEngine(try address("redis://127.0.0.1:\(port)"), .few))
        #expect(await plain.write("a") == .written)
        withExtendedLifetime((engine, server)) {}
    }

    @Test func `an authority's file that is missing is an error at the start`() throws {
        let address = try address("rediss://localhost?cacert=/nowhere/ca.pem")
        #expect {
            try RedisEngine(address, .few)
        } throws: { error in
            "\(error)".contains("/nowhere/ca.pem")
        }
    }

    @Test func `all keys carry our prefix and their collection's tag, and go when their documents do`() async throws {
        let server = try RedisServer()
        let engine = try RunningEngine(RedisEngine(server.address, .few))
        #expect(await engine.write("a", owner: "ann", expiresAt: 1000) == .written)
        #expect(await engine.write("b", owner: "bob") == .written)
        let keys = try server.run("KEYS", "*").split(separator: "\n")
        #expect(keys.count == 9)
        #expect(keys.allSatisfy { $0.hasPrefix("sessionctl:{sessions}:") })
        #expect(Int(try server.run("PTTL", "sessionctl:{sessions}:d:a").dropLast()) ?? 0 > 86_400_000)
        #expect(try server.run("PTTL", "sessionctl:{sessions}:d:b") == "-1\n")
        // Statistics sweep what is over.
        #expect(await engine.statistics(at: 2000)?.documents == 1)
        #expect(try server.run("EXISTS", "sessionctl:{sessions}:d:a", "sessionctl:{sessions}:o:ann") == "0\n")
        #expect(await engine.ask(.remove(DocumentKey(.sessions, "b"))) == .removed(true))
        #expect(try server.run("KEYS", "*") == "sessionctl:{sessions}:figures\n")
    }

    /// A port of loopback that nobody listens on at the moment.
    private static func freePort() throws -> UInt16 {
        let listener = try Listener(.loopback(port: 0))
        return listener.address.port ?? 0
    }
}
