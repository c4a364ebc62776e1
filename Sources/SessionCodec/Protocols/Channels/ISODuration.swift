package import SessionBase

/// A duration as ISO 8601 writes it, such as `PT30M`, `P1DT12H`, `P2W` or `PT0.5S` (seed 002, *maintenance_notice*).
///
/// Years and months have no fixed length: they are counted on the calendar from the time that the duration is added to.
package struct ISODuration: Equatable, Sendable {
    /// Years and months.
    package private(set) var months = 0
    /// Everything else.
    package private(set) var milliseconds: Int64 = 0

    /// No more than ten thousand years: what is added to a time of ours stays one.
    private static let monthsMax = 120_000
    private static let millisecondsMax: Int64 = 315_576_000_000_000

    private static let dateUnits: [(letter: UInt8, months: Int, milliseconds: Int64)] = [
        (UInt8(ascii: "Y"), 12, 0), (UInt8(ascii: "M"), 1, 0), (UInt8(ascii: "W"), 0, 604_800_000),
        (UInt8(ascii: "D"), 0, 86_400_000),
    ]
    private static let timeUnits: [(letter: UInt8, months: Int, milliseconds: Int64)] = [
        (UInt8(ascii: "H"), 0, 3_600_000), (UInt8(ascii: "M"), 0, 60_000), (UInt8(ascii: "S"), 0, 1000),
    ]

    /// Reads a duration; `nil` where the text is none, is negative, or is longer than ten thousand years.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return nil }
        let parts = rest.split(separator: UInt8(ascii: "T"), maxSplits: 1, omittingEmptySubsequences: false)
        guard read(parts[0], Self.dateUnits) else { return nil }
        if parts.count == 2 {
            guard !parts[1].isEmpty, read(parts[1], Self.timeUnits) else { return nil }
        }
    }

    /// The time that lies this much after another one; the last day of its month where the month is too short.
    package func added(to time: Timestamp) -> Timestamp {
        var start = time.milliseconds
        if months > 0 {
            let (year, month, day) = time.date
            let total = year * 12 + month - 1 + months
            let first = Timestamp.days(year: total / 12, month: total % 12 + 1, day: 1)
            let next = Timestamp.days(year: (total + 1) / 12, month: (total + 1) % 12 + 1, day: 1)
            let dayStart = (first + min(Int64(day - 1), next - first - 1)) * 86_400_000
            start = dayStart + time.milliseconds - Timestamp.days(year: year, month: month, day: day) * 86_400_000
        }
        return Timestamp(milliseconds: start + milliseconds)
    }

    /// Reads numbers with their units, each unit at most once and in order; only the last number may have a fraction.
    private mutating func read(
        _ text: ArraySlice<UInt8>, _ units: [(letter: UInt8, months: Int, milliseconds: Int64)]
    ) -> Bool {
        var text = text
        var units = units[...]
        while !text.isEmpty {
            let number = text.prefix { $0 < 0x3A && $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }
            text = text.dropFirst(number.count)
            guard let letter = text.popFirst(), let place = units.firstIndex(where: { $0.letter == letter }),
                add(number, of: units[place])
            else { return false }
            if number.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }), !text.isEmpty {
                return false
            }
            units = units[(place + 1)...]
        }
        return true
    }

    private mutating func add(
        _ number: ArraySlice<UInt8>, of unit: (letter: UInt8, months: Int, milliseconds: Int64)
    ) -> Bool {
        let text = number.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
        guard let first = text.first, (0x30...0x39).contains(first), let last = text.last, (0x30...0x39).contains(last),
            text.count <= 16, let value = Double(String(decoding: text, as: UTF8.self))
        else { return false }
        if unit.months > 0 {
            guard value == value.rounded(.down), value * Double(unit.months) <= Double(Self.monthsMax) else {
                return false
            }
            months += Int(value) * unit.months
        } else {
            guard value * Double(unit.milliseconds) <= Double(Self.millisecondsMax) else { return false }
            milliseconds += Int64((value * Double(unit.milliseconds)).rounded())
        }
        return months <= Self.monthsMax && milliseconds <= Self.millisecondsMax
    }
}

extension ISODuration {
    /// Writes a duration, such as `PT30M`, `P1DT2H` or `PT1.5S`; what is below a millisecond is left out.
    package static func text(of duration: Duration) -> String {
        let milliseconds = duration.nanoseconds / 1_000_000
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest % 60_000)
        var time = ""
        if hours > 0 { time += "\(hours)H" }
        if minutes > 0 { time += "\(minutes)M" }
        if seconds > 0 { time += spelled(seconds) + "S" }
        let date = days > 0 ? "\(days)D" : ""
        if time.isEmpty { return date.isEmpty ? "PT0S" : "P" + date }
        return "P\(date)T\(time)"
    }

    /// Seconds with as many decimals as they need.
    private static func spelled(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(seconds)" }
        var decimals = String(rest + 1000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return "\(seconds).\(decimals)"
    }
}
