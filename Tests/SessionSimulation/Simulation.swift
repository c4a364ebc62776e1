/// One run of the simulator, all of which follows from its seed.
package struct Simulation: Sendable {
    /// The profiles that can be simulated.
    package static let profiles = ["awareness", "sync", "channels", "lockers", "board"]

    /// What everything follows from.
    package var seed: UInt64
    /// Which service is simulated, one of ``profiles``.
    package var profile: String
    /// How many events happen before the quiet that every run ends with.
    package var steps: Int
    /// A mistake to be made on purpose.
    package var bug: PlantedBug?

    /// Describes a run.
    package init(seed: UInt64, profile: String = "awareness", steps: Int = 2_000, bug: PlantedBug? = nil) {
        self.seed = seed
        self.profile = profile
        self.steps = steps
        self.bug = bug
    }

    /// What came of a run.
    package struct Report: Sendable {
        /// The rule that did not hold, if one did not.
        package var failure: SimulationFailure?
        /// What happened.
        package var transcript: Transcript
        /// How often each outcome was seen, by its name on the wire.
        package var tally: [String: Int]
    }

    /// The command that repeats the run.
    package var command: String {
        "swift run simulate --seed 0x\(String(seed, radix: 16)) --profile \(profile) --steps \(steps)"
            + (bug.map { " --bug \($0.rawValue)" } ?? "")
    }

    /// Runs; a broken invariant of a machine traps.
    package func run() -> Report {
        switch profile {
        case "sync":
            var world = SyncWorld(seed: seed, bug: bug)
            let failure = failure { try world.run(steps: steps) }
            return Report(failure: failure, transcript: world.transcript, tally: world.tally)
        case "channels":
            var world = ChannelsWorld(seed: seed, bug: bug)
            let failure = failure { try world.run(steps: steps) }
            return Report(failure: failure, transcript: world.world.transcript, tally: world.world.tally)
        case "lockers":
            var world = LockersWorld(seed: seed, bug: bug)
            let failure = failure { try world.run(steps: steps) }
            return Report(failure: failure, transcript: world.world.transcript, tally: world.world.tally)
        case "board":
            var world = BoardWorld(seed: seed, bug: bug)
            let failure = failure { try world.run(steps: steps) }
            return Report(failure: failure, transcript: world.transcript, tally: world.tally)
        default:
            var world = AwarenessWorld(seed: seed, bug: bug)
            let failure = failure { try world.run(steps: steps) }
            return Report(failure: failure, transcript: world.transcript, tally: world.tally)
        }
    }

    private func failure(of body: () throws -> Void) -> SimulationFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? SimulationFailure ?? SimulationFailure("\(error)")
        }
    }
}
