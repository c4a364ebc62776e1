/// The text of a number as people write large ones: `800`, `50k`, `1.5M`; and of a part of a whole: `5%`.
package enum NumberText {
    /// What an option accepts.
    package struct Rule: Equatable, Sendable {
        /// The least and the most; percent where ``isPercent``.
        package var range: ClosedRange<Double>
        /// Whether fractions are refused.
        package var isWhole: Bool
        /// Whether the number is percent and ends in `%`.
        package var isPercent: Bool

        /// Makes a rule.
        package init(_ range: ClosedRange<Double>, isWhole: Bool = false, isPercent: Bool = false) {
            self.range = range
            self.isWhole = isWhole
            self.isPercent = isPercent
        }
    }

    /// The units from the largest.
    private static let units: [(name: String, scale: Double)] = [("M", 1_000_000), ("k", 1000)]

    /// Reads a number; a bare `0` needs no unit.
    package static func parse(_ text: String, _ rule: Rule) throws(ValueError) -> Double {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = decimal(digits), let scale = scale(of: text[digits.endIndex...], number, rule) else {
            throw expectation(rule)
        }
        let value = number * scale
        guard rule.range.contains(value), !rule.isWhole || value == value.rounded() else { throw expectation(rule) }
        return value
    }

    /// The shortest exact spelling.
    package static func spell(_ value: Double, _ rule: Rule) -> String {
        if rule.isPercent { return plain(value) + "%" }
        for unit in units where value >= unit.scale && value.truncatingRemainder(dividingBy: unit.scale) == 0 {
            return plain(value / unit.scale) + unit.name
        }
        return plain(value)
    }

    /// Digits with at most one point among them; `Double` alone would also take `1e5` and `nan`.
    private static func decimal(_ digits: Substring) -> Double? {
        guard let first = digits.first, first != ".", digits.last != "." else { return nil }
        return Double(digits)
    }

    private static func scale(of unit: Substring, _ number: Double, _ rule: Rule) -> Double? {
        if rule.isPercent { return unit == "%" || (unit.isEmpty && number == 0) ? 1 : nil }
        return unit.isEmpty ? 1 : units.first { $0.name == unit }?.scale
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }

    private static func expectation(_ rule: Rule) -> ValueError {
        let (least, most) = (spell(rule.range.lowerBound, rule), spell(rule.range.upperBound, rule))
        let kind = rule.isWhole ? "whole number" : "number"
        let fitting = examples.filter { rule.range.contains($0.value) }.map(\.spelling)
        let remedy = rule.isPercent || fitting.isEmpty ? "" : ", such as \(fitting.joinedAsChoice())"
        return ValueError("write a \(kind) from \(least) to \(most)\(remedy)")
    }

    /// How numbers may be spelled.
    private static let examples: [(spelling: String, value: Double)] = [
        ("800", 800), ("50k", 50_000), ("1.5M", 1_500_000),
    ]
}
