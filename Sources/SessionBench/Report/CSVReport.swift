import SessionBase

/// A document for spreadsheets and scripts: comma-separated values with a heading, lines ended by `\n` (RFC 4180).
package enum CSVReport {
    private struct Column {
        var name: String
        var value: (RunReport) -> String
    }

    /// One line a run. New columns are added at the end; cells are empty where there is nothing to say.
    ///
    /// `label`, `started_at`, `workload`, `target`, `connections`, `model`, `asked_per_second`, `sent_per_second`,
    /// `received_per_second`, `verdict`, `checked`, `interrupted`, `measured_ns`; the counts `planned`, `sent`, `received`,
    /// `pushed`, `lost`, `duplicated`, `reordered`, `wrong`; `response_p50_ns`, `…_p90_ns`, `…_p99_ns`, `…_p999_ns`,
    /// `…_max_ns` and the same of `service`; `slip_p99_ns`, `busy_ratio`, `backlog_max_bytes`; `server_cpu_ns`,
    /// `server_resident_bytes`, `delivered`, `undelivered`, `redelivered`, `misordered`, `delivered_per_second`; and, where a run has parts of
    /// requests with times of their own, `put_p50_ns` and so on for each of them; and what only its workload finds, such as
    /// `member_bytes`, with its unit behind it where that is no count.
    package static func text(_ document: BenchDocument) -> String {
        let columns = columns + operationColumns(document) + findingColumns(document)
        let heading = columns.map(\.name)
        return lines([heading] + document.runs.map { run in columns.map { SafeText.csv($0.value(run)) } })
    }

    /// One line a second: `label`, `run` (from 1 on), `second`, `sent`, `received`, `errors`, `p50_ns`, `p99_ns`,
    /// `max_ns`.
    package static func series(_ document: BenchDocument) -> String {
        let heading = [
            "label", "run", "second", "sent", "received", "errors", "p50_ns", "p99_ns", "max_ns",
        ]
        let rows = document.runs.enumerated().flatMap { index, run in
            run.series.map { point in
                [
                    SafeText.csv(run.label), "\(index + 1)", "\(point.second)", "\(point.sent)", "\(point.received)",
                    "\(point.errors)", "\(point.p50)", "\(point.p99)", "\(point.maximum)",
                ]
            }
        }
        return lines([heading] + rows)
    }

    private static var columns: [Column] {
        [
            Column(name: "label", value: \.label),
            Column(name: "started_at", value: \.startedAt.text),
            Column(name: "workload", value: \.plan.workload.name),
            Column(name: "target", value: { $0.plan.publicTargets.joined(separator: " ") }),
            Column(name: "connections", value: { "\($0.plan.connections)" }),
            Column(name: "model", value: { $0.isClosedLoop ? "closed" : "open" }),
            Column(name: "asked_per_second", value: { real($0.askedPerSecond) }),
            Column(name: "sent_per_second", value: { real($0.sentPerSecond) }),
            Column(name: "received_per_second", value: { real($0.receivedPerSecond) }),
            Column(name: "verdict", value: \.verdict.kind.rawValue),
            Column(name: "checked", value: { "\($0.plan.isChecking)" }),
            Column(name: "interrupted", value: { "\($0.wasInterrupted)" }),
            Column(name: "measured_ns", value: { "\($0.measured.nanoseconds)" }),
            Column(name: "planned", value: { "\($0.total.counts.planned)" }),
            Column(name: "sent", value: { "\($0.total.counts.sent)" }),
            Column(name: "received", value: { "\($0.total.counts.received)" }),
            Column(name: "pushed", value: { "\($0.total.counts.pushed)" }),
            Column(name: "lost", value: { "\($0.total.counts.lost)" }),
            Column(name: "duplicated", value: { "\($0.total.counts.duplicated)" }),
            Column(name: "reordered", value: { "\($0.total.counts.reordered)" }),
            Column(name: "wrong", value: { "\($0.total.counts.wrong)" }),
        ] + latencyColumns("response", \.total.response) + latencyColumns("service", \.total.service) + [
            Column(name: "slip_p99_ns", value: { percentile($0.total.slip, 0.99) }),
            Column(name: "busy_ratio", value: { real($0.busyRatio) }),
            Column(name: "backlog_max_bytes", value: { "\($0.total.generator.backlogBytesMax)" }),
            Column(name: "server_cpu_ns", value: { $0.server.map { "\($0.cpu.nanoseconds)" } ?? "" }),
            Column(name: "server_resident_bytes", value: { $0.server.map { "\($0.residentBytes)" } ?? "" }),
            Column(name: "delivered", value: { "\($0.total.counts.delivered)" }),
            Column(name: "undelivered", value: { "\($0.total.counts.undelivered)" }),
            Column(name: "redelivered", value: { "\($0.total.counts.redelivered)" }),
            Column(name: "misordered", value: { "\($0.total.counts.misordered)" }),
            Column(name: "delivered_per_second", value: { real($0.deliveredPerSecond) }),
        ]
    }

    /// The columns of the operations that any run has, in the order in which they first occur.
    private static func operationColumns(_ document: BenchDocument) -> [Column] {
        var names: [String] = []
        for run in document.runs {
            for operation in run.total.operations where !names.contains(operation.name) { names.append(operation.name) }
        }
        return names.flatMap { name in
            latencyColumns(name) { run in
                run.total.operations.first { $0.name == name }?.response ?? HdrHistogram()
            }
        }
    }

    /// The columns of the findings that any run has, in the order in which they first occur.
    private static func findingColumns(_ document: BenchDocument) -> [Column] {
        var found: [Finding] = []
        for finding in document.runs.flatMap(\.findings) where !found.contains(where: { $0.name == finding.name }) {
            found.append(finding)
        }
        return found.map { finding in
            let isPlain = finding.unit == "count" || finding.name.hasSuffix("_\(finding.unit)")
            return Column(name: finding.name + (isPlain ? "" : "_\(finding.unit)")) { run in
                real(run.findings.first { $0.name == finding.name }?.value)
            }
        }
    }

    private static func latencyColumns(
        _ name: String, _ histogram: @escaping (RunReport) -> HdrHistogram
    ) -> [Column] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("max", 1)].map { suffix, fraction in
            Column(name: "\(name)_\(suffix)_ns", value: { percentile(histogram($0), fraction) })
        }
    }

    private static func percentile(_ histogram: HdrHistogram, _ fraction: Double) -> String {
        histogram.count > 0 ? "\(histogram.percentile(fraction))" : ""
    }

    private static func real(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    private static func lines(_ rows: [[String]]) -> String {
        rows.map { $0.joined(separator: ",") + "\n" }.joined()
    }
}
