/// The place of a number in a JSON text; its value is computed when asked for, and exactly.
package struct JSONNumber: Equatable, Sendable {
    /// Index of the first digit or of the minus sign.
    package var start: Int
    /// Bytes of the number.
    package var count: Int
    /// Whether it is written without fraction and exponent.
    package var isInteger: Bool

    /// Where the number's bytes are.
    package var range: Range<Int> { start..<start + count }

    /// The number as a signed integer; `nil` where it is written as a fraction or does not fit.
    package func integer(in bytes: Span<UInt8>) -> Int64? {
        guard isInteger else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        guard let magnitude = Self.magnitude(of: isNegative ? start + 1..<start + count : range, in: bytes) else {
            return nil
        }
        if !isNegative { return Int64(exactly: magnitude) }
        return magnitude <= Int64.min.magnitude ? 0 &- Int64(truncatingIfNeeded: magnitude) : nil
    }

    /// The number as an unsigned integer; `nil` where it is negative, written as a fraction, or does not fit.
    package func unsigned(in bytes: Span<UInt8>) -> UInt64? {
        guard isInteger, bytes[start] != UInt8(ascii: "-") else { return nil }
        return Self.magnitude(of: range, in: bytes)
    }

    /// The nearest double; `nil` where the number is beyond the finite ones (PROTOCOLS §1.8).
    ///
    /// - Complexity: O(digits); allocates only for an exponent, or more than 19 digits.
    package func double(in bytes: Span<UInt8>) -> Double? {
        if let decimal = ShortDecimal(range, in: bytes) { return decimal.double }
        guard let value = Double(text(in: bytes)), value.isFinite else { return nil }
        return value
    }

    /// The number as it is written.
    package func text(in bytes: Span<UInt8>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }

    private static func magnitude(of digits: Range<Int>, in bytes: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for index in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[index] - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}
