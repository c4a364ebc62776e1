/// The text of a number of bytes: `512`, `64KiB`, `1MiB`, `2GiB` (PROTOCOLS §1.10).
package enum SizeText {
    /// The units from the largest; a unit that divides a size gives its canonical spelling.
    private static let units: [(name: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    /// Reads a size.
    static func parse(_ text: String, in range: ClosedRange<Int>) throws(ValueError) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...]
        guard let number = Int(digits),
            let scale = unit.isEmpty || unit == "B" ? 1 : units.first(where: { $0.name == unit })?.bytes
        else { throw ValueError("write a size such as 512, 64KiB, 1MiB or 2GiB") }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow, range.contains(bytes) else { throw outOfRange(range) }
        return bytes
    }

    /// Reads bytes a second: a size with or without `/s`.
    static func parseRate(_ text: String, in range: ClosedRange<Int>, word: String?) throws(ValueError) -> Int {
        do {
            return try parse(text.hasSuffix("/s") ? String(text.dropLast(2)) : text, in: range)
        } catch {
            guard let word else { throw error }
            throw ValueError(error.remedy + ", or \(word)")
        }
    }

    /// The shortest exact spelling.
    package static func spell(_ bytes: Int) -> String {
        for unit in units where bytes > 0 && bytes % unit.bytes == 0 { return "\(bytes / unit.bytes)\(unit.name)" }
        return String(bytes)
    }

    private static func outOfRange(_ range: ClosedRange<Int>) -> ValueError {
        guard range.upperBound != .max else { return ValueError("write at least \(spell(range.lowerBound))") }
        return ValueError("write a size from \(spell(range.lowerBound)) to \(spell(range.upperBound))")
    }
}
