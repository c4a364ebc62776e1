/// A point in wall-clock time, in milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Written as ISO 8601 in UTC with milliseconds and `Z`, such as `2024-01-07T10:30:00.000Z` (PROTOCOLS §1.8).
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch.
    package var milliseconds: Int64

    /// Makes the time that lies this many milliseconds after the Unix epoch.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    /// Appends the 24 bytes of `2024-01-07T10:30:00.000Z`; years outside 0...9999 wrap.
    package func append(to bytes: inout [UInt8]) {
        let second = secondOfDay
        let (year, month, dayOfMonth) = date
        bytes.reserveCapacity(bytes.count + 24)
        bytes.appendDecimal(year % 10_000, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(dayOfMonth, digits: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDecimal(second / 3600, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(second / 60 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(second % 60, digits: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDecimal(Int(milliseconds - seconds * 1000), digits: 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The text that ``append(to:)`` writes.
    package var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The date in UTC: the year, the month 1...12 and the day 1...31.
    package var date: (year: Int, month: Int, day: Int) {
        let (year, month, day) = Self.civil(day: self.day)
        return (Int(year), month, day)
    }

    /// Seconds since midnight in UTC, 0...86,399.
    package var secondOfDay: Int { Int(seconds - day * 86_400) }

    /// The day of the week in UTC; 0 is Sunday.
    package var dayOfWeek: Int { Int(((day + 4) % 7 + 7) % 7) }

    /// Whole days since 1970-01-01, rounded down.
    private var day: Int64 { seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400 }

    /// Splits days since 1970-01-01 into a Gregorian date (Hinnant, *chrono-compatible low-level date algorithms*).
    static func civil(day: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }
}
