import SessionBase

/// One figure of a run that has a name: in `--assert`, `--find-max`, `--fail-if` and in comparisons.
///
/// A name is one of ``Figure``'s, or a statistic of a time, such as `p99`, `service.max` or `slip.p99.9`, or that of a
/// finding that only some workload has.
package struct Metric: Equatable, Sendable {
    /// What its numbers are; spelled as the units of findings.
    package enum Kind: String, Sendable {
        /// Nanoseconds.
        case time = "ns"
        case bytes
        case count
        /// A part of a whole, 0...1.
        case ratio
        case rate = "per_second"
    }

    /// A time that is measured for many events.
    enum Series: String, CaseIterable, Sendable {
        case response, service, slip, connect, tls, upgrade, greeting
    }

    /// A figure of many times.
    enum Statistic: Equatable, Sendable {
        /// 0...1.
        case percentile(Double)
        case maximum, minimum, mean
    }

    enum Source: Equatable, Sendable {
        case times(Series, Statistic)
        /// Of a part of requests that has times of its own, such as `put_p99`.
        case operation(String, Statistic)
        case figure(Figure)
        case finding
    }

    /// The name, as it was asked for.
    package let name: String
    let source: Source

    /// Finds a metric by its name.
    ///
    /// - Parameter name: Such as `p99`, `service.max`, `loss`.
    /// - Returns: `nil` where there is no such metric.
    package init?(_ name: String) {
        self.name = name
        if let figure = Figure(rawValue: name) {
            source = .figure(figure)
        } else if let (series, statistic) = Self.times(name) {
            source = .times(series, statistic)
        } else if let (operation, statistic) = Self.operation(name) {
            source = .operation(operation, statistic)
        } else if Self.findings.contains(name) {
            source = .finding
        } else {
            return nil
        }
    }

    /// What its numbers are; `nil` for a finding, which tells it itself.
    package var kind: Kind? {
        switch source {
        case .times, .operation: .time
        case .figure(let figure): figure.kind
        case .finding: nil
        }
    }

    /// The metric's value in a run, and what it is.
    ///
    /// - Returns: `nil` where the run has no such figure, as one whose server told nothing of itself.
    package func value(in run: RunReport) -> (value: Double, kind: Kind)? {
        switch source {
        case .times(let series, let statistic):
            let times = Self.times(series, of: run)
            return times.count > 0 ? (Self.value(of: statistic, in: times), .time) : nil
        case .operation(let operation, let statistic):
            guard let times = run.total.operations.first(where: { $0.name == operation })?.response, times.count > 0
            else { return nil }
            return (Self.value(of: statistic, in: times), .time)
        case .figure(let figure): return figure.value(in: run).map { ($0, figure.kind) }
        case .finding:
            return run.findings.first { $0.name == name }.map { ($0.value, Kind(rawValue: $0.unit) ?? .count) }
        }
    }

    /// Why a run lacks the figure; without a full stop.
    func absence(from run: RunReport) -> String {
        switch source {
        case .times, .operation: return "the run has no times for \(name)"
        case .figure: return "the run has no \(name): the server told nothing of itself, or nothing was sent"
        case .finding:
            let names = run.findings.map(\.name).joined(separator: ", ")
            return "the run has no finding \(name); " + (names.isEmpty ? "this workload has none" : "it has \(names)")
        }
    }

    /// Takes `service.p99` and `p99` apart.
    private static func times(_ name: String) -> (Series, Statistic)? {
        if let statistic = statistic(name[...]) { return (.response, statistic) }
        guard let point = name.firstIndex(of: "."), let series = Series(rawValue: String(name[..<point])),
            let statistic = statistic(name[name.index(after: point)...])
        else { return nil }
        return (series, statistic)
    }

    /// Takes `put_p99` apart.
    private static func operation(_ name: String) -> (String, Statistic)? {
        guard let line = name.firstIndex(of: "_"), operations.contains(String(name[..<line])),
            let statistic = statistic(name[name.index(after: line)...])
        else { return nil }
        return (String(name[..<line]), statistic)
    }

    private static func statistic(_ name: Substring) -> Statistic? {
        switch name {
        case "max": return .maximum
        case "min": return .minimum
        case "mean": return .mean
        default:
            let digits = name.dropFirst()
            guard name.first == "p", let percent = decimal(digits), percent > 0, percent <= 100 else { return nil }
            return .percentile(percent / 100)
        }
    }

    /// Digits with at most one point between them; `Double` alone would take `0x1p3` and `nan` too.
    static func decimal(_ text: Substring) -> Double? {
        guard let first = text.utf8.first, let last = text.utf8.last, first != UInt8(ascii: "."),
            last != UInt8(ascii: "."), text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(text)
    }

    private static func times(_ series: Series, of run: RunReport) -> HdrHistogram {
        switch series {
        case .response: run.latency
        case .service: run.total.service
        case .slip: run.total.slip
        case .connect: run.total.phases.connect
        case .tls: run.total.phases.tls
        case .upgrade: run.total.phases.upgrade
        case .greeting: run.total.phases.greeting
        }
    }

    private static func value(of statistic: Statistic, in times: HdrHistogram) -> Double {
        switch statistic {
        case .percentile(let fraction): Double(times.percentile(fraction))
        case .maximum: Double(times.maximum)
        case .minimum: Double(times.minimum)
        case .mean: times.mean
        }
    }
}
