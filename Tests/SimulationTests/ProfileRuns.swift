import SessionBase
import SessionSimulation
import Testing

/// What is expected of the simulated runs of every profile.
struct ProfileRuns {
    let profile: String
    let steps: Int

    private func simulation(_ seed: UInt64, bug: PlantedBug? = nil) -> Simulation {
        Simulation(seed: seed, profile: profile, steps: steps, bug: bug)
    }

    /// A run breaks no rule.
    func expectSuccess(ofSeed seed: UInt64) {
        let simulation = simulation(seed)
        let report = simulation.run()
        let tail = report.transcript.tail.suffix(12).joined(separator: "\n")
        #expect(report.failure == nil, "\(simulation.command)\n\(report.failure?.description ?? "")\n\(tail)")
    }

    /// So many runs that nobody has seen before break no rule.
    func expectSuccess(ofFreshSeeds count: Int) {
        for _ in 0..<count { expectSuccess(ofSeed: UInt64.random(in: .min ... .max)) }
    }

    /// A seed says everything about a run.
    func expectReproduction() {
        #expect(simulation(99).run().transcript.hash == simulation(99).run().transcript.hash)
        #expect(simulation(99).run().transcript.hash != simulation(100).run().transcript.hash)
    }

    /// One of the first runs with a planted bug breaks a rule.
    func expectDiscovery(of bug: PlantedBug, within runs: UInt64) {
        let isFound = (1...runs).contains { simulation($0, bug: bug).run().failure != nil }
        #expect(isFound, "the checkers are blind to \(bug)")
    }

    /// Everything that is wanted happens in these runs together.
    func expect(_ wanted: [String], inSeeds seeds: [UInt64]) {
        var tally: [String: Int] = [:]
        for seed in seeds { tally.merge(simulation(seed).run().tally, uniquingKeysWith: +) }
        for name in wanted { #expect(tally[name, default: 0] > 0, "\(name) never happened") }
    }
}
