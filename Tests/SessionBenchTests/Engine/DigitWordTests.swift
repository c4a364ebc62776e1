import SessionBench
import Testing

@Suite struct DigitWordTests {
    @Test(arguments: [0, 7, 10, 99, 100, 9_999, 10_000, 1_234_567, 12_345_678, 90_909_090, 99_999_999])
    func `eight digits stand in a word as in memory`(number: UInt64) {
        let word = DigitWord.spell(number)
        let text = String(decoding: (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }, as: UTF8.self)
        #expect(text == String(String("00000000\(number)").suffix(8)))
        #expect(DigitWord.read(word) == number)
    }

    @Test(arguments: [
        "0000000/", "0000000:", "?0000000", "000a0000", "00\u{0}00000", "1234 678", "-0000001", "ffffffff",
    ])
    func `other characters are no digits`(text: String) {
        let word = Array(text.utf8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(DigitWord.read(word) == nil)
    }
}
