import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct SnapshotLoadTests {
    private func plan(
        _ server: ScriptedSync, _ arrival: Arrival, devices: Int = 4, writers: Int = 2, puts: Double = 0.5,
        stateBytes: Int = 200
    ) -> LoadPlan {
        var load = SyncLoad(.snapshot)
        load.writers = writers
        load.putRatio = puts
        load.stateBytes = stateBytes
        var plan = LoadPlan(targets: [server.endpoint], workload: .sync(load))
        plan.connections = devices
        plan.arrival = arrival
        plan.duration = .milliseconds(300)
        plan.warmUp = .zero
        // A run ends once everything is answered.
        plan.timeout = .seconds(30)
        plan.isSpinning = false
        plan.seed = 7
        return plan
    }

    private static let steady = Arrival.open(RateProfile(constant: 1000))

    @Test func `puts and gets are answered, checked and timed apart`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        let run = try LoadRun(plan(server, Self.steady))
        let total = run.total
        #expect(total.counts.sent == 300 && total.counts.received == 300 && total.counts.errors == 0)
        #expect(total.operations.map(\.name) == ["put", "get"])
        let (puts, gets) = (total.operations[0].response.count, total.operations[1].response.count)
        #expect(puts + gets == 300 && puts > 100 && gets > 100)
        #expect(total.response.count == 300 && total.service.count == 300)
        // One write before the load prepares each session.
        #expect(UInt64(server.puts) == puts + 4)
    }

    @Test func `a closed loop has one request in flight on each writer`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        var plan = plan(server, .closed(depth: 1), writers: 3)
        plan.duration = .seconds(1)
        let total = try LoadRun(plan).total
        #expect(total.counts.received > 30 && total.counts.received == total.counts.sent)
        #expect(total.generator.inFlightMax <= 3)
        #expect(total.operations.map(\.response.count).reduce(0, +) == total.counts.received)
    }

    @Test func `every session of the devices is written, and more where there are more writers`() throws {
        for (devices, writers) in [(6, 2), (1, 5)] {
            let server = try ScriptedSync()
            defer { server.stop() }
            _ = try LoadRun(plan(server, Self.steady, devices: devices, writers: writers, puts: 1))
            #expect(server.sessions.count == max(devices, writers))
            #expect(server.sessions.values.allSatisfy { $0.version > 1 })
        }
    }

    @Test func `an acknowledged version that is not higher is a wrong reply`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.repeatsVersion = { $0 >= 4 && $0 % 10 == 0 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, Self.steady, puts: 1)).total.counts
        #expect(counts.wrong == 30 && counts.faults == ["version not higher": 30] && counts.received == 270)
    }

    @Test func `refusals are counted by their code`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.refuses = { $0 >= 4 && $0 % 3 == 0 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, Self.steady, puts: 1)).total.counts
        #expect(counts.faults == ["503 STORE_UNAVAILABLE": counts.wrong] && counts.wrong == 100)
    }

    @Test func `a get with another state is a wrong reply`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.forgetsState = { $0 % 5 == 0 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        let counts = try LoadRun(plan(server, Self.steady, puts: 0)).total.counts
        #expect(counts.faults == ["other state": 60] && counts.received == 240)
    }

    @Test func `answers that come in pieces are whole ones`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.cutsAnswersAt = 60
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        let counts = try LoadRun(
            plan(server, .open(RateProfile(constant: 100)), puts: 0.5, stateBytes: 20_000)
        ).total.counts
        #expect(counts.sent == 30 && counts.received == 30 && counts.errors == 0)
    }

    @Test func `a connection that the server closes is opened again, and nothing is lost with it`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.closesHTTP = { $0 == 40 }
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        var plan = plan(server, .closed(depth: 1), writers: 2)
        plan.duration = .seconds(1)
        let counts = try LoadRun(plan).total.counts
        #expect(counts.ends == ["1000": 4, WorkerLoop<SnapshotWorkload>.endOfHTTP: 1] && counts.opened == 7)
        #expect(counts.received == counts.sent && counts.errors == 0 && counts.received > 60)
    }

    @Test func `devices that are refused end the run before the load`() throws {
        var mischief = ScriptedSync.Mischief()
        mischief.refusesDevices = true
        let server = try ScriptedSync(mischief)
        defer { server.stop() }
        var plan = plan(server, Self.steady)
        plan.workload = .sync(SyncLoad(.devices))
        let run = try LoadRun(plan)
        #expect(run.failure?.status == 77)
        #expect(run.failure?.sentence.contains("the server refused a device: INVALID_TOKEN") == true)
    }

    @Test func `each session's devices and requests show a token of its user`() throws {
        let server = try ScriptedSync()
        defer { server.stop() }
        var plan = plan(server, Self.steady)
        guard case .sync(var load) = plan.workload else { return }
        load.secret = Array("a secret that is long enough for HMAC".utf8)
        plan.workload = .sync(load)
        #expect(try LoadRun(plan).total.counts.received == 300)
        #expect(server.tokens.count == 4 && server.authorizations == Set(server.tokens.map { "Bearer \($0)" }))
        let verifier = TokenVerifier(try KeySet(secret: load.secret ?? []))
        for token in server.tokens {
            let claims = try verifier.verify(Array(token.utf8).span, at: Timestamp(milliseconds: SyncCredentials.now()))
            #expect(claims.user.hasPrefix("bench-"))
        }
    }
}
