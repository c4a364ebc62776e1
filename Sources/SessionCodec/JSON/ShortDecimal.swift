import SessionBase

/// A number of at most 19 digits without an exponent, as nearly all are that programs write.
///
/// Its nearest double is found with one division of 128 by 64 bits, exactly and without a string: cursors come by the
/// thousand.
struct ShortDecimal: Equatable {
    private var isNegative = false
    /// All digits, the point left out.
    private var digits: UInt64 = 0
    /// Digits behind the point, 0...19.
    private var fractionCount = 0

    /// Reads the characters of a number in JSON's grammar; `nil` where it is another one.
    init?(_ range: Range<Int>, in bytes: Span<UInt8>) {
        var index = range.lowerBound
        if bytes[index] == UInt8(ascii: "-") {
            isNegative = true
            index += 1
        }
        var digitCount = 0
        var isInFraction = false
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ".") {
                isInFraction = true
                continue
            }
            guard byte.isDigit, digitCount < 19 else { return nil }
            digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            // Zeros before the first digit that counts take no room.
            if digits > 0 { digitCount += 1 }
            if isInFraction { fractionCount += 1 }
            guard fractionCount <= 19 else { return nil }
        }
    }

    /// The nearest double; of two that are as near, the even one, as IEEE 754 and all parsers of numbers have it.
    var double: Double {
        let magnitude = digits == 0 || fractionCount == 0 ? Double(digits) : quotient
        return isNegative ? -magnitude : magnitude
    }

    /// The digits, which are not zero, divided by a power of ten.
    ///
    /// The dividend fills 128 bits, so that the quotient has at least 64; of what lies below them only is kept whether it
    /// is zero, in the lowest bit, which is far below the last bit of a double and decides nothing but ties.
    private var quotient: Double {
        let shift = 64 + digits.leadingZeroBitCount
        let (quotient, rest) = (UInt128(digits) << UInt128(shift))
            .quotientAndRemainder(dividingBy: UInt128(Self.powers[fractionCount]))
        let excess = max(64 - quotient.leadingZeroBitCount, 0)
        var top = UInt64(truncatingIfNeeded: quotient >> UInt128(excess))
        if rest != 0 || UInt128(top) << UInt128(excess) != quotient { top |= 1 }
        return Double(sign: .plus, exponent: excess - shift, significand: Double(top))
    }

    /// 10^0 ... 10^19: all that 64 bits hold.
    private static let powers: [UInt64] = (0...19).map { exponent in
        (0..<exponent).reduce(UInt64(1)) { power, _ in power * 10 }
    }
}

extension [UInt8] {
    /// Appends a number in the shortest text that reads back the same, without a fraction where it has none: `100`.
    ///
    /// - Parameter number: Must be finite. Minus zero is written as `0`.
    /// - Complexity: O(1); whole numbers below 2^53 allocate nothing.
    package mutating func appendJSON(_ number: Double) {
        precondition(number.isFinite, "a number of JSON is finite")
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
            appendDecimal(whole)
        } else {
            append(contentsOf: number.description.utf8)
        }
    }
}
