import SessionSimulation
import Testing

/// Devices, callers of the HTTP API, servers that crash and a store that fails, all real but for sockets and time.
@Suite struct SyncSimulationTests {
    /// Seeds that are run for ever; together they see everything that the last test asks for.
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8, 27]
    private let runs = ProfileRuns(profile: "sync", steps: 600)

    @Test(arguments: seeds)
    func `a run of a known seed breaks no rule`(seed: UInt64) { runs.expectSuccess(ofSeed: seed) }

    @Test func `runs of fresh seeds break no rule`() { runs.expectSuccess(ofFreshSeeds: 3) }

    @Test func `the same seed gives the same transcript`() { runs.expectReproduction() }

    @Test(arguments: PlantedBug.allCases.filter { $0.profiles.contains("sync") })
    func `a planted bug is found`(bug: PlantedBug) { runs.expectDiscovery(of: bug, within: 40) }

    @Test func `the runs see every kind of message, answer and trouble`() {
        let wanted = [
            "AUTH_SUCCESS", "AUTH_FAILURE", "recovered", "HEARTBEAT_ACK", "SNAPSHOT_RESPONSE", "STATE_UPDATE",
            "DEVICE_JOINED", "DEVICE_LIST", "BROADCAST", "DEVICE_LEFT closed", "DEVICE_LEFT lost",
            "DEVICE_LEFT timeout", "DEVICE_LEFT removed", "VERSION_CONFLICT", "STORE_UNAVAILABLE", "4401", "4409",
            "4410", "4503", "4508", "crash", "store down", "move", "put_snapshot 200", "put_snapshot 201",
            "put_snapshot 409",
            "put_snapshot 412", "put_snapshot 503", "get_snapshot 200", "get_snapshot 404", "patch 200", "patch 404",
            "patch 409", "resolve 200", "list_devices 200", "delete_session 204", "disconnect_device 200",
            "disconnect_device 404",
            "offer_handoff 201", "offer_handoff 404", "offer_handoff 409", "redeem_handoff 200", "redeem_handoff 403",
            "redeem_handoff 404", "redeem_handoff 410", "redeem_handoff 503",
        ]
        runs.expect(wanted, inSeeds: Self.seeds)
    }
}
