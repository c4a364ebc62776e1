extension Timestamp {
    /// Reads a time in the profile of RFC 3339 §5.6, such as `2024-01-15T10:30:00Z` or `2024-01-15T11:30:00.25+01:00`.
    ///
    /// The zone must be there; a fraction has 1 to 9 digits, of which three count. A leap second is the second after it.
    ///
    /// - Parameter bytes: The text, all of it.
    /// - Returns: `nil` where it is in another form, or no date or time that exists.
    /// - Complexity: O(1), no allocation.
    package init?(parsing bytes: Span<UInt8>) {
        guard let text = Reading(usual: bytes) ?? Reading(any: bytes),
            Self.exists(year: text.year, month: text.month, day: text.day), text.hour < 24, text.minute < 60
        else { return nil }
        let minutes =
            Self.days(year: text.year, month: text.month, day: text.day) &* 1440
            &+ Int64(text.hour &* 60 &+ text.minute &- text.offset)
        // A minute has 61 seconds only where a leap second can be: before midnight in UTC.
        guard text.second < 60 || (text.second == 60 && (minutes + 1) % 1440 == 0) else { return nil }
        self.init(milliseconds: (minutes &* 60 &+ Int64(text.second)) &* 1000 &+ Int64(text.milliseconds))
    }

    /// Days from 1970-01-01 to a Gregorian date of the years 0...9999, counted from March on so that the leap day is the
    /// last one of its year (Hinnant, *chrono-compatible low-level date algorithms*).
    package static func days(year: Int, month: Int, day: Int) -> Int64 {
        // One era of 400 years more keeps January of the year 0 positive; 865,565 days are 719,468 and that era's.
        let isBeforeMarch = month <= 2
        let years = UInt32(truncatingIfNeeded: isBeforeMarch ? year &+ 399 : year &+ 400)
        let months = UInt32(truncatingIfNeeded: isBeforeMarch ? month &+ 9 : month &- 3)
        let centuries = years / 100
        let daysBefore = years &* 365 &+ years / 4 &- centuries &+ centuries / 4 &+ (153 &* months &+ 2) / 5
        return Int64(daysBefore) &+ Int64(day) &- 865_566
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

    /// The numbers that a text in the right form shows, whether or not there is such a date or time.
    private struct Reading {
        var year, month, day, hour, minute, second, milliseconds: Int
        /// Minutes east of UTC.
        var offset = 0

        /// Reads the two forms that nearly all clients write: `2024-01-15T10:30:00Z` and `2024-01-15T10:30:00.000Z`.
        ///
        /// - Complexity: three words; every digit and mark of a word is checked at once.
        @inline(__always)
        init?(usual bytes: Span<UInt8>) {
            guard bytes.count == 24 || bytes.count == 20,
                let first = Digits(bytes.word(at: 0), like: "0000-00-"),
                let second = Digits(bytes.word(at: 8), like: "00T00:00"),
                let third = bytes.count == 24
                    ? Digits(bytes.word(at: 16), like: ":00.000Z")
                    : Digits(bytes.partialWord(at: 16, count: 4), like: ":00Z")
            else { return nil }
            year = first.pair(0) &* 100 &+ first.pair(2)
            month = first.pair(5)
            day = second.pair(0)
            hour = second.pair(3)
            minute = second.pair(6)
            self.second = third.pair(1)
            milliseconds = bytes.count == 24 ? third.pair(4) &* 10 &+ third.digit(6) : 0
        }

        /// Reads any form that is allowed.
        @inline(never)
        init?(any bytes: Span<UInt8>) {
            var text = Cursor(bytes.count)
            guard let year = text.number(digits: 4, in: bytes), text.take("-", in: bytes),
                let month = text.number(digits: 2, in: bytes), text.take("-", in: bytes),
                let day = text.number(digits: 2, in: bytes), text.take("T", or: "t", in: bytes),
                let hour = text.number(digits: 2, in: bytes), text.take(":", in: bytes),
                let minute = text.number(digits: 2, in: bytes), text.take(":", in: bytes),
                let second = text.number(digits: 2, in: bytes),
                let milliseconds = text.fraction(in: bytes),
                let offset = text.zone(in: bytes), text.isAtEnd
            else { return nil }
            (self.year, self.month, self.day) = (year, month, day)
            (self.hour, self.minute, self.second) = (hour, minute, second)
            (self.milliseconds, self.offset) = (milliseconds, offset)
        }
    }

    /// Up to eight characters, digits where a pattern has `0` and otherwise the pattern's own, as numbers.
    private struct Digits {
        /// The value of the digit in each byte.
        private let values: UInt64
        /// In each byte ten times its digit and the next one.
        private let pairs: UInt64

        /// Takes a word apart; `nil` where a character is another one than the pattern says.
        @inline(__always)
        init?(_ word: UInt64, like pattern: StaticString) {
            let zeros = UInt64(characters: pattern)
            // What may be added to a byte before it reaches 0x80: a digit's value is at most 9, any other must be 0.
            var room: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            for shift in stride(from: UInt64(0), to: 64, by: 8) where zeros &>> shift & 0xFF == 0x30 {
                room &-= 9 &<< shift
            }
            values = word ^ zeros
            pairs = values &* 10 &+ values >> 8
            if (values | (values &+ room)) & 0x8080_8080_8080_8080 != 0 { return nil }
        }

        /// The digit at a place.
        @inline(__always)
        func digit(_ place: Int) -> Int { Int(values &>> UInt64(8 &* place) & 0xFF) }

        /// The number that the digits at a place and after it form.
        @inline(__always)
        func pair(_ place: Int) -> Int { Int(pairs &>> UInt64(8 &* place) & 0xFF) }
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
