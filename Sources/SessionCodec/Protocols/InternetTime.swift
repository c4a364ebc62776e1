import SessionBase

/// Reads times as clients write them: RFC 3339 with a zone and up to nine digits of a second (PROTOCOLS 0-9, §2.8).
enum InternetTime {
    /// The time that `text` spells, such as `2024-01-15T11:30:00.5+01:00`, cut to milliseconds; `nil` where it is none.
    static func parse(_ text: Span<UInt8>) -> Timestamp? {
        guard text.count >= 20, has("-", at: 4, text), has("-", at: 7, text), has("T", at: 10, text),
            has(":", at: 13, text), has(":", at: 16, text), let year = number(text, 0..<4),
            let month = number(text, 5..<7), let day = number(text, 8..<10), let hour = number(text, 11..<13),
            let minute = number(text, 14..<16), let second = number(text, 17..<19),
            (1...12).contains(month), (1...daysIn(month, of: year)).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        guard let milliseconds = fraction(text, &index), let offset = zone(text, index) else { return nil }
        let seconds = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
        return Timestamp(milliseconds: Int64(seconds * 1000 + milliseconds))
    }

    /// Reads what may stand between the seconds and the zone: a point and one to nine digits.
    private static func fraction(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard text[index] == UInt8(ascii: ".") else { return 0 }
        let start = index + 1
        index = start
        while index < text.count, number(text, index..<index + 1) != nil { index += 1 }
        guard (1...9).contains(index - start), let digits = number(text, start..<min(index, start + 3)) else {
            return nil
        }
        return [1: 100, 2: 10][index - start, default: 1] * digits
    }

    /// Reads the zone that ends the text, in minutes east of Greenwich.
    private static func zone(_ text: Span<UInt8>, _ index: Int) -> Int? {
        if index == text.count - 1, has("Z", at: index, text) { return 0 }
        guard index == text.count - 6, has(":", at: index + 3, text), let hours = number(text, index + 1..<index + 3),
            let minutes = number(text, index + 4..<index + 6), hours < 24, minutes < 60
        else { return nil }
        if has("+", at: index, text) { return hours * 60 + minutes }
        return has("-", at: index, text) ? -(hours * 60 + minutes) : nil
    }

    private static func has(_ mark: Unicode.Scalar, at index: Int, _ text: Span<UInt8>) -> Bool {
        // `T` and `Z` may be written small (RFC 3339 §5.6).
        text[index] == UInt8(ascii: mark) || (mark.properties.isUppercase && text[index] == UInt8(ascii: mark) | 0x20)
    }

    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, *chrono-compatible low-level date algorithms*).
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
