import Testing

/// Who may import whom (ARCHITECTURE §2): arrows point down, C libraries have one importer each, nobody needs Foundation.
@Suite struct LayerTests {
    /// What each target may import: ours, C modules, and the system's.
    static let layers: [String: Set<String>] = [
        "SessionBase": ["Synchronization"],
        "SessionCrypto": ["SessionBase", "COpenSSL"],
        "SessionCodec": ["SessionBase", "SessionCrypto", "CZlib"],
        "SessionCore": ["SessionBase", "SessionCodec"],
        "SessionIO": ["SessionBase", "SessionCrypto", "CLinux", "Glibc", "Synchronization"],
        "SessionClient": ["SessionBase", "SessionCrypto", "SessionCodec", "SessionIO"],
        "SessionStorage": [
            "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient", "CSQLite",
            "CHiredis", "Synchronization",
        ],
        "SessionServer": [
            "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient",
            "SessionStorage", "Synchronization",
        ],
        "SessionBench": [
            "SessionBase", "SessionCrypto", "SessionCodec", "SessionIO", "SessionClient", "Synchronization",
        ],
        "CommandKit": [],
        "SessionTerminal": ["SessionBase", "CommandKit", "CReadline", "Glibc"],
        "SessionConsole": [
            "SessionBase", "SessionCodec", "SessionIO", "SessionClient", "SessionTerminal", "CommandKit",
        ],
        "sessionctl": [
            "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient",
            "SessionStorage", "SessionServer", "SessionBench", "SessionTerminal", "SessionConsole", "CommandKit",
            "Glibc",
        ],
        "SessionSimulation": ["SessionBase", "SessionCodec", "SessionCore", "Synchronization"],
        "Simulate": ["SessionSimulation", "SessionBase", "CommandKit", "Glibc"],
    ]

    /// The C library of each target that has one.
    static let libraries = [
        "CLinux": "SessionIO", "COpenSSL": "SessionCrypto", "CZlib": "SessionCodec", "CReadline": "SessionTerminal",
        "CSQLite": "SessionStorage", "CHiredis": "SessionStorage",
    ]

    @Test func `every target has its row in the table`() {
        let folders = SourceTree.names(in: "Sources").filter { Self.libraries[$0] == nil }
        #expect(folders.filter { Self.layers[$0] == nil } == [])
    }

    @Test func `a target imports only what lies below it`() {
        for file in SourceTree.sources + SourceTree.tests {
            guard let allowed = Self.layers[String(file.target)] else { continue }
            for (line, module) in Self.imports(of: file) where !allowed.contains(String(module)) {
                report(file, line: line.number, "\(file.target) must not import \(module)")
            }
        }
    }

    @Test func `a C library has one importer, which keeps it to itself`() {
        for file in SourceTree.sources + SourceTree.tests {
            for (line, module) in Self.imports(of: file) {
                guard let owner = Self.libraries[String(module)] else { continue }
                if file.target != owner { report(file, line: line.number, "only \(owner) imports \(module)") }
                if line.words.first != "internal" { report(file, line: line.number, "write internal import \(module)") }
            }
        }
    }

    @Test func `readline is imported by the line editor alone`() {
        for file in SourceTree.sources where file.stem != "LineEditor" {
            for (line, module) in Self.imports(of: file) where module == "CReadline" {
                report(file, line: line.number, "only LineEditor.swift imports CReadline")
            }
        }
    }

    @Test func `nothing needs Foundation`() {
        for file in SourceTree.sources + SourceTree.tests {
            for (line, module) in Self.imports(of: file) where module.hasPrefix("Foundation") {
                report(file, line: line.number, "no target imports Foundation")
            }
        }
    }

    @Test func `nothing is public but what other modules have to specialise`() {
        let exceptions: Set<Substring> = ["Mailbox"]
        for file in SourceTree.sources where !exceptions.contains(file.stem) {
            for line in file.lines where line.words.contains("public") {
                report(file, line: line.number, "write package: one executable has no outside users")
            }
        }
    }

    @Test func `a C library is a module map and a header of wrappers, without _GNU_SOURCE`() {
        for library in Self.libraries.keys {
            #expect(SourceTree.names(in: "Sources/\(library)") == ["module.modulemap", "shim.h"])
            let defines = SourceTree.text(of: "Sources/\(library)/shim.h").split(separator: "\n").filter {
                $0.hasPrefix("#define")
            }
            #expect(defines == [])
        }
    }

    /// The imports of a file: the line, and the module's name.
    private static func imports(of file: SwiftFile) -> [(line: SwiftFile.Line, module: Substring)] {
        file.lines.compactMap { line in
            let words = line.words
            guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count else { return nil }
            return (line, words[index + 1])
        }
    }
}
