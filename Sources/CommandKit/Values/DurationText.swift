/// The text of a duration: a number and a unit, `250ms 0.5s 5s 2m 1h 7d` (PROTOCOLS §1.10).
///
/// Durations are whole milliseconds: `1.5s` is 1,500 of them, and `0.5ms` is none.
package enum DurationText {
    /// What an option accepts.
    package struct Rule: Equatable, Sendable {
        /// The shortest duration.
        package var minimum: Duration
        /// Whether a bare number is milliseconds, as the awareness seed's own options have it.
        package var bareMilliseconds: Bool

        /// Makes a rule.
        package init(minimum: Duration = .zero, bareMilliseconds: Bool = false) {
            self.minimum = minimum
            self.bareMilliseconds = bareMilliseconds
        }
    }

    /// The longest duration: ten years, so that no sum of an instant and a setting can overflow.
    static let maximumMilliseconds = 10 * 366 * 86_400_000

    /// The units from the largest, each in milliseconds.
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// The most digits behind the point; what they multiply with stays far from overflowing.
    private static let placesMax = 9

    /// Reads a duration. A bare `0` needs no unit.
    static func parse(_ text: String, _ rule: Rule, word: String?) throws(ValueError) -> Duration {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let (number, divisor) = decimal(digits), let scale = scale(of: text[digits.endIndex...], number, rule)
        else { throw expectation(rule, word) }
        let (product, overflow) = number.multipliedReportingOverflow(by: scale)
        let (milliseconds, rest) = product.quotientAndRemainder(dividingBy: divisor)
        guard !overflow, milliseconds <= maximumMilliseconds else { throw ValueError("write at most 3660d") }
        guard rest == 0 else { throw ValueError("write whole milliseconds, such as 1ms or 0.025s") }
        let duration = Duration.milliseconds(milliseconds)
        guard duration >= rule.minimum else { throw ValueError("write at least \(spell(rule.minimum))") }
        return duration
    }

    /// The shortest exact spelling; durations are whole milliseconds.
    package static func spell(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        guard milliseconds != 0 else { return "0s" }
        for unit in units where milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }

    /// Digits with at most one point among them, exactly: the number without its point, and what divides it.
    private static func decimal(_ digits: Substring) -> (number: Int, divisor: Int)? {
        let halves = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return Int(digits).map { ($0, 1) } }
        guard !halves.contains(""), halves[1].count <= placesMax, let number = Int(halves[0] + halves[1]) else {
            return nil
        }
        return (number, halves[1].reduce(1) { divisor, _ in divisor * 10 })
    }

    private static func scale(of unit: Substring, _ number: Int, _ rule: Rule) -> Int? {
        if unit.isEmpty { return rule.bareMilliseconds || number == 0 ? 1 : nil }
        return units.first { $0.name == unit }?.milliseconds
    }

    private static func expectation(_ rule: Rule, _ word: String?) -> ValueError {
        let bare = rule.bareMilliseconds ? ", or a bare number of milliseconds" : ""
        return ValueError("write a duration such as 250ms, 5s, 2m, 1h or 7d" + bare + (word.map { ", or \($0)" } ?? ""))
    }
}
