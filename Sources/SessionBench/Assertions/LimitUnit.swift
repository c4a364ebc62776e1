/// The units in which limits are written.
struct LimitUnit {
    /// What a unit makes of a number.
    enum Family: Equatable, Sendable {
        case time, bytes, ratio
        /// A number without a unit, or in thousands or millions.
        case number

        /// Whether a limit of this family can be compared with such a metric.
        func fits(_ kind: Metric.Kind) -> Bool {
            switch (self, kind) {
            case (.time, .time), (.bytes, .bytes), (.ratio, .ratio): true
            case (.number, .count), (.number, .rate), (.number, .ratio), (.number, .bytes): true
            default: false
            }
        }
    }

    let name: String
    let scale: Double
    let family: Family

    static let all = [
        LimitUnit(name: "", scale: 1, family: .number), LimitUnit(name: "k", scale: 1e3, family: .number),
        LimitUnit(name: "M", scale: 1e6, family: .number),
        LimitUnit(name: "ns", scale: 1, family: .time), LimitUnit(name: "us", scale: 1e3, family: .time),
        LimitUnit(name: "µs", scale: 1e3, family: .time), LimitUnit(name: "ms", scale: 1e6, family: .time),
        LimitUnit(name: "s", scale: 1e9, family: .time),
        LimitUnit(name: "%", scale: 0.01, family: .ratio),
        LimitUnit(name: "B", scale: 1, family: .bytes), LimitUnit(name: "KiB", scale: 1024, family: .bytes),
        LimitUnit(name: "MiB", scale: 1_048_576, family: .bytes),
        LimitUnit(name: "GiB", scale: 1_073_741_824, family: .bytes),
    ]

    /// What must be written for a metric of some kind.
    static func expectation(for kind: Metric.Kind) -> String {
        switch kind {
        case .time: "expected a time with its unit: ns, us, ms or s, such as 5ms"
        case .bytes: "expected a size: a number of bytes, or one with KiB, MiB or GiB, such as 4KiB"
        case .ratio: "expected a part of a whole, such as 1% or 0.01"
        case .rate: "expected a number a second, or one with k or M, such as 50k"
        case .count: "expected a count, or one with k or M, such as 0 or 50k"
        }
    }
}
