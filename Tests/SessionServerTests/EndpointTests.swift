import SessionBase
import SessionCodec
import SessionIO
import SessionServer
import Testing

/// Plain HTTP, from outside (PROTOCOLS §1.2 number 4, C14, §1.6).
@Suite struct EndpointTests {
    @Test(arguments: [1, 2])
    func `every endpoint answers GET, HEAD with the same length, and has a request id`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let client = try server.connect()
        for path in ["/healthz", "/readyz", "/startupz", "/metrics", "/varz", "/connz", "/stats"] {
            let response = try client.request(path)
            #expect(response.status == .ok, "\(path)")
            #expect(response.fields["X-Request-Id"]?.utf8.count == 16, "\(path)")
            #expect(response.fields["Date"] != nil)
            let head = try client.request(path, "HEAD")
            #expect(head.status == .ok)
            #expect(head.body.isEmpty)
            if path != "/varz", path != "/metrics" { #expect(head.fields["Content-Length"] != nil) }
        }
    }

    @Test func `HEAD gets no body, also where it asks for a WebSocket`() throws {
        let server = try RunningServer()
        let client = try server.connect()
        try client.write("HEAD / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        let answer = try client.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 405 ") && answer.hasSuffix("\r\n\r\n"))
    }

    @Test func `probes and statistics say what the node does`() throws {
        let server = try RunningServer()
        let window = try server.window("u", "w", case: "C")
        #expect(try server.get("/healthz").document == ["status": "ok"])
        #expect(try server.get("/readyz").document == ["status": "ready"])
        let stats = try server.get("/stats").document
        #expect(stats["connections"]?.integer == 1)
        #expect(stats["users"]?.integer == 1)
        #expect(stats["registrations"]?.integer == 1)
        #expect(stats["uptime"]?.integer != nil)
        let variables = try server.get("/varz").document
        #expect(variables["version"] == "test")
        #expect(variables["connections"]?["awareness"]?.integer == 1)
        try window.close()
        #expect(try window.hearClose() == .normal)
        try eventually("the window is gone") { try server.get("/stats").document["registrations"]?.integer == 0 }
    }

    @Test(arguments: [1, 2])
    func `metrics are well-formed and count`(threads: Int) throws {
        let server = try RunningServer([.awareness, .echo], threads: threads)
        let window = try server.window("u", "w", case: "C")
        let text = String(decoding: try server.get("/metrics").body, as: UTF8.self)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            #expect(parts.count == 2 && Double(parts[1]) != nil, "\(line)")
        }
        #expect(text.contains("sessionctl_connections{profile=\"awareness\",node=\"self\"} 1\n"))
        #expect(text.contains("sessionctl_messages_in_total{profile=\"awareness\",type=\"register\"} 1\n"))
        #expect(text.contains("sessionctl_messages_out_total{profile=\"awareness\",type=\"registered\"} 1\n"))
        #expect(text.contains("sessionctl_drain_state 0\n"))
        #expect(text.contains("# TYPE sessionctl_handle_seconds histogram\n"))
        try window.close()
    }

    @Test(arguments: [1, 2])
    func `varz tells where services listen, how connections ended, and the longest queue`(threads: Int) throws {
        let server = try RunningServer([.awareness, .echo], threads: threads)
        let listeners = try #require(try server.get("/varz").document["listeners"]?.elements)
        #expect(listeners.count == 1, "the socket for /admin/* carries no service")
        #expect(listeners[0]["address"]?.string == server.address.description)
        #expect(listeners[0]["secure"] == false)
        #expect(listeners[0]["profiles"] == ["awareness", "echo"])
        let window = try server.window("u", "w", case: "C")
        try window.close()
        #expect(try window.hearClose() == .normal)
        try eventually("the close is counted") {
            try server.get("/varz").document["closes"] == [
                "awareness": ["1000": 1], "sync": [:], "channels": [:], "lockers": [:], "board": [:],
                "echo": [:],
            ]
        }
        let variables = try server.get("/varz").document
        #expect(variables["outq_bytes"]?.integer == 0)
        #expect(variables["outq_bytes_max"]?.integer == 0)
    }

    @Test func `the longest queue is remembered when its connection is gone`() throws {
        let server = try RunningServer([.echo])
        var client: TestClient? = try server.open("/echo")
        // More than the kernel's buffers of both ends hold, and nobody reads it.
        try client?.say([UInt8](repeating: 7, count: 16 << 20))
        try eventually("something waits") {
            try server.document("/varz")["outq_bytes_max"]?.integer ?? 0 > 1 << 20
        }
        let longest = try #require(try server.document("/varz")["outq_bytes_max"]?.integer)
        client = nil
        try eventually("nothing waits any more") { try server.document("/varz")["outq_bytes"]?.integer == 0 }
        #expect(try server.document("/varz")["outq_bytes_max"]?.integer ?? 0 >= longest)
    }

    @Test func `a method that an endpoint does not take is 405 with Allow`() throws {
        let server = try RunningServer()
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let response = try server.get("/healthz", method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.fields["Allow"] == "GET, HEAD")
            #expect(try response.document["error"] == "METHOD_NOT_ALLOWED")
        }
    }

    @Test func `a path where nothing is, is 404 on echo and a WebSocket on awareness`() throws {
        let echo = try RunningServer([.echo])
        let missing = try echo.get("/nowhere")
        #expect(missing.status == .notFound)
        #expect(try missing.document["error"] == "NOT_FOUND")
        #expect(try echo.connect().tryOpen("/nowhere")?.status == .notFound)
        let awareness = try RunningServer()
        let plain = try awareness.get("/anything")
        #expect(plain.status == .upgradeRequired)
        #expect(plain.fields["Upgrade"] == "websocket")
        #expect(plain.fields["Sec-WebSocket-Version"] == "13")
        #expect(try awareness.connect().tryOpen("/anything") == nil)
    }

    @Test func `errors have the shape of the contract`() throws {
        let server = try RunningServer([.echo])
        for response in [
            try server.get("/nowhere"), try server.get("/admin/config"), try server.get("/healthz", "PUT"),
        ] {
            #expect(response.fields["Content-Type"] == "application/json")
            let body = try response.document
            #expect(body["error"]?.string != nil)
            #expect(body["message"]?.string != nil)
            #expect(body["request_id"]?.string == response.fields["X-Request-Id"])
        }
    }

    @Test func `refusals of the parser have a request id too`() throws {
        let server = try RunningServer()
        for request in ["GET / HTTP/1.1\r\nBad Field: x\r\n\r\n", "GET /healthz HTTP/2.0\r\n\r\n", "nonsense\r\n\r\n"] {
            let client = try server.connect()
            try client.write(request)
            let answer = try client.readToEnd()
            #expect(answer.contains("\r\nX-Request-Id: "), "\(answer)")
            #expect(answer.contains("\r\nConnection: close\r\n"), "\(answer)")
        }
        let client = try server.connect()
        try client.write("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        #expect(try client.readToEnd().contains("\r\nX-Request-Id: "))
    }

    @Test(arguments: [1, 2])
    func `pipelined requests are answered in order, whichever loops must be asked`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let paths = ["/stats", "/healthz", "/varz", "/nowhere", "/readyz", "/connz", "/stats", "/healthz"]
        for _ in 0..<4 {
            let client = try server.connect()
            try client.write(paths.dropLast().map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            try client.write("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = try client.readToEnd()
            var rest = answer[...]
            // One mark in each body, looked for behind the one before it. The 426 of a plain GET ends the connection.
            for mark in ["\"connections\"", "{\"status\":\"ok\"}", "\"drain_state\"", "UPGRADE_REQUIRED"] {
                guard let place = rest.firstRange(of: mark) else {
                    Issue.record("\(mark) is missing or out of order in \(answer)")
                    return
                }
                rest = rest[place.upperBound...]
            }
        }
    }

    @Test(arguments: [1, 2])
    func `a long pipeline keeps its order`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        let client = try server.connect()
        let count = 200
        var text = ""
        for number in 0..<count {
            text += "GET \(number.isMultiple(of: 3) ? "/healthz" : "/stats") HTTP/1.1\r\nHost: a\r\n"
            text += number == count - 1 ? "Connection: close\r\n\r\n" : "\r\n"
        }
        try client.write(text)
        let bodies = try client.readToEnd().split(separator: "\r\n").filter { $0.hasPrefix("{") }
        #expect(bodies.count == count)
        for (number, body) in bodies.enumerated() {
            #expect(body.hasPrefix(number.isMultiple(of: 3) ? #"{"status""# : #"{"connections""#), "\(number): \(body)")
        }
    }

    @Test(arguments: [1, 2])
    func `a client that has said its last still gets its answer`(threads: Int) throws {
        let server = try RunningServer(threads: threads)
        for path in ["/healthz", "/stats"] {
            for _ in 0..<5 {
                let client = try server.connect()
                try client.write("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                client.endOutput()
                #expect(try client.readToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"), "\(path)")
            }
        }
    }

    @Test func `operations move to a listener of their own`() throws {
        let server = try RunningServer { $0.adminListener = .loopback(port: 0) }
        let operations = server.server.addresses[1]
        #expect(try server.get("/healthz").status == .upgradeRequired)
        #expect(try server.get("/stats").status == .ok)
        #expect(try server.connect(operations).request("/healthz").status == .ok)
        #expect(try server.connect(operations).request("/metrics").status == .ok)
        #expect(try server.connect(operations).request("/admin/config").status == .unauthorized)
        #expect(try server.ask("/admin/config").status == .ok)
    }

    @Test func `the announcements name services and addresses`() throws {
        let server = try RunningServer([.awareness, .echo])
        #expect(server.server.announcements == ["listening awareness+echo \(server.address)"])
    }
}
