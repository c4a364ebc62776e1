import SessionBase
import SessionBench
import SessionCodec

/// Runs for tests: one second with what a test needs.
enum SampleRun {
    static let machine = MachineDescription(version: "0.0.0", system: "Linux", processor: "none", processors: 2)

    static let plan = LoadPlan(
        targets: [Endpoint(address: .host("127.0.0.1", port: 9001), target: "/echo")], workload: .echo)

    /// A run of one second with these response times in milliseconds.
    static func make(milliseconds: [Double] = [1, 2, 3, 4], plan: LoadPlan = plan) -> RunReport {
        var total = Interval(second: 0)
        for value in milliseconds { total.response.record(Int64(value * 1e6)) }
        total.counts.sent = UInt64(milliseconds.count)
        total.counts.received = UInt64(milliseconds.count)
        return RunReport(
            plan: plan, startedAt: Timestamp(milliseconds: 1_700_000_000_000), measured: .seconds(1),
            verdict: RunVerdict(.valid, reasons: []), total: total, series: [], machine: machine)
    }

    /// What a server told: 2 ms of CPU for 100 messages, 1 MiB for 256 connections.
    static let server = ServerFigures(
        version: "0.0.0", period: .seconds(1), cpu: .milliseconds(2), messagesIn: 100, messagesOut: 100,
        residentBytes: 3 << 20,
        residentBytesBefore: 2 << 20, connections: 256, queuedBytesMax: 4096, closes: [:])
}
