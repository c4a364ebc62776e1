import SessionBase
import SessionCodec
import SessionIO
import Synchronization
import Testing

@testable import SessionBench

@Suite struct AwarenessLoadTests {
    /// What clients said to a server, in order.
    private final class Log: Sendable {
        private let messages = Mutex<[AwarenessClientMessage]>([])
        var all: [AwarenessClientMessage] { messages.withLock { $0 } }
        func add(_ message: AwarenessClientMessage) { messages.withLock { $0.append(message) } }
    }

    /// Answers as the service does; a message that is none of its own with nothing.
    private static func answer(_ text: [UInt8], _ log: Log) -> Tagged<AwarenessServerMessage>? {
        guard let request = try? AwarenessClientMessage.decode(text.span) else { return nil }
        log.add(request.message)
        let time = Timestamp(milliseconds: 0)
        let answer: AwarenessServerMessage =
            switch request.message {
            case .register(let registration): .registered(window: registration.window, case: registration.case)
            case .deregister(_, let window): .deregistered(window: window)
            case .heartbeat: .heartbeatAck(serverTime: time, nextHeartbeatMilliseconds: 15_000)
            case .focus(_, let window): .focused(window: window)
            case .ping: .pong(time)
            case .list: .state([])
            }
        return Tagged(answer, tag: request.tag)
    }

    private static func bytes(_ answer: Tagged<AwarenessServerMessage>?) -> [MischievousServer.Action] {
        answer.map { [.send($0.message.encoded(tag: $0.tag))] } ?? []
    }

    private func server(_ log: Log) throws -> MischievousServer {
        try MischievousServer(subprotocol: AwarenessProtocol.version2) { _, text in Self.bytes(Self.answer(text, log)) }
    }

    private func plan(
        _ server: MischievousServer, _ workload: WorkloadKind, _ arrival: Arrival, connections: Int = 1
    ) -> LoadPlan {
        var plan = LoadPlan(targets: [server.endpoint], workload: workload)
        plan.connections = connections
        plan.arrival = arrival
        plan.duration = .milliseconds(300)
        plan.warmUp = .zero
        // A run ends once everything is answered.
        plan.timeout = .seconds(30)
        plan.isSpinning = false
        plan.seed = 11
        return plan
    }

    @Test func `each heartbeat is one window's, registered before, and acknowledged`() throws {
        let log = Log()
        let server = try server(log)
        defer { server.stop() }
        let run = try LoadRun(plan(server, .heartbeat, .open(RateProfile(constant: 1000)), connections: 10))
        let counts = run.total.counts
        #expect(counts.sent == 300 && counts.received == 300 && counts.wrong + counts.lost == 0)
        #expect(run.total.phases.greeting.count == 10)
        var (registered, beats): (Set<String>, [String: Int]) = ([], [:])
        for message in log.all {
            switch message {
            case .register(let registration): registered.insert(registration.user + registration.window)
            case .heartbeat(let user, let window): beats[user + window, default: 0] += 1
            default: Issue.record("\(message) was not asked for")
            }
        }
        #expect(registered.count == 10 && Set(beats.keys) == registered)
        #expect(beats.values.allSatisfy { $0 == 30 })
    }

