import Testing

@Suite struct LayoutTests {
    /// What lies at the top; names with a leading dot may be anybody's, such as `.build`.
    private static let topLevel: Set<String> = [
        "LICENSE", "Package.swift", "README.md", "Sources", "Tests", "completions", "man",
    ]

    /// What must be there.
    private static let required: Set<String> = [".ci", ".gitignore", ".swift-format"]

    /// Files without a type of their name: families of small types, and extensions of types that are not ours.
    private static let namedOtherwise: Set<Substring> = [
        "main", "APISetup", "AwarenessKinds", "AwarenessRecords", "LockersRecords", "SyncRecords", "Catalog",
        "ClientSetup", "Decimal", "HTTPCharacters", "HTTPMessages", "JSONString", "ProtobufWriting", "ServeCommand",
        "SpelledDuration",
    ]

    /// Files that may be longer than 500 lines, each because it is one table or one idea.
    private static let long: Set<String> = []

    @Test func `the top holds what belongs there`() {
        let names = SourceTree.names(in: "")
        #expect(names.filter { !$0.hasPrefix(".") && !Self.topLevel.contains($0) } == [])
        #expect(Self.topLevel.union(Self.required).subtracting(names) == [])
    }

    @Test func `no file is a place holder`() {
        for file in SourceTree.sources + SourceTree.tests {
            if file.stem == "Seed" { report(file, line: 1, "its target has real files, or needs none") }
        }
    }

    @Test func `a file is named for the type it declares or extends`() {
        for file in SourceTree.sources where !Self.namedOtherwise.contains(file.stem) {
            let name = file.stem.split(separator: "+")[0]
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "extension", "typealias"]
            let isNamed = file.lines.contains { line in
                let words = line.words
                return zip(words, words.dropFirst()).contains { kinds.contains($0) && $1.hasPrefix(name) }
            }
            if !isNamed { report(file, line: 1, "no \(name) is declared or extended in this file") }
        }
    }

    @Test func `a file holds one idea in at most 500 lines`() {
        for file in SourceTree.sources + SourceTree.tests where !Self.long.contains(file.path) {
            if file.lines.count > 501 { report(file, line: 501, "split this file of \(file.lines.count - 1) lines") }
        }
    }

    @Test func `nothing is left to be done`() {
        let words: Set<Substring> = ["TODO", "FIXME", "XXX", "HACK"]
        for file in SourceTree.sources + SourceTree.tests {
            for line in file.lines {
                let comment = line.comment.split { !$0.isLetter }
                for word in comment + line.words where words.contains(word) {
                    report(file, line: line.number, "\(word) is left")
                }
            }
        }
    }

    @Test func `tests are named by sentences`() {
        for file in SourceTree.tests {
            for (index, line) in file.lines.enumerated() where line.words.contains("func") {
                let before = file.lines[max(0, index - 1)]
                let isTest =
                    line.words.contains("@Test") || before.words.first == "@Test" && !before.words.contains("func")
                if isTest, !line.code.contains("func `") {
                    report(file, line: line.number, "name the test by a sentence in backticks")
                }
            }
        }
    }

    @Test func `no file knows the machine it was written on`() {
        let homes = ["work", "root", "Users", "tmp/wt"].map { "/\($0)/" }
        let texts = ["README.md", "Package.swift", ".gitignore", ".swift-format"]
        for path in texts + [".ci", "Sources", "Tests", "man", "completions"].flatMap(SourceTree.files) {
            let lines = SourceTree.text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                for home in homes where line.contains(home) {
                    report(path, line: index + 1, "the path \(home) is one machine's")
                }
            }
        }
    }
}
