import SessionCodec
import Testing

@Suite struct EndpointTests {
    /// Text, host, port, TLS, target, `Host`, and the URL it is printed as.
    static let hosts: [(String, String, UInt16, Bool, String, String, String)] = [
        ("ws://localhost:8765", "localhost", 8765, false, "/", "localhost:8765", "ws://localhost:8765/"),
        ("wss://example.org/ws?v=2", "example.org", 443, true, "/ws?v=2", "example.org", "wss://example.org/ws?v=2"),
        ("http://h", "h", 80, false, "/", "h", "ws://h/"),
        ("HTTPS://h:80?q", "h", 80, true, "/?q", "h:80", "wss://h:80/?q"),
        ("wss://h:443/", "h", 443, true, "/", "h", "wss://h/"),
        (":8765/path", "localhost", 8765, false, "/path", "localhost:8765", "ws://localhost:8765/path"),
        (":80", "localhost", 80, false, "/", "localhost", "ws://localhost/"),
        ("localhost:8765", "localhost", 8765, false, "/", "localhost:8765", "ws://localhost:8765/"),
        ("127.0.0.1:9001/echo", "127.0.0.1", 9001, false, "/echo", "127.0.0.1:9001", "ws://127.0.0.1:9001/echo"),
        ("ws://[::1]:8765/a", "::1", 8765, false, "/a", "[::1]:8765", "ws://[::1]:8765/a"),
        ("ws://[fe80::1%eth0]", "fe80::1%eth0", 80, false, "/", "[fe80::1%eth0]", "ws://[fe80::1%eth0]/"),
        ("[::]:1", "::", 1, false, "/", "[::]:1", "ws://[::]:1/"),
        ("ws://h/ä b?c=\"d\"", "h", 80, false, "/%C3%A4%20b?c=%22d%22", "h", "ws://h/%C3%A4%20b?c=%22d%22"),
        ("ws://a_b-c.d:65535", "a_b-c.d", 65535, false, "/", "a_b-c.d:65535", "ws://a_b-c.d:65535/"),
        ("ws://h/a@b:c", "h", 80, false, "/a@b:c", "h", "ws://h/a@b:c"),
    ]

    @Test(arguments: hosts.indices)
    func `a URL names host, port and target`(place: Int) throws {
        let (text, host, port, isSecure, target, authority, description) = Self.hosts[place]
        let endpoint = try Endpoint(parsing: text)
        #expect(endpoint.address == .host(host, port: port))
        #expect(endpoint.isSecure == isSecure && endpoint.target == target)
        #expect(endpoint.authority == authority)
        #expect(endpoint.description == description)
        #expect(try Endpoint(parsing: endpoint.description) == endpoint)
    }

    @Test(
        arguments: [
            ("ws://h:1/", "http://h:1"), ("wss://h/a?token=x", "https://h/a"), (":8080", "http://localhost:8080"),
            ("http://[::1]:1/b/", "http://[::1]:1/b/"), ("unix:x.sock:/a?token=x", "unix:x.sock:/a"),
        ])
    func `over HTTP it is called by the schemes of HTTP`(text: String, called: String) throws {
        #expect(try Endpoint(parsing: text).httpDescription == called)
    }

    @Test func `what a URL is called in public has no query`() throws {
        #expect(try Endpoint(parsing: "wss://h/a?token=x").publicDescription == "wss://h/a")
        #expect(try Endpoint(parsing: "unix:x.sock:/a?token=x").publicDescription == "unix:x.sock:/a")
        #expect(try Endpoint(parsing: ":1?token=x").publicDescription == "ws://localhost:1/")
    }

    @Test(arguments: [
        ("unix:/run/x.sock", "/run/x.sock", "/", "unix:/run/x.sock"),
        ("unix:///run/x.sock", "/run/x.sock", "/", "unix:/run/x.sock"),
        ("unix:/run/x.sock:/ws?a", "/run/x.sock", "/ws?a", "unix:/run/x.sock:/ws?a"),
        ("ws+unix:/run/x.sock:/", "/run/x.sock", "/", "unix:/run/x.sock"),
        ("unix:x.sock", "x.sock", "/", "unix:x.sock"), ("unix:a:b", "a:b", "/", "unix:a:b"),
    ])
    func `a Unix socket may have a target behind a colon`(
        text: String, path: String, target: String, description: String
    ) throws {
        let endpoint = try Endpoint(parsing: text)
        #expect(endpoint.address == .unix(path: path))
        #expect(endpoint.target == target && !endpoint.isSecure)
        #expect(endpoint.authority == "localhost")
        #expect(endpoint.description == description)
        #expect(endpoint.withTarget("/readyz").target == "/readyz")
    }

    @Test(arguments: [
        ("", "the host is missing"), ("ws://", "the host is missing"), ("/path", "the host is missing"),
        ("ftp://h", "the scheme must be ws, wss, http, https or unix"), ("ws://h:0", "the port must be 1 to 65535"),
        ("ws://h:65536", "the port must be 1 to 65535"), ("ws://h:", "the port must be 1 to 65535"),
        ("ws://h:+1", "the port must be 1 to 65535"), ("ws://h:80a", "the port must be 1 to 65535"),
        ("ws://::1", "an IPv6 address needs brackets, as in ws://[::1]:8765"),
        ("ws://[::1", "the bracket [ is not closed"), ("ws://[::1]8", "a port must follow ] with a colon"),
        ("ws://[h]", "brackets hold an IPv6 address"), ("ws://[::1%]", "brackets hold an IPv6 address"),
        ("ws://a:b@h", "credentials do not belong into a URL; send them with --header"),
        ("ws://h/#f", "a URL of a WebSocket has no fragment (#)"),
        ("ws://ä", "the host has a character that no host name has"),
        ("ws://a b", "the host has a character that no host name has"), ("unix:", "unix: needs the path of a socket"),
        ("unix:/" + String(repeating: "a", count: 107), "the path of a Unix socket is at most 107 bytes long"),
    ])
    func `a text that is no such URL is refused with a reason`(text: String, reason: String) throws {
        let error = try #require(throws: EndpointError.self) { try Endpoint(parsing: text) }
        #expect(error.description == reason)
    }
}
