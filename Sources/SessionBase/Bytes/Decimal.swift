extension [UInt8] {
    /// Appends `value` in decimal with leading zeros to exactly `digits` places; higher places are cut.
    package mutating func appendDecimal(_ value: Int, digits: Int) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        var rest = value.magnitude
        for _ in 0..<digits {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / UInt(divisor) % 10))
            rest %= UInt(divisor)
            divisor = Swift.max(divisor / 10, 1)
        }
    }

    /// Appends `value` in decimal, with a minus sign where it is negative and no leading zeros.
    package mutating func appendDecimal(_ value: some FixedWidthInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        let start = count
        var rest = value.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}
