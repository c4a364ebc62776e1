import SessionSimulation
import Testing

/// Kiosks, panels, strangers and producers at a server of one to three loops, all real but for sockets and time.
@Suite struct LockersSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8]
    private let runs = ProfileRuns(profile: "lockers", steps: 2_500)

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) { runs.expectSuccess(ofSeed: seed) }

    @Test func `runs of fresh seeds break no rule`() { runs.expectSuccess(ofFreshSeeds: 3) }

    @Test func `the same seed gives the same transcript`() { runs.expectReproduction() }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("lockers") })
    func `a planted bug is found`(bug: PlantedBug) { runs.expectDiscovery(of: bug, within: 20) }

    @Test func `the runs see every kind of message, answer and trouble`() {
        let wanted = [
            "connection", "room_joined", "room_left", "recovered", "not recovered", "note", "locker_state_changed",
            "help_requested", "help_status_updated", "ack_received", "command_acknowledged", "pong", "AUTH_REQUIRED",
            "FORBIDDEN", "INVALID_SESSION", "4440", "4541", "http 200", "http 404", "http 409",
        ]
        runs.expect(wanted, inSeeds: Self.seeds)
    }
}
