/// Student's t: how many standard errors an estimate may be off when the spread itself is estimated from few values.
enum StudentT {
    /// One row of the table.
    private typealias Row = (freedom: Double, t: Double)

    /// The 97.5 % points for 1…30 degrees of freedom, as printed in every table.
    private static let points = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]

    /// All rows, the last one for as many degrees as one likes.
    private static let rows: [Row] =
        points.enumerated().map { (freedom: Double($0.offset + 1), t: $0.element) }
        + [(40, 2.021), (60, 2.000), (120, 1.980), (.infinity, 1.960)]

    /// The half width of a 95 % confidence interval in standard errors.
    ///
    /// - Parameter freedom: Degrees of freedom, at least 1; between two rows of the table t is taken to be a straight line
    ///   over the reciprocal, which is right to one in a thousand.
    static func halfWidth(freedom: Double) -> Double {
        precondition(freedom >= 1, "one value has no spread")
        let next = rows.firstIndex { $0.freedom >= freedom } ?? rows.count - 1
        let (upper, lower) = (rows[next], rows[max(0, next - 1)])
        let distance = 1 / lower.freedom - 1 / upper.freedom
        guard distance > 0 else { return upper.t }
        let part = (1 / freedom - 1 / upper.freedom) / distance
        return upper.t + (lower.t - upper.t) * part
    }
}
