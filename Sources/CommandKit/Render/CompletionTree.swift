/// The catalogue as completions see it: every command with its path, details built once.
struct CompletionTree {
    /// A command and the words after the program's name that pick it, joined by spaces; the root's are empty.
    struct Node {
        var path: String
        var summary: String
        var details: CommandDetails

        /// What the next word may be, besides options and files.
        var words: [String] { details.subcommands.map(\.name) + details.operands.flatMap(\.words) }

        /// Whether the next word may be a path.
        var takesFiles: Bool { details.operands.contains { $0.kind == .file || $0.kind == .directory } }

        /// `-h` where it asks for help, and `--help`.
        var helpNames: [String] { (details.helpIsShort ? ["-h"] : []) + ["--help"] }
    }

    /// All commands, parents first.
    private(set) var nodes: [Node] = []

    init(_ root: CommandSpec) { add(root, path: []) }

    private mutating func add(_ command: CommandSpec, path: [String]) {
        let details = command.details
        nodes.append(Node(path: path.joined(separator: " "), summary: command.summary, details: details))
        for child in details.subcommands { add(child, path: path + [child.name]) }
    }

    /// A text between single quotes for a shell; `escape` is how the shell writes a single quote inside.
    static func quote(_ text: String, _ escape: String = "'\\''") -> String {
        "'" + text.flatMap { $0 == "'" ? Array(escape) : [$0] } + "'"
    }
}
