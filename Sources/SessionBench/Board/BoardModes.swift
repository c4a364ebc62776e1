import SessionBase

/// What the second version saves: the runs of a load in both modes beside each other.
///
/// Where there are several rounds, each mode is spoken for by the median of each figure.
package enum BoardModes {
    /// One figure of both modes.
    private struct Line {
        var key: String
        var name: String
        var unit: String
        var value: (RunReport) -> Double?
        /// Whether less of it is what the second version is for.
        var isSaving = true
    }

    private static var lines: [Line] {
        [
            Line(key: "member_bytes", name: "bytes/s to each member", unit: "bytes") { finding("member_bytes", $0) },
            Line(key: "member_messages", name: "messages/s to each member", unit: "per_second") {
                finding("member_messages", $0)
            },
            Line(key: "server_cpu", name: "server CPU", unit: "ratio") { $0.server?.cpuRatio },
            Line(key: "last_p50", name: "change to last member, p50", unit: "ns") { time("last", 0.5, $0) },
            Line(key: "last_p99", name: "change to last member, p99", unit: "ns") { time("last", 0.99, $0) },
            Line(key: "last_p999", name: "change to last member, p99.9", unit: "ns") { time("last", 0.999, $0) },
            Line(key: "author_p99", name: "change to its author, p99", unit: "ns") { time("author", 0.99, $0) },
            Line(key: "cursor_p99", name: "cursor to other members, p99", unit: "ns") { time("cursor", 0.99, $0) },
            Line(key: "ack_p99", name: "change to acknowledgement, p99", unit: "ns") { time("ack", 0.99, $0) },
            Line(key: "generator_busy", name: "generator busy", unit: "ratio", value: \.busyRatio, isSaving: false),
        ]
    }

    /// The table, the figures and the conclusion; `nil` where one mode has no whole run.
    package static func section(_ runs: [RunReport]) -> ReportSection? {
        let (seed, v2) = (side(.seed, runs), side(.v2, runs))
        guard !seed.isEmpty, !v2.isEmpty else { return nil }
        var (rows, figures, factors): ([[String]], [Finding], [String: Double]) = ([], [], [:])
        for line in lines {
            let (left, right) = (median(line, seed), median(line, v2))
            guard left != nil || right != nil else { continue }
            let factor = factor(left, right)
            rows.append([
                line.name, spell(left, line), spell(right, line),
                line.isSaving ? factor.map { "\(Figures.significant($0)) ×" } ?? Figures.none : Figures.none,
            ])
            for (mode, value) in [("seed", left), ("v2", right)] {
                guard let value else { continue }
                figures.append(Finding("\(mode)_\(line.key)", "\(line.name), \(mode)", value, unit: line.unit))
            }
            guard line.isSaving, let factor else { continue }
            factors[line.key] = factor
            figures.append(Finding("factor_\(line.key)", "\(line.name), seed by v2", factor, unit: "count"))
        }
        return ReportSection(
            name: "board_modes", title: "Seed mode and v2", summary: summary(factors),
            columns: ["", "seed", "v2", "v2 saves"], rows: rows, figures: figures)
    }

    private static func summary(_ factors: [String: Double]) -> String {
        let parts = [("member_bytes", "bytes to each member"), ("server_cpu", "CPU of the server")].compactMap {
            key, name in factors[key].map { "\(Figures.significant($0)) times the \(name)" }
        }
        return parts.isEmpty ? "" : "the whole board each time takes \(parts.joined(separator: " and ")) that v2 takes"
    }

    private static func side(_ mode: BoardLoad.Mode, _ runs: [RunReport]) -> [RunReport] {
        runs.filter { run in
            guard case .board(let load) = run.plan.workload else { return false }
            return load.mode == mode && !run.wasInterrupted
        }
    }

    private static func median(_ line: Line, _ runs: [RunReport]) -> Double? {
        let values = runs.compactMap(line.value).sorted()
        return values.isEmpty ? nil : values[(values.count - 1) / 2]
    }

    private static func factor(_ left: Double?, _ right: Double?) -> Double? {
        guard let left, let right, right > 0 else { return nil }
        return left / right
    }

    private static func spell(_ value: Double?, _ line: Line) -> String {
        value.map { Figures.value($0, unit: line.unit) } ?? Figures.none
    }

    private static func finding(_ name: String, _ run: RunReport) -> Double? {
        run.findings.first { $0.name == name }?.value
    }

    private static func time(_ operation: String, _ fraction: Double, _ run: RunReport) -> Double? {
        guard let times = run.total.operations.first(where: { $0.name == operation })?.response, times.count > 0 else {
            return nil
        }
        return Double(times.percentile(fraction))
    }
}
