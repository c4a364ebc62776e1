import SessionSimulation
import Testing

/// People, producers and administrators at a server of one to three loops, all real but for sockets and time.
@Suite struct ChannelsSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8]
    private let runs = ProfileRuns(profile: "channels", steps: 2_500)

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) { runs.expectSuccess(ofSeed: seed) }

    @Test func `runs of fresh seeds break no rule`() { runs.expectSuccess(ofFreshSeeds: 3) }

    @Test func `the same seed gives the same transcript`() { runs.expectReproduction() }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("channels") })
    func `a planted bug is found`(bug: PlantedBug) { runs.expectDiscovery(of: bug, within: 20) }

    @Test func `the runs see every kind of message, answer and trouble`() {
        let wanted = [
            "welcome", "subscribed", "unsubscribed", "recovered", "not recovered", "published", "note", "pong",
            "status",
            "report_status", "report_completed", "initial_data", "data_update", "interval_updated", "health",
            "UNAUTHORIZED", "FORBIDDEN", "REPORT_NOT_CANCELLABLE", "1000", "4508", "http 200", "http 202", "http 404",
            "http 409", "channel_occupied", "channel_vacated",
        ]
        runs.expect(wanted, inSeeds: Self.seeds)
    }
}
