import SessionBase
import SessionSimulation
import Testing

/// Many clients, a bad network and a server, all real but for sockets and time.
@Suite struct AwarenessSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 5, 8, 21, 24, 28, 76]

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) {
        expectSuccess(Simulation(seed: seed, steps: 1_000))
    }

    @Test func `runs of fresh seeds break no rule`() {
        for _ in 1...4 { expectSuccess(Simulation(seed: UInt64.random(in: .min ... .max), steps: 1_000)) }
    }

    @Test func `the same seed gives the same transcript`() {
        let simulation = Simulation(seed: 99, steps: 1_500)
        #expect(simulation.run().transcript.hash == simulation.run().transcript.hash)
        #expect(simulation.run().transcript.hash != Simulation(seed: 100, steps: 1_500).run().transcript.hash)
    }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("awareness") })
    func `a planted bug is found`(bug: PlantedBug) {
        let isFound = (1...60).contains { Simulation(seed: $0, steps: 1_000, bug: bug).run().failure != nil }
        #expect(isFound, "the checkers are blind to \(bug)")
    }

    @Test func `the runs see every kind of message and close`() {
        var tally: [String: Int] = [:]
        for seed in Self.seeds { tally.merge(Simulation(seed: seed, steps: 1_000).run().tally, uniquingKeysWith: +) }
        let wanted = [
            "registered", "multi-case", "case-mismatch", "warning_cleared", "deregistered", "heartbeat_ack", "focused",
            "state", "pong", "NOT_REGISTERED", "USER_MISMATCH", "CONNECTION_LIMIT", "INVALID_JSON", "INVALID_MESSAGE",
            "UNKNOWN_TYPE", "RATE_LIMITED", "1000", "4409", "4429", "4441", "4508", "4529",
        ]
        for name in wanted { #expect(tally[name, default: 0] > 0, "\(name) never happened") }
    }

    private func expectSuccess(_ simulation: Simulation) {
        let report = simulation.run()
        #expect(
            report.failure == nil,
            "\(simulation.command)\n\(report.transcript.tail.suffix(12).joined(separator: "\n"))")
    }
}
