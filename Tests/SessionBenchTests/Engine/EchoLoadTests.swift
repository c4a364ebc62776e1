import SessionBase
import SessionBench
import SessionCodec
import SessionIO
import Synchronization
import Testing

@Suite struct EchoLoadTests {
    /// A short run without a warm-up.
    private func plan(_ server: MischievousServer, _ arrival: Arrival, connections: Int = 1) -> LoadPlan {
        var plan = LoadPlan(targets: [server.endpoint], workload: .echo)
        plan.connections = connections
        plan.arrival = arrival
        plan.duration = .milliseconds(300)
        plan.warmUp = .zero
        // A run ends once everything is answered.
        plan.timeout = .seconds(30)
        plan.isSpinning = false
        plan.seed = 7
        return plan
    }

    @Test func `in the closed loop every request is answered once`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server, .closed(depth: 4), connections: 8))
        let counts = run.total.counts
        #expect(run.failure == nil)
        #expect(counts.sent > 32 && counts.sent == counts.planned && counts.received == counts.sent)
        #expect(run.total.service.count == counts.received && run.total.response.count == counts.received)
        #expect(counts.lost + counts.duplicated + counts.reordered + counts.wrong + counts.pushed == 0)
        #expect(counts.opened == 8 && counts.ends == ["1000": 8])
        #expect(server.closes == Array(repeating: 1000, count: 8))
    }

    @Test func `in the open loop exactly the profile's requests leave`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 2000)), connections: 3))
        let counts = run.total.counts
        #expect(counts.planned == 600 && counts.sent == 600 && counts.received == 600)
        #expect(run.total.slip.count == 600 && run.total.response.count == 600)
        #expect(run.total.response.maximum >= run.total.service.maximum)
    }

    @Test func `a reply that never comes is counted as lost once`() throws {
        let server = try MischievousServer { number, message in number % 10 == 9 ? [] : [.send(message)] }
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 1000)), connections: 2)
        plan.timeout = .seconds(2)
        let run = try LoadRun(plan)
        let counts = run.total.counts
        // 150 requests of each of the two connections, a tenth of which is dropped.
        #expect(counts.sent == 300 && counts.lost == 30 && counts.received == 270)
        #expect(counts.wrong + counts.duplicated + counts.reordered == 0)
    }

    @Test func `a reply that comes twice is counted as a duplicate`() throws {
        let server = try MischievousServer { number, message in
            number % 5 == 0 ? [.send(message), .send(message)] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        let counts = run.total.counts
        #expect(counts.sent == 300 && counts.received == 300 && counts.duplicated == 60)
        #expect(counts.lost + counts.wrong + counts.reordered == 0)
    }

    @Test func `a reply that a later one overtook is counted as reordered, with its own latency`() throws {
        let held = Mutex<[UInt8]>([])
        let server = try MischievousServer { number, message in
            // Every fourth waits for the one behind it.
            if number % 4 == 0 {
                held.withLock { $0 = message }
                return []
            }
            return number % 4 == 1 ? [.send(message), .send(held.withLock { $0 })] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        let counts = run.total.counts
        #expect(counts.sent == 300 && counts.received == 300 && counts.reordered == 75)
        #expect(run.total.response.count == 300)
        #expect(counts.lost + counts.wrong + counts.duplicated == 0)
    }

    @Test func `a reply with other contents is counted as wrong`() throws {
        let server = try MischievousServer { number, message in
            var changed = message
            if number % 3 == 0 { changed[message.count - 1] ^= 1 }
            return [.send(changed)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        let counts = run.total.counts
        #expect(counts.sent == 300 && counts.wrong == 100 && counts.received == 200)
        #expect(counts.lost + counts.reordered + counts.duplicated == 0)
    }

    @Test
    func `a reply cut short, for another connection or of the other kind is wrong, and answers the oldest request`()
        throws
    {
        let server = try MischievousServer { number, message in
            switch number % 4 {
            case 0: return [.send(Array(message.dropLast()))]
            case 1:
                var changed = message
                changed[8] ^= 0xFF
                return [.send(changed)]
            case 2: return [.say("no echo")]
            default: return [.send(message)]
            }
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        let counts = run.total.counts
        #expect(counts.sent == 300 && counts.wrong == 225 && counts.received == 75)
        #expect(counts.lost + counts.reordered + counts.duplicated == 0)
    }

    @Test func `unchecked replies are only counted`() throws {
        let server = try MischievousServer { _, message in [.send(Array(message.reversed()))] }
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 1000)))
        plan.isChecking = false
        let counts = try LoadRun(plan).total.counts
        #expect(counts.received == 300 && counts.wrong == 0)
    }

    @Test func `a stall of the server is in the latency of every request that was planned meanwhile`() throws {
        let server = try MischievousServer { number, message in
            number == 100 ? [.stall(.milliseconds(100)), .send(message)] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        // A hundred requests wait for 100, 99, 98 … ms; without the correction one would.
        let waited = run.total.response.count(from: .milliseconds(50))
        #expect(run.total.counts.received == 300)
        #expect(waited >= 45)
        #expect(run.total.response.maximum >= 100_000_000)
    }

    @Test func `the end waits for late replies, and counts them in the last second`() throws {
        let server = try MischievousServer { number, message in
            number == 299 ? [.stall(.milliseconds(150)), .send(message)] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        #expect(run.total.counts.received == 300 && run.total.counts.lost == 0)
        #expect(run.intervals.last?.response.maximum ?? 0 >= 150_000_000)
    }

    @Test func `a connection that the server closes is counted by its code, and its requests are lost or never sent`()
        throws
    {
        let server = try MischievousServer { number, message in
            number == 49 ? [.close(CloseCode(rawValue: 4511))] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        let counts = run.total.counts
        #expect(counts.ends == ["4511": 1])
        #expect(counts.planned == 300 && counts.received == 49 && counts.sent < 300)
        #expect(counts.sent == counts.received + counts.lost)
    }

    @Test func `a reset is counted as such`() throws {
        let server = try MischievousServer { number, message in number == 20 ? [.reset] : [.send(message)] }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .closed(depth: 1)))
        #expect(run.total.counts.ends == ["reset": 1])
        #expect(run.total.counts.lost == 1 && run.total.counts.received == 20)
    }

    @Test func `Pings are answered in between`() throws {
        let server = try MischievousServer { number, message in
            number % 10 == 0 ? [.ping, .send(message)] : [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, .open(RateProfile(constant: 1000))))
        #expect(run.total.counts.received == 300 && run.total.counts.wrong == 0)
        #expect(server.pongs == 30)
    }

    @Test(arguments: [16, 125, 126, 65_535, 65_536])
    func `payloads of all frame sizes come back right`(bytes: Int) throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 100)))
        plan.payloadBytes = bytes
        let counts = try LoadRun(plan).total.counts
        #expect(counts.sent == 30 && counts.received == 30 && counts.wrong == 0)
    }

    @Test func `compressed messages come back right`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server, .closed(depth: 2), connections: 2)
        plan.payloadBytes = 2000
        plan.offersCompression = true
        let counts = try LoadRun(plan).total.counts
        #expect(counts.sent > 4 && counts.received == counts.sent && counts.wrong == 0)
    }

    @Test func `a closed loop whose reply is missing goes on after the time-out`() throws {
        let server = try MischievousServer { number, message in number == 5 ? [] : [.send(message)] }
        defer { server.stop() }
        var plan = plan(server, .closed(depth: 1))
        plan.timeout = .milliseconds(100)
        plan.duration = .milliseconds(2500)
        let counts = try LoadRun(plan).total.counts
        #expect(counts.lost == 1 && counts.received > 6 && counts.sent == counts.received + 1)
    }

    @Test func `seconds are told one by one, those of the warm-up below zero`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 100)))
        plan.warmUp = .milliseconds(1200)
        plan.duration = .milliseconds(1500)
        let run = try LoadRun(plan)
        #expect(run.warmUp.map(\.second) == [-2, -1] && run.intervals.map(\.second) == [0, 1])
        #expect(run.warmUp.map(\.counts.sent) == [20, 100] && run.intervals.map(\.counts.sent) == [100, 50])
        let first = try #require(run.intervals.first)
        #expect(first.counts.opened == 1 && first.phases.upgrade.count == 1)
    }

    @Test func `a stop ends the run early with what was measured`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 1000)))
        plan.duration = .seconds(20)
        let stopper = Mutex<WorkerPort?>(nil)
        let start = SystemClock.now()
        let run = try LoadRun(plan) { port in
            stopper.withLock { $0 = port }
            let thread = try? SystemThread(name: "stopper") {
                let end = SystemClock.now() + .milliseconds(200)
                while SystemClock.now() < end {}
                stopper.withLock { $0?.stop() }
            }
            _ = consume thread
        }
        #expect(run.hasFinished && SystemClock.now() - start < .seconds(10))
        #expect(run.total.counts.sent > 0 && run.total.counts.ends == ["1000": 1])
    }

    @Test func `several workers together make exactly the profile`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        var plan = plan(server, .open(RateProfile(constant: 1000)), connections: 5)
        plan.threads = 2
        let runs = [try LoadRun(plan, index: 0), try LoadRun(plan, index: 1)]
        #expect(runs.map(\.total.counts.sent) == [180, 120])
        #expect(runs.map(\.total.counts.received) == [180, 120])
    }
}

extension HdrHistogram {
    /// How many values are at least that long.
    fileprivate func count(from duration: Duration) -> UInt64 {
        counts.indices.reduce(0) { $0 + (Self.lowestEquivalent($1) >= duration.nanoseconds ? counts[$1] : 0) }
    }
}
