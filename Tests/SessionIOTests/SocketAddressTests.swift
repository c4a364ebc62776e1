import SessionIO
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: [
        "127.0.0.1:8765", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:80", "[::]:8080", "[2001:db8::1]:443",
        "[fe80::1:0:0:1]:1", "[1:2:3:4:5:6:7:8]:9", "[1:0:0:2::3]:9", "[::ffff:10.0.0.1]:7",
        "unix:/run/sessionctl/1.sock",
    ])
    func `a canonical address reads back as it was written`(text: String) throws {
        let address = try #require(SocketAddress(text))
        #expect("\(address)" == text)
    }

    @Test(arguments: [
        ("[0:0:0:0:0:0:0:1]:80", "[::1]:80"), ("[2001:DB8:0::0:1]:1", "[2001:db8::1]:1"),
        ("[::FFFF:7f00:1]:5", "[::ffff:127.0.0.1]:5"), ("[1:2:3:4:5:6:1.2.3.4]:5", "[1:2:3:4:5:6:102:304]:5"),
        ("[0:1:2:3:4:5:6:7]:5", "[0:1:2:3:4:5:6:7]:5"), ("[1::]:5", "[1::]:5"),
    ])
    func `other spellings are the same address`(text: String, canonical: String) throws {
        let address = try #require(SocketAddress(text))
        #expect("\(address)" == canonical)
    }

    @Test(arguments: [
        "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+8", "127.0.0.1:-1", "127.0.0:80",
        "127.0.0.256:80", "127.0.0.01:80", "1.2.3.4.5:80", "::1:80", "[::1]", "[]:80", "[::1:80", "[:::]:80",
        "[1:2:3:4:5:6:7]:80", "[1:2:3:4:5:6:7:8:9]:80", "[1::2::3]:80", "[12345::]:80", "[g::]:80", "[+1::]:80",
        "[1.2.3.4::]:80", "[1:]:80", "unix:", "localhost:80", "127.0.0.1:8 0",
    ])
    func `what is no numeric address is refused`(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test(arguments: [
        ("localhost:80", "localhost", 80), ("[::1]:9", "::1", 9), ("[::]:0", "::", 0),
        ("example.com:65535", "example.com", 65535),
    ])
    func `host and port are split, whatever the host is`(text: String, host: String, port: UInt16) throws {
        let parts = try #require(SocketAddress.split(text))
        #expect(parts.host == host)
        #expect(parts.port == port)
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.200.0.9:1", true), ("[::1]:1", true), ("[::ffff:127.0.0.1]:1", true),
        ("unix:/x", true), ("128.0.0.1:1", false), ("0.0.0.0:1", false), ("[::]:1", false), ("[::2]:1", false),
        ("[::ffff:10.0.0.1]:1", false), ("[1::1]:1", false),
    ])
    func `loopback is this machine alone`(text: String, expected: Bool) throws {
        #expect(try #require(SocketAddress(text)).isLoopback == expected)
    }

    @Test func `a mapped address is the IPv4 one`() throws {
        let mapped = try #require(SocketAddress("[::ffff:192.0.2.7]:80"))
        #expect(mapped.canonical == .ipv4(0xc000_0207, port: 80))
        #expect(mapped.canonical.host == "192.0.2.7")
    }

    @Test func `an address takes no more than three words`() {
        #expect(MemoryLayout<SocketAddress>.size <= 24)
    }
}

@Suite struct ResolverTests {
    @Test func `numeric hosts need no look-up`() throws {
        #expect(try Resolver.addresses(host: "192.0.2.1", port: 7) == [.ipv4(0xc000_0201, port: 7)])
        #expect(try Resolver.addresses(host: "::1", port: 7) == [.ipv6(high: 0, low: 1, scope: 0, port: 7)])
    }

    @Test func `localhost is this machine`() throws {
        let found = try Resolver.addresses(host: "localhost", port: 80)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.isLoopback && $0.port == 80 })
    }

    @Test func `a name that cannot exist is reported with its name`() {
        let error = #expect(throws: ResolutionError.self) {
            try Resolver.addresses(host: "no-such-host.invalid", port: 80)
        }
        #expect(error?.description.hasPrefix("cannot find the host no-such-host.invalid: ") == true)
    }
}
