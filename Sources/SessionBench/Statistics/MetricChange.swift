/// What became of one metric from A to B.
package struct MetricChange: Equatable, Sendable {
    /// What the runs show; spelled as in JSON.
    package enum Conclusion: String, Sendable {
        /// B is better, and it is not by chance.
        case better
        case worse
        /// Perhaps there is one, too small for so few or so uneven runs.
        case noDifference = "no_difference"
        /// Too few runs to tell chance from change.
        case unknown
    }

    /// The metric's name, and what its numbers are.
    package let name: String
    package let kind: Metric.Kind
    /// The runs' values, in their order.
    package let left: [Double]
    package let right: [Double]
    /// B as a part of A; infinite where A has nothing and B has something.
    package let ratio: Double
    /// What the true ratio lies in, with 95 % confidence; `nil` where nobody can say.
    package let interval: ClosedRange<Double>?
    /// What it means.
    package let conclusion: Conclusion

    /// Histograms keep three digits: a smaller difference may be theirs.
    private static let resolution = 0.001

    /// Compares a metric's values.
    ///
    /// - Parameters:
    ///   - left: A's values, at least one.
    ///   - right: B's; as many, in the same order, where `isPaired`.
    init(name: String, kind: Metric.Kind, _ left: [Double], _ right: [Double], isPaired: Bool) {
        self.name = name
        self.kind = kind
        self.left = left
        self.right = right
        let estimate = isPaired ? RatioEstimate.paired(left, right) : .independent(left, right)
        ratio = estimate.ratio
        interval = estimate.interval
        let direction = Self.direction(estimate, left, right)
        let isMoreBetter = kind == .rate
        conclusion =
            switch direction {
            case nil: .unknown
            case 0: .noDifference
            case .some(let direction): (direction > 0) == isMoreBetter ? .better : .worse
            }
    }

    /// 1 where B is certainly more, −1 where it is certainly less, 0 where that is not certain; `nil` for too few runs.
    private static func direction(_ estimate: RatioEstimate, _ left: [Double], _ right: [Double]) -> Int? {
        guard min(left.count, right.count) >= RatioEstimate.runsMin else { return nil }
        if let interval = estimate.interval {
            return interval.lowerBound > 1 + resolution ? 1 : interval.upperBound < 1 - resolution ? -1 : 0
        }
        // Zeros have no ratio. That all runs of one side exceed all of the other happens by chance in 1 of 126 cases, if
        // there are five of both.
        if let (most, least) = bounds(left, right), most < least { return 1 }
        if let (most, least) = bounds(right, left), most < least { return -1 }
        return 0
    }

    private static func bounds(_ lower: [Double], _ upper: [Double]) -> (most: Double, least: Double)? {
        guard let most = lower.max(), let least = upper.min() else { return nil }
        return (most, least)
    }

    /// The conclusion in the metric's own words.
    package var words: String {
        switch conclusion {
        case .noDifference: return "no difference shown"
        case .unknown: return Figures.none
        case .better, .worse:
            let isBetter = conclusion == .better
            switch kind {
            case .rate: return isBetter ? "faster" : "slower"
            case .time where name != Metric.Figure.cpuPerMessage.rawValue: return isBetter ? "faster" : "slower"
            case .count: return isBetter ? "fewer" : "more"
            case .time, .bytes, .ratio: return isBetter ? "less" : "more"
            }
        }
    }

    /// The middle of A's and of B's values.
    package var medians: (left: Double, right: Double) { (RatioEstimate.median(left), RatioEstimate.median(right)) }
}
