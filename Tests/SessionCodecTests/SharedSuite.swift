import Glibc

/// Test vectors that lie beside the package, where a developer has them.
enum SharedSuite {
    /// The text of `shared/suites/utf8tests/utf8tests.txt`, `nil` where it is absent.
    static let utf8tests: [UInt8]? = file("utf8tests/utf8tests.txt")

    /// A file of `shared/suites`, `nil` where it is absent.
    static func file(_ name: String) -> [UInt8]? {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return read("/\(root)/../shared/suites/\(name)")
    }

    /// The cases `num:valid:text`, `num:valid hex:bytes` and `num:invalid hex:bytes:…` of that file.
    static func utf8Cases(_ file: [UInt8]) -> [(name: String, bytes: [UInt8], isValid: Bool)] {
        String(decoding: file, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#") else { return nil }
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3 else { return nil }
            let isHex = fields[1].hasSuffix("hex")
            let bytes = isHex ? hexBytes(fields[2]) : Array(fields[2...].joined(separator: ":").utf8)
            return (String(fields[0]), bytes, !fields[1].contains("invalid"))
        }
    }

    /// The bytes that hexadecimal digits spell.
    static func hexBytes(_ text: some StringProtocol) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }
}
