import Testing

@Suite struct SafetyTests {
    /// Where memory may be touched without the compiler's proof: what speaks to C (the first row), the hot paths that
    /// were measured, the readers of literals' constant bytes, and what moves with a connection between loops.
    private static let mayBeUnsafe = [
        "Sources/SessionIO/", "Sources/SessionCrypto/", "Sources/SessionStorage/", "/LineEditor.swift",
        "/Deflate.swift", "/Zlib.swift",
        "/Masking.swift", "/Span+Words.swift",
        "/HTTPCharacters.swift", "/JSONText.swift",
        "/ServerConnection.swift", "/OutputQueue.swift", "/ConnectionTable.swift",
    ]

    @Test func `what the compiler cannot prove lives in few places, each with its proof beside it`() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() {
                guard let claim = Self.claim(line) else { continue }
                if !Self.mayBeUnsafe.contains(where: file.path.contains) {
                    report(file, line: line.number, "\(claim) does not belong in this file")
                }
                if !Self.isProved(file.lines, at: index) {
                    report(file, line: line.number, "\(claim) has no comment that says why it is right")
                }
            }
        }
    }

    @Test func `an error is thrown away only with a reason`() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where line.code.contains("try?") {
                if !Self.isProved(file.lines, at: index) {
                    report(file, line: line.number, "try? has no comment that says why losing the error is right")
                }
            }
        }
    }

    @Test func `only the program itself prints`() {
        for file in SourceTree.sources where file.target != "sessionctl" {
            for line in file.lines where line.words.contains("print") || line.words.contains("debugPrint") {
                if line.code.contains("rint("), !line.code.contains("func "), !line.code.contains(".print(") {
                    report(file, line: line.number, "print belongs in sessionctl")
                }
            }
        }
    }

    @Test func `temporary folders are made in one place, which removes them`() {
        for file in SourceTree.tests where !file.path.hasSuffix("/TemporaryFolder.swift") {
            for line in file.lines where line.words.contains("mkdtemp") {
                report(file, line: line.number, "use TemporaryFolder of TestSupport, which leaves nothing behind")
            }
        }
    }

    @Test func `time and chance come in as arguments`() {
        let sources: Set<Substring> = ["ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator"]
        for file in SourceTree.sources where !file.path.hasPrefix("Sources/SessionIO/") {
            for line in file.lines {
                for word in line.words where sources.contains(word) {
                    report(file, line: line.number, "\(word) is for SessionIO")
                }
                if line.code.contains(".random()") {
                    report(file, line: line.number, "give the generator as an argument")
                }
            }
        }
    }

    /// What a line claims without proof: an unchecked conformance, an exempt variable, an unsafe expression.
    private static func claim(_ line: SwiftFile.Line) -> String? {
        if line.code.contains("@unchecked Sendable") { return "@unchecked Sendable" }
        if line.code.contains("nonisolated(unsafe)") { return "nonisolated(unsafe)" }
        return line.words.contains("unsafe") || line.words.contains("@unsafe") ? "unsafe" : nil
    }

    /// Whether a comment stands in the declaration that the line belongs to, or right above it.
    ///
    /// One comment may prove several lines below it; where the function begins, so do its proofs.
    private static func isProved(_ lines: [SwiftFile.Line], at index: Int) -> Bool {
        let starts: Set<Substring> = ["func", "init", "deinit", "class", "struct", "enum", "extension", "subscript"]
        if !lines[min(index + 1, lines.count - 1)].comment.isEmpty { return true }
        var hasLeft = false
        for line in lines[...index].reversed() {
            if !line.comment.isEmpty { return true }
            if hasLeft, !line.isAttribute { return false }
            hasLeft = hasLeft || !starts.isDisjoint(with: line.words)
        }
        return false
    }
}
