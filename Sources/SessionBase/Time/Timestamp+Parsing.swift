extension Timestamp {
    /// Reads a time in the profile of RFC 3339 §5.6, such as `2024-01-15T10:30:00Z` or `2024-01-15T11:30:00.25+01:00`.
    ///
    /// The zone must be there; a fraction has 1 to 9 digits, of which three count. A leap second is the second after it.
    ///
    /// - Parameter bytes: The text, all of it.
    /// - Returns: `nil` where it is in another form, or no date or time that exists.
    /// - Complexity: O(1), no allocation.
    package init?(parsing bytes: Span<UInt8>) {
        var text = Cursor(bytes.count)
        guard let year = text.number(digits: 4, in: bytes), text.take("-", in: bytes),
            let month = text.number(digits: 2, in: bytes), text.take("-", in: bytes),
            let day = text.number(digits: 2, in: bytes), text.take("T", or: "t", in: bytes),
            let hour = text.number(digits: 2, in: bytes), text.take(":", in: bytes),
            let minute = text.number(digits: 2, in: bytes), text.take(":", in: bytes),
            let second = text.number(digits: 2, in: bytes),
            let milliseconds = text.fraction(in: bytes),
            let offset = text.zone(in: bytes),
            text.isAtEnd, Self.exists(year: year, month: month, day: day), hour < 24, minute < 60
        else { return nil }
        let minutes = Self.days(year: year, month: month, day: day) * 1440 + Int64(hour * 60 + minute - offset)
        // A minute has 61 seconds only where a leap second can be: before midnight in UTC.
        guard second < 60 || (second == 60 && (minutes + 1) % 1440 == 0) else { return nil }
        self.init(milliseconds: (minutes * 60 + Int64(second)) * 1000 + Int64(milliseconds))
    }

    /// Days from 1970-01-01 to a Gregorian date (Hinnant, *chrono-compatible low-level date algorithms*).
    package static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    private static func exists(year: Int, month: Int, day: Int) -> Bool {
        guard 1...12 ~= month, day >= 1 else { return false }
        switch month {
        case 2:
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            return day <= (isLeap ? 29 : 28)
        case 4, 6, 9, 11: return day <= 30
        default: return day <= 31
        }
    }

    /// Walks over the text of a time.
    private struct Cursor {
        private var index = 0
        private let count: Int

        init(_ count: Int) { self.count = count }

        var isAtEnd: Bool { index == count }

        private func digit(in bytes: Span<UInt8>) -> Int? {
            guard index < count else { return nil }
            let value = bytes[index] &- UInt8(ascii: "0")
            return value < 10 ? Int(value) : nil
        }

        mutating func number(digits: Int, in bytes: Span<UInt8>) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = digit(in: bytes) else { return nil }
                value = value * 10 + digit
                index += 1
            }
            return value
        }

        mutating func take(_ letter: Unicode.Scalar, or other: Unicode.Scalar? = nil, in bytes: Span<UInt8>) -> Bool {
            guard index < count else { return false }
            let scalar = Unicode.Scalar(bytes[index])
            guard scalar == letter || scalar == other else { return false }
            index += 1
            return true
        }

        /// Reads a fraction of a second where there is one.
        ///
        /// - Returns: Milliseconds, rounded down; `nil` where a point has no digits behind it, or more than nine.
        mutating func fraction(in bytes: Span<UInt8>) -> Int? {
            guard take(".", in: bytes) else { return 0 }
            var milliseconds = 0
            var place = 0
            while let digit = digit(in: bytes) {
                if place < 3 { milliseconds = milliseconds * 10 + digit }
                place += 1
                index += 1
            }
            guard 1...9 ~= place else { return nil }
            for _ in min(place, 3)..<3 { milliseconds *= 10 }
            return milliseconds
        }

        /// Reads the zone.
        ///
        /// - Returns: Minutes east of UTC; `nil` where there is none, or one that does not exist.
        mutating func zone(in bytes: Span<UInt8>) -> Int? {
            if take("Z", or: "z", in: bytes) { return 0 }
            let isEast = take("+", in: bytes)
            guard isEast || take("-", in: bytes), let hours = number(digits: 2, in: bytes), take(":", in: bytes),
                let minutes = number(digits: 2, in: bytes), hours < 24, minutes < 60
            else { return nil }
            return (isEast ? 1 : -1) * (hours * 60 + minutes)
        }
    }
}
