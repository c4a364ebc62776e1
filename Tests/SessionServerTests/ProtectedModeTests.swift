import Glibc
import SessionCodec
import SessionIO
import SessionServer
import Testing

/// Who is kept out while nobody has named a host (PROTOCOLS §1.5), seen from this machine's own address on a network.
@Suite(.enabled(if: ownAddress != nil, "this machine has no address but loopback"))
struct ProtectedModeTests {
    private func server(isHostSpelledOut: Bool) throws -> RunningServer {
        try RunningServer {
            $0.listeners[0].address = .ipv4(0, port: 0)
            $0.listeners[0].isHostSpelledOut = isHostSpelledOut
        }
    }

    /// The server as a stranger reaches it.
    private func outside(_ server: RunningServer) throws -> SocketAddress {
        try #require(ownAddress).with(port: try #require(server.address.port))
    }

    @Test func `a stranger is refused with a sentence on what to do, loopback is served`() throws {
        let server = try server(isHostSpelledOut: false)
        let refusal = try #require(try server.connect(try outside(server)).tryOpen())
        #expect(refusal.status == .forbidden)
        #expect(try refusal.document["error"] == "PROTECTED_MODE")
        #expect(try refusal.document["message"]?.string?.contains("--host 0.0.0.0") == true)
        let local = SocketAddress.loopback(port: try #require(server.address.port))
        #expect(try server.connect(local).tryOpen() == nil)
        #expect(try server.metric(#"connections_refused_total{reason="protected_mode"}"#) == 1)
    }

    @Test func `a stranger is served where the host was named`() throws {
        let server = try server(isHostSpelledOut: true)
        #expect(try server.connect(try outside(server)).tryOpen() == nil)
    }

    @Test func `sync with tokens keeps nobody out, open sync every stranger`() throws {
        let closed = try RunningServer.closedSync { $0.listeners[0].address = .ipv4(0, port: 0) }
        #expect(try closed.connect(try outside(closed)).request("/session/x").status == .unauthorized)
        #expect(try closed.connect(try outside(closed)).tryOpen("/ws") == nil)
        let open = try RunningServer.openSync { $0.listeners[0].address = .ipv4(0, port: 0) }
        for target in ["/session/x", "/session/snapshot"] {
            let refusal = try open.connect(try outside(open)).request(target)
            #expect(try refusal.document["error"] == "PROTECTED_MODE")
        }
        #expect(try open.connect(try outside(open)).tryOpen("/ws")?.status == .forbidden)
        #expect(try open.metric(#"insecure{profile="sync"}"#) == 0)
        let exposed = try RunningServer.openSync {
            $0.listeners[0].address = .ipv4(0, port: 0)
            $0.listeners[0].isHostSpelledOut = true
        }
        #expect(try exposed.metric(#"insecure{profile="sync"}"#) == 1)
    }
}

/// An IPv4 address of this machine that is not loopback; `nil` where it has none.
private let ownAddress: SocketAddress? = {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
        guard let address = entry?.pointee.ifa_addr, address.pointee.sa_family == AF_INET else { continue }
        var host = [CChar](repeating: 0, count: 64)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard getnameinfo(address, length, &host, 64, nil, 0, NI_NUMERICHOST) == 0 else { continue }
        let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let found = SocketAddress(numericHost: text, port: 0), !found.isLoopback { return found }
    }
    return nil
}()
