/// Numbers as people read them in reports: three digits that count, groups of three, units where they are needed.
package enum Figures {
    /// What stands where there is no figure.
    package static let none = "–"

    /// A whole number in groups of three: `49,998`.
    package static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A whole number in groups of three, with its sign where it is negative.
    package static func grouped(_ value: Int) -> String {
        (value < 0 ? "-" : "") + grouped(UInt64(value.magnitude))
    }

    /// A time in milliseconds with three digits that count and at most three decimals: `0.038`, `6.42`, `42.1`, `1,234`.
    package static func milliseconds(_ nanoseconds: Int64) -> String { significant(Double(nanoseconds) / 1e6) }

    /// A time in the unit that suits it: `850 ns`, `38.4 µs`, `6.42 ms`, `1.20 s`.
    package static func time(_ nanoseconds: Double) -> String {
        switch abs(nanoseconds) {
        case ..<999.5: "\(significant(nanoseconds, decimals: 0)) ns"
        case ..<999_500: "\(significant(nanoseconds / 1e3)) µs"
        case ..<999_500_000: "\(significant(nanoseconds / 1e6)) ms"
        default: "\(significant(nanoseconds / 1e9)) s"
        }
    }

    /// An amount of memory in the unit that suits it: `128 B`, `2.90 KiB`, `312 MiB`.
    package static func bytes(_ bytes: Double) -> String {
        switch abs(bytes) {
        case ..<1024: "\(significant(bytes, decimals: 0)) B"
        case ..<1_048_064: "\(significant(bytes / 1024)) KiB"
        case ..<1_073_217_536: "\(significant(bytes / 1_048_576)) MiB"
        default: "\(significant(bytes / 1_073_741_824)) GiB"
        }
    }

    /// Events a second: `49,998/s`, `12.5/s`.
    package static func rate(_ perSecond: Double) -> String { "\(significant(perSecond, decimals: 1))/s" }

    /// A part of a whole: `41 %`, `0.31 %`.
    package static func percent(_ ratio: Double) -> String {
        let percent = ratio * 100
        return "\(significant(percent, decimals: abs(percent) < 10 ? (abs(percent) < 1 ? 2 : 1) : 0)) %"
    }

    /// A value in the unit that findings and assertions name: `ns`, `bytes`, `ratio`, `per_second`; all others count.
    package static func value(_ value: Double, unit: String) -> String {
        switch unit {
        case "ns": time(value)
        case "bytes": bytes(value)
        case "ratio": percent(value)
        case "per_second": rate(value)
        default: significant(value, decimals: value == value.rounded() ? 0 : 3)
        }
    }

    /// A number with three digits that count: whole and in groups of three from 100 on, `42.1`, `6.42`, `0.038`.
    ///
    /// - Parameter decimals: The most decimals there are.
    package static func significant(_ value: Double, decimals: Int = 3) -> String {
        guard value.isFinite else { return none }
        let magnitude = abs(value)
        // What rounds up to the next power of ten has that one's decimals: 9.996 is 10.0 and not 10.00.
        let wanted = magnitude < 0.9995 ? 3 : magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0
        let text = fixed(magnitude, decimals: min(wanted, decimals))
        return value < 0 && text.contains { $0 != "0" && $0 != "." } ? "-" + text : text
    }

    /// A number that is not negative with exactly `decimals` decimals, 0...9, rounded half up; grouped before the point.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(UInt64(1)) { product, _ in product * 10 }
        // Nothing that is reported comes near the bound; without it a conversion would trap.
        let scaled = UInt64(min(max(0, value) * Double(scale) + 0.5, 1e18))
        guard decimals > 0 else { return grouped(scaled) }
        let rest = String(scaled % scale)
        return grouped(scaled / scale) + "." + String(repeating: "0", count: decimals - rest.count) + rest
    }
}
