/// ln and exp, which ratios are averaged with: pure layers do without the C library's.
enum NaturalLogarithm {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm, to the last digit or two.
    ///
    /// - Parameter value: Positive and finite.
    static func of(_ value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "only positive numbers have a logarithm")
        var exponent = Double(value.exponent)
        var significand = value.significand
        // Around 1 rather than above it, where the series is shortest.
        if significand > 1.414 {
            significand /= 2
            exponent += 1
        }
        // ln s = 2 artanh z with z = (s − 1) / (s + 1): |z| ≤ 0.172, so that z²³ is below the last bit.
        let z = (significand - 1) / (significand + 1)
        var sum = 0.0
        for odd in stride(from: 23.0, through: 1, by: -2) { sum = sum * z * z + 1 / odd }
        return exponent * ln2 + 2 * z * sum
    }

    /// The number whose natural logarithm is `power`; 0 or infinity where it is beyond the finite ones.
    static func exp(_ power: Double) -> Double {
        guard power > -700 else { return 0 }
        guard power < 700 else { return .infinity }
        let halvings = (power / ln2).rounded()
        let rest = power - halvings * ln2
        // |rest| ≤ 0.35: its 16th power over 16! is below the last bit.
        var sum = 1.0
        for factor in stride(from: 16.0, through: 1, by: -1) { sum = 1 + sum * rest / factor }
        return Double(sign: .plus, exponent: Int(halvings), significand: sum)
    }
}
