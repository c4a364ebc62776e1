import SessionBench
import SessionCodec
import Testing

@Suite struct LoadLimitsTests {
    private func endpoint(_ host: String, _ port: UInt16 = 8765, target: String = "/") -> Endpoint {
        Endpoint(address: .host(host, port: port), target: target)
    }

    private func plan(_ connections: Int, _ targets: [Endpoint], sources: [String] = [], processes: Int = 1) -> LoadPlan
    {
        var plan = LoadPlan(targets: targets, workload: .idle)
        plan.connections = connections
        plan.sources = sources
        plan.processes = processes
        return plan
    }

    private func machine(descriptors: Int = 2_000_000, ports: Int = 28_232, bytes: Int? = nil) -> MachineLimits {
        MachineLimits(descriptors: descriptors, ports: ports, availableBytes: bytes)
    }

    /// The advice that a plan gets; `nil` where it can work.
    private func advice(_ plan: LoadPlan, _ machine: MachineLimits) -> String? {
        do {
            try LoadLimits.check(plan, machine)
            return nil
        } catch {
            return error.description
        }
    }

    // MARK: Descriptors

    @Test func `too few descriptors: how many processes it takes, and which limit to raise`() {
        let plan = plan(18_000, [endpoint("127.0.0.1")])
        #expect(
            advice(plan, machine(descriptors: 4096))
                == "18,000 connections from one process need 18,064 descriptors; this process may open 4,096:"
                + " use --processes 5, or raise the limit (ulimit -n 18064)")
        #expect(advice(plan, machine(descriptors: 18_063)) != nil)
        #expect(advice(plan, machine(descriptors: 18_064)) == nil)
    }

    @Test func `following the advice about processes is enough`() {
        for descriptors in [65, 100, 1024, 4096] {
            let machine = machine(descriptors: descriptors)
            let room = descriptors - LoadLimits.descriptorsReserve
            let processes = (18_000 + room - 1) / room
            #expect(advice(plan(18_000, [endpoint("127.0.0.1")], processes: processes), machine) == nil)
            #expect(
                advice(plan(18_000, [endpoint("127.0.0.1")]), machine)?.contains("--processes \(processes),") == true)
        }
    }

    @Test func `where no number of processes helps, only the limit is named`() {
        #expect(
            advice(plan(1, [endpoint("127.0.0.1")]), machine(descriptors: 64))
                == "1 connections from one process need 65 descriptors; this process may open 64:"
                + " raise the limit (ulimit -n 65)")
    }

    // MARK: Ports

    @Test func `too few ports: the addresses that work on loopback are named`() {
        let plan = plan(100_000, [endpoint("127.0.0.1")])
        #expect(
            advice(plan, machine())
                == "100,000 connections to one address from one source need 100,000 ports; 28,232 are free:"
                + " use --bind 127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4, or name more targets")
    }

    @Test func `following the advice about sources is enough, with one less it is not`() {
        for connections in [28_233, 56_464, 56_465, 100_000, 1_000_000] {
            for targets in [[endpoint("127.0.0.1")], [endpoint("127.0.0.1"), endpoint("127.0.0.1", target: "/b")]] {
                let wanted = (connections + 28_231) / 28_232
                let sources = (1...wanted + 1).map { "127.0.0.\($0)" }
                let enough = sources.indices.first {
                    advice(plan(connections, targets, sources: Array(sources[...$0])), machine()) == nil
                }
                #expect(enough == wanted - 1)
            }
        }
    }

    @Test func `connections to other addresses have ports of their own, those on other paths do not`() {
        let two = [endpoint("127.0.0.1"), endpoint("127.0.0.1", 8766)]
        #expect(advice(plan(56_464, two), machine()) == nil)
        #expect(advice(plan(56_465, two), machine()) != nil)
        let same = [endpoint("127.0.0.1"), endpoint("127.0.0.1", target: "/echo")]
        #expect(advice(plan(28_233, same), machine()) != nil)
    }

    @Test(arguments: [
        ("localhost", "connect to 127.0.0.1 and use --bind 127.0.0.1,127.0.0.2, or name more targets"),
        ("::1", "connect to 127.0.0.1, which has neighbours, and use --bind 127.0.0.1,127.0.0.2, or name more targets"),
        ("192.0.2.7", "use --bind with 2 addresses of this machine, or name more targets"),
        ("server.example", "use --bind with 2 addresses of this machine, or name more targets"),
        ("127.0.0.53", "use --bind 127.0.0.1,127.0.0.2, or name more targets"),
    ])
    func `the advice fits where the target is`(host: String, expected: String) {
        #expect(advice(plan(30_000, [endpoint(host)]), machine())?.hasSuffix(": " + expected) == true)
    }

    @Test func `a long list of addresses is described`() {
        let text = advice(plan(1_000_000, [endpoint("127.0.0.1")]), machine())
        #expect(text?.contains("use --bind with 36 addresses of 127.0.0.0/8, such as 127.0.0.1,127.0.0.2,") == true)
    }

    @Test func `a Unix socket needs no ports`() {
        #expect(advice(plan(100_000, [Endpoint(address: .unix(path: "/run/x.sock"))]), machine()) == nil)
    }

    @Test func `sources and targets are combined, so that every pair is used`() {
        let plan = plan(12, [endpoint("a"), endpoint("b")], sources: ["x", "y", "z"])
        let pairs = (0..<12).map { "\(plan.target(of: $0).address) \(plan.source(of: $0)!)" }
        #expect(Set(pairs).count == 6)
        #expect(self.plan(3, [endpoint("a")]).source(of: 2) == nil)
    }

    // MARK: Memory

    @Test func `too little memory: what is needed and what is there`() {
        let plan = plan(10_000, [endpoint("127.0.0.1")])
        #expect(
            advice(plan, machine(bytes: 100 << 20))
                == "10,000 connections need about 117 MiB of memory; 100 MiB are available:"
                + " use fewer connections, or several machines and bench merge")
        #expect(advice(plan, machine(bytes: 120 << 20)) == nil)
        #expect(advice(plan, machine(bytes: nil)) == nil, "what the kernel does not tell forbids nothing")
    }

    @Test func `TLS, compression and large payloads need more memory`() {
        var plan = LoadPlan(targets: [endpoint("127.0.0.1")], workload: .echo)
        plan.connections = 100
        let bare = LoadLimits.memory(of: plan)
        plan.offersCompression = true
        let compressed = LoadLimits.memory(of: plan)
        plan.targets[0].isSecure = true
        let secure = LoadLimits.memory(of: plan)
        plan.arrival = .closed(depth: 8)
        plan.payloadBytes = 1 << 20
        #expect(bare < compressed && compressed < secure && LoadLimits.memory(of: plan) > 100 * 16 << 20)
    }

    @Test func `members of boards need memory for whole boards`() {
        var load = BoardLoad()
        load.shapes = 0
        var plan = LoadPlan(targets: [endpoint("127.0.0.1")], workload: .board(load))
        plan.connections = 50
        let bare = LoadLimits.memory(of: plan)
        load.shapes = 500
        plan.workload = .board(load)
        #expect(LoadLimits.memory(of: plan) - bare == 50 * 500 * 512)
    }

    // MARK: The real machine

    @Test func `the real limits can be read, and allow one connection`() throws {
        let machine = try MachineLimits.read()
        #expect(machine.descriptors > 0 && 1...65_535 ~= machine.ports)
        #expect(try #require(machine.availableBytes) > 0)
        try LoadLimits.check(plan(1, [endpoint("127.0.0.1")]), machine)
    }

    @Test func `a refusal leaves with the status of configurations`() { #expect(LoadLimitError.exitStatus == 78) }
}
