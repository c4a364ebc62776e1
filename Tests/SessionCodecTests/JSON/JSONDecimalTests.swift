import SessionBase
import SessionCodec
import Testing

/// Numbers as doubles: read exactly, written shortest.
@Suite struct JSONDecimalTests {
    private func read(_ text: String) throws -> Double? {
        let bytes = Array(text.utf8)
        var reader = JSONReader()
        return try reader.number(in: bytes.span).double(in: bytes.span)
    }

    private func written(_ number: Double) -> String {
        var bytes: [UInt8] = []
        bytes.appendJSON(number)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "0", "-0", "100", "0.1", "-0.30000000000000004", "9007199254740993", "9007199254740992.5",
        "0.000000000000000001",
        "9999999999999999999", "18446744073709551615", "1.7976931348623157", "0.0000000000000000001", "5e-324", "1e22",
        "0.5000000000000000277", "9007199254740991.49999", "12345678901234567.89", "0.00001", "4503599627370496.5",
        "4503599627370497.5", "4503599627370496.500000001",
    ])
    func `what is read is the nearest double`(text: String) throws {
        #expect(try read(text) == Double(text))
        #expect(try read(text)?.sign == Double(text)?.sign)
    }

    @Test func `random decimals are read as the standard library reads them`() throws {
        var random = SeededRandom(seed: 51)
        for _ in 0..<20_000 {
            let digits = UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...63, using: &random)
            var text = String(digits)
            let point = Int.random(in: 0...20, using: &random)
            if point > 0 {
                let padded = String(repeating: "0", count: max(point + 1 - text.count, 0)) + text
                text = padded.dropLast(point) + "." + padded.suffix(point)
            }
            #expect(try read(text) == Double(text), "\(text)")
        }
    }

    @Test func `what is written reads back as the same`() throws {
        var random = SeededRandom(seed: 52)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
            guard number.isFinite else { continue }
            #expect(try read(written(number)) == number)
        }
    }

    @Test(arguments: [
        (100.0, "100"), (-0.0, "0"), (1.5, "1.5"), (-12, "-12"), (0.1, "0.1"), (1e7, "10000000"), (1e16, "1e+16"),
        (0.00001, "1e-05"), (9_007_199_254_740_991, "9007199254740991"),
    ])
    func `whole numbers have no fraction`(number: Double, text: String) {
        #expect(written(number) == text)
    }

    @Test func `what is beyond the doubles is none`() throws {
        #expect(try read("1e400") == nil)
        #expect(try read("-1e400") == nil)
    }
}