    @Test func `a server without acknowledgements is told apart before the load`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let run = try LoadRun(plan(server, .heartbeat, .closed(depth: 1)))
        #expect(run.failure?.status == 76)
        #expect(run.failure?.sentence.contains(AwarenessProtocol.version2) == true)
    }

    @Test func `an unchecked load can be put on a server that only echoes`() throws {
        let server = try MischievousServer { _, text in [.send(text)] }
        defer { server.stop() }
        var plan = plan(server, .register, .open(RateProfile(constant: 1000)), connections: 3)
        plan.isChecking = false
        let counts = try LoadRun(plan).total.counts
        #expect(counts.sent == 300 && counts.received == 300 && counts.wrong + counts.lost == 0)
    }

    @Test func `a window that is registered again and again is answered with its own id`() throws {
        let log = Log()
        let server = try MischievousServer { number, text in
            var answer = Self.answer(text, log)
            if number % 3 == 2 { answer?.message = .registered(window: "another", case: "CASE-1") }
            return Self.bytes(answer)
        }
        defer { server.stop() }
        let counts = try LoadRun(plan(server, .register, .open(RateProfile(constant: 1000)))).total.counts
        // The greeting was message 0, so that messages 2, 5 … 299 are wrong.
        #expect(counts.sent == 300 && counts.wrong == 100 && counts.received == 200)
    }

    @Test func `answers without ids belong to the oldest request`() throws {
        let log = Log()
        let server = try MischievousServer(subprotocol: AwarenessProtocol.version2) { _, text in
            Self.bytes(Self.answer(text, log).map { Tagged($0.message) })
        }
        defer { server.stop() }
        let counts = try LoadRun(plan(server, .heartbeat, .closed(depth: 3), connections: 2)).total.counts
        #expect(counts.received > 6 && counts.received == counts.sent && counts.wrong + counts.lost == 0)
    }

    @Test func `errors are wrong answers, and warnings none`() throws {
        let log = Log()
        let warning = AwarenessServerMessage.warning(.multiCase([.init(case: "C", window: "W")])).encoded()
        let server = try MischievousServer(subprotocol: AwarenessProtocol.version2) { number, text in
            var answer = Self.answer(text, log)
            guard number > 0 else { return Self.bytes(answer) }
            if number % 10 == 0 { answer?.message = .error(.rateLimited, message: "slower", details: nil) }
            return [.send(warning)] + Self.bytes(answer)
        }
        defer { server.stop() }
        let counts = try LoadRun(plan(server, .heartbeat, .open(RateProfile(constant: 1000)))).total.counts
        #expect(counts.sent == 300 && counts.wrong == 30 && counts.received == 270 && counts.pushed == 300)
    }

    @Test func `a mix says each step by its weight, and opens again what it closed`() throws {
        let log = Log()
        let server = try server(log)
        defer { server.stop() }
        let steps = [("heartbeat", 6), ("ping", 2), ("deregister", 1), ("focus", 1)]
        let scenario = Scenario(
            name: "test", profile: "awareness", steps: steps.map { .init(weight: $0.1, message: $0.0) })
        let counts = try LoadRun(plan(server, .mix(scenario), .open(RateProfile(constant: 5000)))).total.counts
        #expect(counts.sent == 1500 && counts.received == 1500 && counts.wrong == 0)
        var isOpen = false
        for message in log.all {
            #expect(message.kind == .register || isOpen)
            if message.kind == .register { isOpen = true } else if message.kind == .deregister { isOpen = false }
        }
        let kinds = Dictionary(grouping: log.all, by: \.kind).mapValues(\.count)
        #expect(kinds[.register] == (kinds[.deregister] ?? 0) + (isOpen ? 1 : 0))
        #expect((700...1000).contains(kinds[.heartbeat] ?? 0) && (200...360).contains(kinds[.ping] ?? 0))
    }

    @Test func `a step that no client says is refused`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let scenario = Scenario(name: "test", profile: "awareness", steps: [.init(weight: 1, message: "sing")])
        #expect(try LoadRun(plan(server, .mix(scenario), .closed(depth: 1))).failure?.status == 65)
    }

    @Test func `after a storm all are back, and it is told how soon`() throws {
        let log = Log()
        let server = try server(log)
        defer { server.stop() }
        var plan = plan(server, .storm(dropAt: .milliseconds(100)), .closed(depth: 1), connections: 20)
        plan.duration = .milliseconds(600)
        plan.connectRate = 200
        let run = try LoadRun(plan)
        let counts = run.total.counts
        #expect(counts.opened == 40 && counts.ends == ["cut": 20, "1000": 20])
        #expect(counts.received == 20 && run.total.response.count == 20)
        let findings = findings(of: run, plan)
        #expect(findings["not_reregistered"] == 0)
        // One every 5 ms: the tenth after 45 ms, the last after 95.
        #expect(findings["reregistered_50"] ?? 0 >= 45_000_000)
        #expect(findings["reregistered_100"] ?? 0 >= 95_000_000)
        #expect(findings["reregistered_95"] ?? 0 <= findings["reregistered_100"] ?? 0)
    }

    @Test func `slow readers are not timed, and lose nothing`() throws {
        let server = try MischievousServer()
        defer { server.stop() }
        let readers = SlowReaders(fraction: 0.5, bytesPerSecond: 200)
        let plan = plan(server, .slow(readers), .open(RateProfile(constant: 400)), connections: 4)
        let run = try LoadRun(plan)
        let counts = run.total.counts
        #expect(counts.sent == 120 && counts.received == 120 && counts.lost == 0)
        #expect(run.total.response.count == 60)
        let findings = findings(of: run, plan)
        #expect(findings["slow_closed"] == 0 && findings["healthy_p99"] ?? 0 > 0)
    }

    private func findings(of run: LoadRun, _ plan: LoadPlan) -> [String: Double] {
        let all = RunFindings.all(in: run.total, of: plan)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.value) })
    }
}
