extension [UInt8] {
    /// Appends `value` in decimal with leading zeros to exactly `digits` places; higher places are cut.
    package mutating func appendDecimal(_ value: Int, digits: Int) {
        appendDigits(of: UInt64(value.magnitude), places: digits)
    }

    /// Appends `value` in decimal, with a minus sign where it is negative and no leading zeros.
    ///
    /// For hot paths there are overloads: a generic function of another module is not specialised.
    package mutating func appendDecimal(_ value: some FixedWidthInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(UInt64(value.magnitude))
    }

    /// Appends `value` in decimal, with a minus sign where it is negative and no leading zeros.
    package mutating func appendDecimal(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(UInt64(value.magnitude))
    }

    /// Appends `value` in decimal, with a minus sign where it is negative and no leading zeros.
    package mutating func appendDecimal(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(value.magnitude)
    }

    /// Appends `value` in decimal without leading zeros.
    package mutating func appendDecimal(_ value: UInt64) {
        var places = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            places += 1
        }
        appendDigits(of: value, places: places)
    }

    /// Writes from the last place to the first, so that all divisions are by ten, which compilers multiply.
    private mutating func appendDigits(of magnitude: UInt64, places: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: places))
        var rest = magnitude
        for index in (count - places..<count).reversed() {
            self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
