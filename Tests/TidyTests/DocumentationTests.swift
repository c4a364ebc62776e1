import Testing

@Suite struct DocumentationTests {
    /// What a protocol of the standard library documents already.
    private static let documentedElsewhere: Set<Substring> = [
        "description", "debugDescription", "testDescription", "hash", "next", "encode", "rawValue", "startIndex",
        "endIndex", "makeIterator", "allCases",
    ]

    /// Files that are one table, whose rows carry their own text or are the numbers that their type's comment cites.
    private static let tables: Set<Substring> = [
        "CloseCode", "HTTPStatus", "ClientOptions", "ServeOptions", "ServeOptions+Channels", "ServeOptions+Lockers",
        "ServeOptions+Board",
        "BenchOptions", "APIOptions", "SyncOptions",
        "AccessOptions", "BenchSyncOptions", "BenchTopicOptions", "BenchBoardOptions",
    ]

    /// The requirements of our own protocols, documented there.
    private static let requirements = Set(SourceTree.sources.flatMap(protocolRequirements))

    /// Words that may stand before and after `package` in a declaration.
    private static let modifiers: Set<Substring> = [
        "final", "static", "mutating", "nonmutating", "consuming", "borrowing", "override", "private", "fileprivate",
        "set", "convenience", "required", "nonisolated", "unsafe", "indirect", "lazy", "weak", "unowned", "package",
    ]

    private static let keywords: Set<Substring> = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "actor", "protocol", "typealias", "case",
    ]

    @Test func `every package declaration says what it is`() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() {
                guard let name = Self.declaredName(line), !Self.documentedElsewhere.contains(name),
                    !Self.requirements.contains(name)
                else { continue }
                if Self.tables.contains(file.stem), line.words.contains("static") { continue }
                if !Self.isDocumented(line, after: file.lines[..<index]) {
                    report(file, line: line.number, "\(name.isEmpty ? "this" : name) has no doc comment")
                }
            }
        }
    }

    @Test func `every file says what it is about`() {
        for file in SourceTree.sources where file.stem != "main" {
            let relevant = file.lines.filter { !$0.words.isEmpty || !$0.comment.isEmpty }
            guard let first = relevant.firstIndex(where: { !$0.words.contains("import") }) else {
                report(file, line: 1, "the file is empty")
                continue
            }
            // An extension may leave it to the documentation of its first member.
            let isExtension = relevant[first].words.contains("extension")
            if !relevant[first].isComment, !(isExtension && relevant[first + 1].isDocumentation) {
                report(file, line: relevant[first].number, "nothing says what this file is about")
            }
        }
    }

    /// The name that a line declares with `package` access; empty for `init` and `subscript`, `nil` where it does not,
    /// or where an operator says it all.
    private static func declaredName(_ line: SwiftFile.Line) -> Substring? {
        var words = line.words[...]
        while let word = words.first, word.hasPrefix("@") { words.removeFirst() }
        guard let keyword = words.firstIndex(where: keywords.contains), words[..<keyword].contains("package"),
            words[..<keyword].allSatisfy(modifiers.contains)
        else { return nil }
        // Initialisers that a protocol of the standard library wants say nothing new.
        if line.code.contains("init(rawValue:") || line.code.contains("Literal") { return nil }
        if words[keyword] == "init" || words[keyword] == "subscript" { return "" }
        let isOperator = line.code.split(separator: " ").drop { $0 != "func" }.dropFirst().first.map {
            !($0.first!.isLetter || $0.first == "_" || $0.first == "`")
        }
        return isOperator == true ? nil : words[(keyword + 1)...].first ?? ""
    }

    /// The names that a file's protocols require, `init` aside.
    private static func protocolRequirements(of file: SwiftFile) -> [Substring] {
        let required: Set<Substring> = ["func", "var", "associatedtype"]
        var names: [Substring] = []
        var isInside = false
        for line in file.lines {
            let words = line.words
            if words.contains("protocol") { isInside = true }
            if line.code == "}" { isInside = false }
            guard isInside, let keyword = words.firstIndex(where: required.contains) else { continue }
            names += words[(keyword + 1)...].prefix(1)
        }
        return names
    }

    /// Whether the lines before a declaration end with a doc comment, perhaps with attributes and remarks in between.
    ///
    /// Stored properties whose names say it all may share the comment above their group, or that of their type.
    private static func isDocumented(_ declaration: SwiftFile.Line, after lines: ArraySlice<SwiftFile.Line>) -> Bool {
        for line in lines.reversed() {
            if line.isDocumentation { return true }
            if line.isComment || line.isAttribute { continue }
            guard isStoredProperty(declaration) else { return false }
            let opensType = line.code.hasSuffix("{") && !types.isDisjoint(with: line.words)
            if !opensType, !isStoredProperty(line) { return false }
        }
        return false
    }

    private static let types: Set<Substring> = ["struct", "class", "enum", "actor", "extension"]

    private static func isStoredProperty(_ line: SwiftFile.Line) -> Bool {
        let words = Set(line.words)
        return (words.contains("var") || words.contains("let")) && !line.code.contains("{") && !words.contains("static")
    }
}
