/// The text of a duration: a whole number and a unit, `250ms 5s 2m 1h 7d` (PROTOCOLS §1.10).
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

    /// Reads a duration. A bare `0` needs no unit.
    static func parse(_ text: String, _ rule: Rule, word: String?) throws(ValueError) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...]
        guard let number = Int(digits) else { throw expectation(rule, word) }
        guard let scale = scale(of: unit, number, rule) else { throw expectation(rule, word) }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow, milliseconds <= maximumMilliseconds else { throw ValueError("write at most 3660d") }
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

    private static func scale(of unit: Substring, _ number: Int, _ rule: Rule) -> Int? {
        if unit.isEmpty { return rule.bareMilliseconds || number == 0 ? 1 : nil }
        return units.first { $0.name == unit }?.milliseconds
    }

    private static func expectation(_ rule: Rule, _ word: String?) -> ValueError {
        let bare = rule.bareMilliseconds ? ", or a bare number of milliseconds" : ""
        return ValueError("write a duration such as 250ms, 5s, 2m, 1h or 7d" + bare + (word.map { ", or \($0)" } ?? ""))
    }
}
