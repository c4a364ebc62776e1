import SessionBase
import SessionSimulation
import Testing

/// People who draw, a server that crashes, a store that fails and a backend, all real but for sockets and time.
@Suite struct BoardSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) {
        expectSuccess(Self.simulation(seed))
    }

    @Test func `runs of fresh seeds break no rule`() {
        for _ in 1...3 { expectSuccess(Self.simulation(UInt64.random(in: .min ... .max))) }
    }

    @Test func `the same seed gives the same transcript`() {
        #expect(Self.simulation(99).run().transcript.hash == Self.simulation(99).run().transcript.hash)
        #expect(Self.simulation(99).run().transcript.hash != Self.simulation(100).run().transcript.hash)
    }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("board") })
    func `a planted bug is found`(bug: PlantedBug) {
        let isFound = (1...40).contains { Self.simulation($0, bug: bug).run().failure != nil }
        #expect(isFound, "the checkers are blind to \(bug)")
    }

    @Test func `the runs see every kind of message, answer and trouble`() {
        var tally: [String: Int] = [:]
        for seed in Self.seeds { tally.merge(Self.simulation(seed).run().tally, uniquingKeysWith: +) }
        let wanted = [
            "board", "snapshot", "patch", "ack", "error", "pong", "storage degraded", "storage ok", "FORBIDDEN",
            "SHAPE_NOT_FOUND", "STORE_UNAVAILABLE", "4503", "move", "crash", "resume", "forgotten", "missed",
            "conflated", "commit", "commit failed", "kept", "room refused", "store down", "backend down",
            "backend absent", "backend board",
            "backend stored", "backend conflict", "backend refused", "backend unavailable",
        ]
        for name in wanted { #expect(tally[name, default: 0] > 0, "\(name) never happened") }
    }

    private static func simulation(_ seed: UInt64, bug: PlantedBug? = nil) -> Simulation {
        Simulation(seed: seed, profile: "board", steps: 600, bug: bug)
    }

    private func expectSuccess(_ simulation: Simulation) {
        let report = simulation.run()
        let tail = report.transcript.tail.suffix(12).joined(separator: "\n")
        #expect(report.failure == nil, "\(simulation.command): \(report.failure?.description ?? "")\n\(tail)")
    }
}
