import SessionBase
import SessionCodec
import SessionCore
import SessionIO

/// The node in the Prometheus text format 0.0.4 (PROTOCOLS §1.7).
struct MetricsText {
    private(set) var bytes: [UInt8] = []

    /// Starts a metric.
    mutating func metric(_ name: String, _ type: String, _ help: String) {
        append("# HELP sessionctl_\(name) \(help)\n# TYPE sessionctl_\(name) \(type)\n")
    }

    /// One sample of a metric.
    mutating func sample(
        _ name: String, _ labels: KeyValuePairs<String, String> = [:], _ value: some CustomStringConvertible
    ) {
        append("sessionctl_\(name)")
        if !labels.isEmpty {
            append("{" + labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",") + "}")
        }
        append(" \(value)\n")
    }

    /// A metric of one sample without labels.
    mutating func single(_ name: String, _ type: String, _ help: String, _ value: some CustomStringConvertible) {
        metric(name, type, help)
        sample(name, [:], value)
    }

    /// A duration histogram in seconds.
    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        metric(name, "histogram", help)
        samples(name, of: histogram)
    }

    /// The samples of a duration histogram in seconds, for one value of a label.
    ///
    /// - Parameter label: Such as `profile="channels"`; empty where there is none.
    mutating func samples(_ name: String, of histogram: Histogram, label: String = "") {
        let (first, all) = label.isEmpty ? ("", "") : (label + ",", "{\(label)}")
        var count: UInt64 = 0
        for (bound, inBucket) in zip(histogram.bounds, histogram.counts) {
            count += inBucket
            append("sessionctl_\(name)_bucket{\(first)le=\"\(Double(bound) / 1e9)\"} \(count)\n")
        }
        append("sessionctl_\(name)_bucket{\(first)le=\"+Inf\"} \(histogram.count)\n")
        append("sessionctl_\(name)_sum\(all) \(Double(histogram.sumNanoseconds) / 1e9)\n")
        append("sessionctl_\(name)_count\(all) \(histogram.count)\n")
    }

    /// Appends a metric of the process itself, which has no prefix.
    mutating func process(_ name: String, _ type: String, _ help: String, _ value: some CustomStringConvertible) {
        append("# HELP process_\(name) \(help)\n# TYPE process_\(name) \(type)\nprocess_\(name) \(value)\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
