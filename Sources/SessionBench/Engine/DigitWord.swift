/// Eight decimal digits in a word, the first in its lowest byte, as they stand in memory.
package enum DigitWord {
    /// The first number that needs more digits.
    package static let limit: UInt64 = 100_000_000

    /// Spells a number below ``limit`` with leading zeros.
    ///
    /// Three rounds cut all parts in half at once: into fours, pairs and single digits. Multiplying by 10486 / 2²⁰ divides
    /// numbers below 10,000 by 100, and by 103 / 2¹⁰ those below 100 by 10.
    @inline(__always)
    package static func spell(_ number: UInt64) -> UInt64 {
        let fours = (number / 10_000) | (number % 10_000) << 32
        let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007F_0000_007F
        let pairs = hundreds | (fours &- hundreds &* 100) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
        let digits = tens | (pairs &- tens &* 10) << 8
        return digits &+ 0x3030_3030_3030_3030
    }
}
