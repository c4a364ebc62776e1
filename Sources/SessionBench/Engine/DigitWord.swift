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

    /// Reads eight digits; `nil` where one of the bytes is none.
    ///
    /// The rounds of ``spell(_:)`` backwards: digits into pairs, pairs into fours, and those into the number.
    @inline(__always)
    package static func read(_ word: UInt64) -> UInt64? {
        guard word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030 else { return nil }
        let digits = word &- 0x3030_3030_3030_3030
        // Adding 6 carries what is above 9 into the upper half of its byte.
        guard (digits &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
    }
}
