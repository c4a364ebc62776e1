import SessionSimulation
import Testing

/// Many clients, a bad network and a server, all real but for sockets and time.
@Suite struct AwarenessSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 5, 8, 21, 24, 28, 76]
    private let runs = ProfileRuns(profile: "awareness", steps: 1_000)

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) { runs.expectSuccess(ofSeed: seed) }

    @Test func `runs of fresh seeds break no rule`() { runs.expectSuccess(ofFreshSeeds: 4) }

    @Test func `the same seed gives the same transcript`() { runs.expectReproduction() }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("awareness") })
    func `a planted bug is found`(bug: PlantedBug) { runs.expectDiscovery(of: bug, within: 60) }

    @Test func `the runs see every kind of message and close`() {
        let wanted = [
            "registered", "multi-case", "case-mismatch", "warning_cleared", "deregistered", "heartbeat_ack", "focused",
            "state", "pong", "NOT_REGISTERED", "USER_MISMATCH", "CONNECTION_LIMIT", "INVALID_JSON", "INVALID_MESSAGE",
            "UNKNOWN_TYPE", "RATE_LIMITED", "1000", "4409", "4429", "4441", "4508", "4529",
        ]
        runs.expect(wanted, inSeeds: Self.seeds)
    }
}
