import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct SlowWatchTests {
    private func probe(_ server: RunningServe) -> ServerProbe {
        ServerProbe(Endpoint(address: .unix(path: server.adminPath)))
    }

    @Test func `a server names the connection that does not read, and no other`() throws {
        let server = try RunningServe()
        var plan = LoadPlan(
            targets: [server.endpoint], workload: .slow(SlowReaders(fraction: 0.5, bytesPerSecond: 0)))
        plan.connections = 2
        // More than sockets hold, so that it waits in the server.
        (plan.arrival, plan.payloadBytes) = (.closed(depth: 64), 256 << 10)
        (plan.duration, plan.warmUp, plan.timeout) = (.seconds(1), .zero, .seconds(5))
        let watch = try SlowWatch(probe(server))
        let run = try LoadRun(plan)
        let report = watch.stop()
        #expect(run.slowAddresses.count == 1)
        #expect(report.findings(run.slowAddresses).map(\.name) == ["stuck_4511", "stuck_named"])
        #expect(report.findings(run.slowAddresses).map(\.value) == [0, 1])
    }

    @Test func `a server that cannot be asked names nobody`() throws {
        let watch = try SlowWatch(ServerProbe(Endpoint(address: .unix(path: "/nowhere/at/all"))))
        #expect(watch.stop() == SlowWatch.Report())
    }

    @Test func `only connections of the load are counted`() {
        var report = SlowWatch.Report()
        (report.named, report.closed) = (["1.1.1.1:1", "1.1.1.1:2"], ["1.1.1.1:2", "1.1.1.1:9"])
        #expect(report.findings(["1.1.1.1:1", "1.1.1.1:2", "1.1.1.1:3"]).map(\.value) == [1, 2])
    }
}
