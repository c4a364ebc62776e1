import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct WorkerLineTests {
    private static func roundTrip(_ event: WorkerEvent) throws -> WorkerEvent {
        let line = WorkerLine.write(event, from: 7)
        #expect(line.last == UInt8(ascii: "\n") && line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        let (worker, read) = try WorkerLine.read(Array(line.dropLast()).span)
        #expect(worker == 7)
        return read
    }

    @Test(arguments: [
        WorkerEvent.opening(open: 3, failed: 1), .ready, .failed("cannot \"connect\"\nthere", status: 69),
        .finished, .slow(["127.0.0.1:40000", "127.0.0.1:40001"]),
    ])
    func `an event is the same after its line was read`(event: WorkerEvent) throws {
        #expect(try Self.roundTrip(event) == event)
    }

    @Test func `a second keeps every count and every histogram`() throws {
        var interval = Interval(second: -2)
        interval.counts.planned = 5
        interval.counts.sent = UInt64(Int64.max)
        interval.counts.ends = ["1000": 3, "reset": 1]
        interval.counts.delivered = 8
        interval.counts.undelivered = 7
        interval.counts.redelivered = 6
        interval.counts.misordered = 5
        interval.counts.faults = ["503 STORE_UNAVAILABLE": 2]
        interval.operations = [OperationTimes("put"), OperationTimes("get")]
        interval.operations[1].response.record(40_000)
        for value in [1_000, 250_000, 61_000_000_000] as [Int64] {
            interval.response.record(value)
            interval.slip.record(value / 2)
            interval.phases.upgrade.record(value / 3)
        }
        interval.generator.elapsed = .seconds(1)
        interval.generator.inFlightMax = 9
        guard case .interval(let read) = try Self.roundTrip(.interval(interval)) else {
            Issue.record("an interval became something else")
            return
        }
        #expect(read.second == -2)
        #expect(read.counts == interval.counts)
        #expect(read.generator == interval.generator)
        #expect(read.response.percentile(0.5) == interval.response.percentile(0.5))
        #expect(read.response.count == 3 && read.service.count == 0)
        #expect(read.phases.upgrade.count == 3)
        #expect(read.operations == interval.operations)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"worker\":1}", "{\"worker\":1,\"event\":\"dance\"}", "Fatal error: x"])
    func `a line that no worker writes is refused`(line: String) {
        #expect(throws: BenchDocumentError.self) { try WorkerLine.read(Array(line.utf8).span) }
    }
}

@Suite struct WorkerOrderTests {
    private static func roundTrip(_ order: WorkerOrder) throws -> WorkerOrder {
        try WorkerOrder(line: Array(order.line.dropLast()).span)
    }

    /// A plan in which nothing has its default.
    private static let plan = {
        let targets = [
            Endpoint(address: .host("host.example", port: 9001), isSecure: true, target: "/echo?key=1"),
            Endpoint(address: .unix(path: "/run/x.sock")),
        ]
        var plan = LoadPlan(targets: targets, workload: .slow(SlowReaders(fraction: 0.25, bytesPerSecond: 7)))
        plan.connections = 77
        plan.arrival = .open(RateProfile(stages: [RateProfile.Stage(duration: .seconds(3), from: 1.5, to: 1e6)]))
        plan.duration = .milliseconds(1500)
        plan.warmUp = .zero
        plan.connectRate = 12.5
        plan.handshakesInFlight = 9
        plan.timeout = .seconds(3)
        plan.sources = ["127.0.0.2", "127.0.0.3"]
        plan.processes = 3
        plan.threads = 2
        plan.payloadBytes = 4096
        plan.jitter = 0.1
        plan.isChecking = false
        plan.isSpinning = false
        plan.offersCompression = true
        plan.headers = [HeaderField(name: "Authorization", value: "Bearer \"x\"")]
        plan.security.authoritiesPath = "ca.pem"
        plan.security.certificatePath = "c.pem"
        plan.security.keyPath = "k.pem"
        plan.security.isVerificationOff = true
        plan.seed = .max
        return plan
    }()

    @Test func `a plan arrives as it was sent, credentials and all`() throws {
        #expect(try Self.roundTrip(.open(Self.plan, first: 4)) == .open(Self.plan, first: 4))
    }

    @Test(arguments: [WorkloadKind.echo, .connect, .idle, .heartbeat, .register, .storm(dropAt: .seconds(2))])
    func `every workload arrives`(workload: WorkloadKind) throws {
        var plan = Self.plan
        plan.workload = workload
        plan.arrival = .closed(depth: 3)
        #expect(try Self.roundTrip(.open(plan, first: 0)) == .open(plan, first: 0))
    }

    @Test(arguments: [WorkerOrder.start(Instant(nanoseconds: 1_234_567_890_123)), .stop])
    func `start and stop arrive`(order: WorkerOrder) throws {
        #expect(try Self.roundTrip(order) == order)
    }

    @Test func `another order is refused`() {
        #expect(throws: BenchDocumentError.self) { try WorkerOrder(line: Array("{\"order\":\"pause\"}".utf8).span) }
    }
}
