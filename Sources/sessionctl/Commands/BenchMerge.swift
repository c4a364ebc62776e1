import CommandKit
import SessionBase
import SessionBench
import SessionCodec

/// `bench merge FILE...`: adds the histograms of several logs up.
enum BenchMerge {
    private static let fractions = [0.5, 0.9, 0.99, 0.999, 1]

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        var logs: [HdrLog.Reader] = []
        for path in invocation.parsed.operands("FILE") {
            let bytes = try TextFile.readBytes(path)
            logs.append(try readable { () throws(HdrLogError) in try HdrLog.Reader(bytes, file: path) })
        }
        let totals = try readable { () throws(HdrLogError) in try HdrLog.totals(of: logs) }
        let (settings, output) = (invocation.settings, invocation.context.output)
        if settings[BenchOptions.json], settings[BenchOptions.spectrum] {
            throw .usage("--json and --spectrum both write standard output; leave one out")
        }
        if let path = settings[BenchOptions.hdr] {
            let file = try BenchFile(path, output: output)
            try writeLog(logs, to: file)
            if file.isOutput { return .success }
        }
        if settings[BenchOptions.json] {
            var writer = json(totals)
            try output.writeLine(&writer)
        } else if settings[BenchOptions.spectrum] {
            // Those without a tag, which are the response times, come first.
            try output.write(PercentileSpectrum.text(totals.first?.histogram ?? HdrHistogram()))
        } else {
            try output.write(text(totals, files: logs.count))
        }
        return .success
    }

    private static func writeLog(_ logs: [HdrLog.Reader], to file: BenchFile) throws(CommandError) {
        var merged = HdrLog.Merged(logs)
        let remark = "sessionctl \(Program.version) bench merge of \(logs.count) logs"
        try file.write(HdrLog.head(startedAt: merged.startedAt, remark: remark))
        while let line = try readable({ () throws(HdrLogError) in try merged.nextLine() }) { try file.append(line) }
    }

    /// Does what may find a line that is no log's.
    private static func readable<Value>(_ body: () throws(HdrLogError) -> Value) throws(CommandError) -> Value {
        do throws(HdrLogError) {
            return try body()
        } catch {
            throw CommandError(.badData, error.description)
        }
    }

    private static func text(_ totals: [HdrLog.Total], files: Int) -> String {
        var lines = [row("latency", ["p50", "p90", "p99", "p99.9", "max"]) + "   ms"]
        for total in totals {
            let cells = fractions.map { Figures.milliseconds(total.histogram.percentile($0)) }
            lines.append(row(name(of: total), cells))
        }
        let counts = totals.map { "\(Figures.grouped($0.histogram.count)) \(name(of: $0))" }.joined(separator: ", ")
        lines.append("\(counts) times from \(files) file\(files == 1 ? "" : "s")")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let padded = cells.map { String(repeating: " ", count: max(1, 9 - $0.count)) + $0 }
        return name + String(repeating: " ", count: max(1, 10 - name.count)) + padded.joined()
    }

    private static func json(_ totals: [HdrLog.Total]) -> JSONWriter {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("totals") { writer in
                writer.array { list in
                    for total in totals { list.object { write(total, to: &$0) } }
                }
            }
        }
        return writer
    }

    private static func write(_ total: HdrLog.Total, to writer: inout JSONWriter) {
        let histogram = total.histogram
        writer.field("name", name(of: total))
        writer.field("intervals", total.intervals)
        writer.field("count", histogram.count)
        writer.field("mean_ns", histogram.mean)
        for (name, fraction) in zip(["p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns"], fractions) {
            writer.field(name, histogram.percentile(fraction))
        }
    }

    /// Values without a tag are response times.
    private static func name(of total: HdrLog.Total) -> String { total.tag ?? "response" }
}
