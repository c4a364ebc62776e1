import SessionBase
import SessionBench
import SessionCodec
import Synchronization
import Testing

/// `bench mix` with the profile echo: payloads of several lengths.
@Suite struct EchoMixTests {
    private func plan(_ server: MischievousServer, _ steps: [Scenario.Step]) -> LoadPlan {
        let scenario = Scenario(name: "mix.json", profile: "echo", steps: steps)
        var plan = LoadPlan(targets: [server.endpoint], workload: .mix(scenario))
        plan.arrival = .open(RateProfile(constant: 2000))
        plan.connections = 2
        plan.duration = .milliseconds(300)
        plan.warmUp = .zero
        plan.isSpinning = false
        return plan
    }

    private static let steps = [
        Scenario.Step(weight: 3, message: "echo", payloadBytes: 16),
        .init(weight: 1, message: "echo", payloadBytes: 400),
        .init(weight: 1, message: "echo"),
    ]

    /// How many messages of each length came.
    private final class Lengths: Sendable { let counts = Mutex<[Int: Int]>([:]) }

    @Test func `each length is sent about as often as its weight says, and comes back right`() throws {
        let lengths = Lengths()
        let server = try MischievousServer { _, message in
            lengths.counts.withLock { $0[message.count, default: 0] += 1 }
            return [.send(message)]
        }
        defer { server.stop() }
        let run = try LoadRun(plan(server, Self.steps))
        #expect(run.failure == nil)
        #expect(run.total.counts.sent == 600 && run.total.counts.received == 600 && run.total.counts.wrong == 0)
        let counts = lengths.counts.withLock { $0 }
        #expect(Set(counts.keys) == [16, 128, 400])
        #expect(300...420 ~= counts[16] ?? 0 && 80...160 ~= counts[400] ?? 0, "\(counts)")
    }

    @Test func `a reply of another length or with another byte is wrong`() throws {
        let server = try MischievousServer { number, message in
            if number == 10 { return [.send(message + [0])] }
            guard number == 20, message.count > 16 else { return [.send(message)] }
            return [.send(message.dropLast() + [message[message.count - 1] ^ 1])]
        }
        defer { server.stop() }
        var plan = plan(server, [Scenario.Step(weight: 1, message: "echo", payloadBytes: 40)])
        plan.connections = 1
        let total = try LoadRun(plan).total.counts
        #expect(total.wrong == 2 && total.received == total.sent - 2)
    }
}
