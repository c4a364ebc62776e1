/// README.md taken apart as far as the tests need it: sections, fenced blocks, code spans, shell commands.
struct Readme {
    /// A fenced block.
    struct Block {
        /// The heading above it.
        var section: String
        /// The word after the fence.
        var language: String
        var text: String
    }

    private(set) var blocks: [Block] = []
    /// The lines outside of blocks, by heading.
    private var prose: [String: String] = [:]

    /// Reads the README of the sources that the tests were built from.
    init() { self.init(SpawnedProgram(script: "cat \"$2/README.md\"").output) }

    init(_ text: String) {
        var section = ""
        var open: Block?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(block)
                    open = nil
                } else {
                    open = Block(section: section, language: String(line.dropFirst(3)), text: "")
                }
            } else if open != nil {
                open?.text += line + "\n"
            } else if line.hasPrefix("#") {
                section = String(line.drop { $0 == "#" || $0 == " " })
            } else {
                prose[section, default: ""] += line + "\n"
            }
        }
    }

    /// What stands between back quotes in the prose of a section.
    func spans(in section: String) -> [String] { Self.spans(prose[section] ?? "") }

    private static func spans(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    /// The arguments of every `sessionctl` in blocks of shell and in code spans.
    var commandLines: [[String]] {
        let typed = blocks.flatMap { block -> [String] in
            guard block.language == "console" else { return block.language == "sh" ? [block.text] : [] }
            return block.text.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
        }
        let spans = prose.values.flatMap(Self.spans).filter { $0.hasPrefix("sessionctl ") }
        return (typed + spans).flatMap { ShellWords($0).commands }.compactMap(Self.arguments)
    }

    /// What follows `sessionctl` in one command, where that is what the command runs.
    private static func arguments(of command: [String]) -> [String]? {
        let before: Set<String> = ["swift", "run", "-c", "release", "sudo"]
        guard let index = command.firstIndex(of: "sessionctl"), command[..<index].allSatisfy(before.contains) else {
            return nil
        }
        return Array(command[(index + 1)...])
    }
}
