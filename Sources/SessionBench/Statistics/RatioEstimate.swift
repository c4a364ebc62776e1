/// How much larger one set of figures is than another, and how sure that is.
///
/// Times of runs are spread unevenly, with a tail to the long side, and a slower server spreads them more; their logarithms
/// are spread nearly evenly, and a difference of those is a ratio. So the estimate is the ratio of the geometric means, and
/// its interval is Student's on the logarithms. A bootstrap would need no such assumption, but with five runs there is
/// little to draw from: its 95 % intervals then hold the truth in some 85 of 100 cases only.
struct RatioEstimate: Equatable, Sendable {
    /// B as a part of A; infinite where A is zero and B is not.
    var ratio: Double
    /// What 95 of 100 such intervals hold the true ratio; `nil` where there are too few figures, or zeros among them.
    var interval: ClosedRange<Double>?

    /// Fewer runs than these say too little of their own spread.
    static let runsMin = 5

    /// Compares figures that were measured independently of each other (Welch's t).
    ///
    /// - Parameters:
    ///   - left: A's figures, none negative, at least one.
    ///   - right: B's, as many or not.
    static func independent(_ left: [Double], _ right: [Double]) -> RatioEstimate {
        guard let logs = logarithms(left, right) else { return ofMedians(left, right) }
        let (a, b) = (Sample(logs.left), Sample(logs.right))
        let difference = b.mean - a.mean
        guard min(left.count, right.count) >= runsMin else { return RatioEstimate(difference, halfWidth: nil) }
        let (errorA, errorB) = (a.variance / Double(left.count), b.variance / Double(right.count))
        let error = errorA + errorB
        guard error > 0 else { return RatioEstimate(difference, halfWidth: 0) }
        // Welch and Satterthwaite: as many degrees of freedom as one sample of this spread had.
        let parts = errorA * errorA / Double(left.count - 1) + errorB * errorB / Double(right.count - 1)
        return RatioEstimate(
            difference, halfWidth: StudentT.halfWidth(freedom: error * error / parts) * error.squareRoot())
    }

    /// Compares figures that were measured in rounds, one of A and one of B in each: what disturbs a whole round disturbs
    /// both, and cancels out.
    ///
    /// - Parameters:
    ///   - left: A's figures, none negative, at least one.
    ///   - right: B's, as many.
    static func paired(_ left: [Double], _ right: [Double]) -> RatioEstimate {
        precondition(left.count == right.count, "each round has one of both")
        guard let logs = logarithms(left, right) else { return ofMedians(left, right) }
        let differences = Sample(zip(logs.left, logs.right).map { $1 - $0 })
        guard left.count >= runsMin else { return RatioEstimate(differences.mean, halfWidth: nil) }
        let error = (differences.variance / Double(left.count)).squareRoot()
        return RatioEstimate(
            differences.mean, halfWidth: StudentT.halfWidth(freedom: Double(left.count - 1)) * error)
    }

    /// The middle of some figures, or the mean of the two in the middle.
    static func median(_ values: [Double]) -> Double {
        precondition(!values.isEmpty, "nothing has no middle")
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private init(ratio: Double, interval: ClosedRange<Double>?) {
        self.ratio = ratio
        self.interval = interval
    }

    private init(_ difference: Double, halfWidth: Double?) {
        ratio = NaturalLogarithm.exp(difference)
        interval = halfWidth.map {
            NaturalLogarithm.exp(difference - $0)...NaturalLogarithm.exp(difference + $0)
        }
    }

    /// With zeros among the figures, as among counts of errors, there are no logarithms, and no interval.
    private static func ofMedians(_ left: [Double], _ right: [Double]) -> RatioEstimate {
        let (a, b) = (median(left), median(right))
        return RatioEstimate(ratio: a > 0 ? b / a : b > 0 ? .infinity : 1, interval: nil)
    }

    /// `nil` where a figure has none.
    private static func logarithms(_ left: [Double], _ right: [Double]) -> (left: [Double], right: [Double])? {
        guard (left + right).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        return (left.map(NaturalLogarithm.of), right.map(NaturalLogarithm.of))
    }
}

/// Some values' mean and spread.
private struct Sample {
    let mean: Double
    /// The mean square of the distances to the mean, for n − 1; 0 for one value.
    let variance: Double

    init(_ values: [Double]) {
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        variance = values.count > 1 ? squares / Double(values.count - 1) : 0
    }
}
