import SessionSimulation
import Testing

/// People who draw, a server that crashes, a store that fails and a backend, all real but for sockets and time.
@Suite struct BoardSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    private let runs = ProfileRuns(profile: "board", steps: 600)

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) { runs.expectSuccess(ofSeed: seed) }

    @Test func `runs of fresh seeds break no rule`() { runs.expectSuccess(ofFreshSeeds: 3) }

    @Test func `the same seed gives the same transcript`() { runs.expectReproduction() }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("board") })
    func `a planted bug is found`(bug: PlantedBug) { runs.expectDiscovery(of: bug, within: 40) }

    @Test func `the runs see every kind of message, answer and trouble`() {
        let wanted = [
            "board", "snapshot", "patch", "ack", "error", "pong", "storage degraded", "storage ok", "FORBIDDEN",
            "SHAPE_NOT_FOUND", "STORE_UNAVAILABLE", "4503", "move", "crash", "resume", "forgotten", "missed",
            "conflated", "commit", "commit failed", "kept", "room refused", "store down", "backend down",
            "backend absent", "backend board",
            "backend stored", "backend conflict", "backend refused", "backend unavailable",
        ]
        runs.expect(wanted, inSeeds: Self.seeds)
    }
}
