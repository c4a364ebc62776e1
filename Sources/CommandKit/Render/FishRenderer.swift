/// Completion for fish.
package enum FishRenderer {
    /// The script for a completion directory.
    package static func render(_ root: CommandSpec) -> String {
        let tree = CompletionTree(root)
        let name = root.name
        let paths = tree.nodes.dropFirst().map { quote($0.path) }.joined(separator: " ")
        let lines = tree.nodes.flatMap { completions($0, name) }
        return """
            # Completion of \(name) for fish. Written by '\(name) generate fish'; do not edit.

            # Whether the words right after the program pick this command.
            function __\(name)_at
                set -l known \(paths)
                set -l path ''
                for word in (commandline -opc)[2..-1]
                    set -l next (string trim -- "$path $word")
                    contains -- $next $known; or break
                    set path $next
                end
                test "$path" = "$argv[1]"
            end

            complete -c \(name) -f
            \(lines.joined(separator: "\n"))

            """
    }

    private static func completions(_ node: CompletionTree.Node, _ program: String) -> [String] {
        let head = "complete -c \(program) -n \(quote("__\(program)_at \"\(node.path)\""))"
        let children = node.details.subcommands.map { "\(head) -a \($0.name) -d \(quote($0.summary))" }
        let operands = node.details.operands.flatMap { operand in
            operand.words.isEmpty ? [] : ["\(head) -a \(quote(operand.words.joined(separator: " ")))"]
        }
        let files = node.takesFiles ? ["\(head) -F"] : []
        let help = "\(head)\(node.details.helpIsShort ? " -s h" : "") -l help -d 'Explain the command'"
        return children + operands + files + node.details.options.map { option($0, head) } + [help]
    }

    private static func option(_ option: OptionSpec, _ head: String) -> String {
        var words = [head]
        words += option.shorts.map { "-s \($0)" } + option.longs.map { "-l \($0)" }
        switch option.kind {
        case .toggle: break
        case .file: words.append("-r -F")
        case .directory: words.append("-x -a '(__fish_complete_directories)'")
        default:
            words.append("-x")
            if !option.words.isEmpty { words.append("-a \(quote(option.words.joined(separator: " ")))") }
        }
        return (words + ["-d \(quote(option.summary))"]).joined(separator: " ")
    }

    private static func quote(_ text: String) -> String {
        let escaped = text.flatMap { $0 == "\\" ? Array("\\\\") : [$0] }
        return CompletionTree.quote(String(escaped), "\\'")
    }
}
