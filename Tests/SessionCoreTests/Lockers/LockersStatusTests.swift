import SessionBase
import SessionCodec
import SessionCore
import Testing

/// `GET /api/websocket/status` (seed 004, PROTOCOLS 4-18 to 4-20).
@Suite struct LockersStatusTests {
    @Test(arguments: [1, 2])
    func `the status has the seed's keys and nothing else`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        for (path, count) in [("/ws/lockers", 5), ("/ws/help", 2), ("/ws/events", 3)] {
            for index in 0..<count { _ = node.open(path, loop: index % loops) }
        }
        let latencies = ["median": 45, "p95": 120, "p99": 200]
        for (milliseconds, count) in [(45, 90), (120, 8), (200, 2)] {
            for index in 0..<count {
                node.change(index % loops) {
                    $0.measured(.milliseconds(milliseconds), of: ConnectionID(slot: 0, generation: 7))
                }
            }
        }
        #expect(
            try node.status()
                == [
                    "status": "active", "namespaces": ["/ws/lockers": 5, "/ws/help": 2, "/ws/events": 3],
                    "total_connections": 10,
                    "latency_metrics": [
                        "median": .number("\(latencies["median"] ?? 0)"), "p95": .number("\(latencies["p95"] ?? 0)"),
                        "p99": .number("\(latencies["p99"] ?? 0)"), "connection_count": 10,
                    ], "timestamp": "2024-01-15T10:30:00.000Z",
                ])
    }

    @Test func `without round trips all latencies are zero`() throws {
        var node = LockersFixture(loops: 2)
        let metrics = try node.status()["latency_metrics"]
        #expect(metrics == ["median": 0, "p95": 0, "p99": 0, "connection_count": 0])
    }

    @Test func `connections that are gone are not counted`() throws {
        var node = LockersFixture(loops: 2)
        let clients = (0..<4).map { node.join(loop: $0 % 2) }
        node.close(clients[0])
        node.close(clients[3])
        #expect(try node.status()["total_connections"]?.integer == 2)
    }

    @Test func `details tell of broadcasts and of this node`() throws {
        var node = LockersFixture(loops: 2)
        _ = node.join()
        _ = node.join(loop: 1)
        for _ in 0..<3 { try node.broadcast() }
        let written = node.moment.instant + .milliseconds(12)
        for loop in 0..<2 { node.change(loop) { if $0.isWriting { $0.wrote(at: written) } } }
        let status = try node.status("?details=1")
        #expect(status["latency_metrics"]?["broadcast"] == ["median": 12, "p95": 12, "p99": 12])
        #expect(status["node"] == ["total_connections": 2])
        #expect(node.machines.allSatisfy { !$0.isWriting })
    }

    @Test func `a server that is about to close says so, and one that lacks something too`() throws {
        var node = LockersFixture(loops: 2)
        node.change(1) { $0.isDegraded = true }
        #expect(try node.status()["status"]?.string == "degraded")
        node.change(1) { $0.configuration.isDraining = true }
        #expect(try node.status()["status"]?.string == "draining")
        node.change(1) { ($0.configuration.isDraining, $0.isDegraded) = (false, false) }
        #expect(try node.status()["status"]?.string == "active")
        node.change(0) { $0.stopping() }
        #expect(try node.status()["status"]?.string == "draining")
    }

    @Test func `statistics add up over loops`() {
        var node = LockersFixture(loops: 2)
        for loop in 0..<2 { _ = node.join(loop: loop, as: .of("u\(loop)"), rooms: "kiosk-1", "kiosk-2") }
        _ = node.join("/ws/help", as: nil)
        var whole = node.machines[0].statistics
        whole.merge(node.machines[1].statistics)
        #expect((whole.connections, whole.anonymous, whole.users) == (3, 1, 2))
        #expect((whole.rooms, whole.memberships) == (2, 4))
        #expect(whole.namespaces == ["/ws/lockers": 2, "/ws/help": 1])
    }

    @Test func `messages are counted by type, each receiver for itself`() throws {
        var node = LockersFixture(loops: 2)
        for loop in 0..<2 {
            let client = node.join(loop: loop)
            _ = node.ask(#"{"type":"ping"}"#, on: client)
        }
        try node.broadcast("something")
        _ = try node.call(
            "POST", "/api/websocket/events/locker-state",
            #"{"lockerId":"l","oldState":"a","newState":"b","kioskId":"k"}"#)
        var counters = node.machines[0].counters
        counters.merge(node.machines[1].counters)
        #expect(counters.received(of: .ping) == 2)
        #expect(counters.sent(of: .connection) == 2)
        #expect(counters.sent(of: .other) == 2)
        #expect(counters.sent(of: .lockerStateChanged) == 2)
        #expect(counters.requests == 2)
    }
}

/// Percentiles of the last latencies (PROTOCOLS 4-18).
@Suite struct LatencyWindowTests {
    @Test func `a percentile is the sample that so many are not above`() {
        var window = LatencyWindow(capacity: 1024)
        for milliseconds in (1...100).shuffled() { window.record(.milliseconds(milliseconds)) }
        #expect(LatencyWindow.percentiles([0.5, 0.95, 0.99, 1, 0], of: [window]) == [50, 95, 99, 100, 1])
    }

    @Test func `the oldest samples give way`() {
        var window = LatencyWindow(capacity: 10)
        for milliseconds in 1...25 { window.record(.milliseconds(milliseconds)) }
        #expect(window.count == 10)
        #expect(LatencyWindow.percentiles([0, 1], of: [window]) == [16, 25])
    }

    @Test func `windows of several loops count together`() {
        var windows = [LatencyWindow(capacity: 4), LatencyWindow(capacity: 4), LatencyWindow(capacity: 0)]
        for milliseconds in [10, 20, 30] { windows[0].record(.milliseconds(milliseconds)) }
        windows[1].record(.milliseconds(40))
        windows[2].record(.nanoseconds(-5))
        #expect(LatencyWindow.percentiles([0.5, 1], of: windows) == [20, 40])
        #expect(LatencyWindow.percentiles([0.5], of: []) == [0])
    }

    @Test func `half a millisecond is one, less is none`() {
        var window = LatencyWindow(capacity: 4)
        window.record(.microseconds(500))
        #expect(LatencyWindow.percentiles([0.5], of: [window]) == [1])
        window.record(.microseconds(499))
        #expect(LatencyWindow.percentiles([0.5], of: [window]) == [0])
    }
}
