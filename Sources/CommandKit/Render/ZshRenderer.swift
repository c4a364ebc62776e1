/// Completion for zsh: a function for `$fpath`.
package enum ZshRenderer {
    /// The file `_sessionctl`.
    package static func render(_ root: CommandSpec) -> String {
        let tree = CompletionTree(root)
        let name = root.name
        let functions = tree.nodes.map { function($0, name) }.joined(separator: "\n\n")
        return """
            #compdef \(name)
            # Completion of \(name) for zsh. Written by '\(name) generate zsh'; do not edit.

            \(functions)

            if [[ $funcstack[1] == _\(name) ]]; then
                _\(name) "$@"
            else
                compdef _\(name) \(name)
            fi

            """
    }

    private static func function(_ node: CompletionTree.Node, _ program: String) -> String {
        let hasChildren = !node.details.subcommands.isEmpty
        let name = functionName(node.path, program)
        var specs = node.details.options.map(optionSpec)
        specs.append("'(- *)'\(braces(node.helpNames))'[Explain the command]'")
        if hasChildren {
            specs += ["'1: :->command'", "'*:: :->rest'"]
        } else {
            specs += node.details.operands.map(operandSpec)
        }
        let arguments = specs.map { "        " + $0 }.joined(separator: " \\\n")
        var text = """
            \(name)() {
                local context state state_descr line
                typeset -A opt_args
                _arguments -s -S\(hasChildren ? " -C" : "") \\
            \(arguments)
            """
        if hasChildren { text += "\n" + dispatch(node, name) }
        return text + "\n}"
    }

    private static func dispatch(_ node: CompletionTree.Node, _ name: String) -> String {
        let children = node.details.subcommands
        let described = children.map { "            \(CompletionTree.quote("\($0.name):\($0.summary)"))" }
        let cases = children.map { "        \($0.name)) \(name)_\(identifier($0.name)) ;;" }
        return """
                case $state in
                command)
                    local -a commands=(
            \(described.joined(separator: "\n"))
                    )
                    _describe command commands
                    ;;
                rest)
                    case $words[1] in
            \(cases.joined(separator: "\n"))
                    esac
                    ;;
                esac
            """
    }

    /// `'(-p --port)'{-p+,--port=}'[summary]:PORT:_files'`.
    private static func optionSpec(_ option: OptionSpec) -> String {
        let names = option.shorts.map { "-\($0)" } + option.longs.map { "--" + $0 }
        let suffixed =
            option.shorts.map { "-\($0)" + (option.isToggle ? "" : "+") }
            + option.longs.map { "--\($0)" + (option.isToggle ? "" : "=") }
        let tail =
            "[\(escape(option.summary))]" + (option.isToggle ? "" : ":\(escape(option.placeholder)):\(action(option))")
        let exclusion = option.isList ? "*" : "(\(names.joined(separator: " ")))"
        return CompletionTree.quote(exclusion) + braces(suffixed) + CompletionTree.quote(tail)
    }

    /// A brace expansion; one of a single word would stay as it is.
    private static func braces(_ words: [String]) -> String {
        words.count == 1 ? words[0] : "{\(words.joined(separator: ","))}"
    }

    private static func action(_ option: OptionSpec) -> String {
        if option.isCommaSeparated { return "_sequence compadd - \(option.words.joined(separator: " "))" }
        return action(option.kind, option.words)
    }

    private static func action(_ kind: ValueKind, _ words: [String]) -> String {
        switch kind {
        case .file: "_files"
        case .directory: "_files -/"
        default: words.isEmpty ? " " : "(\(words.joined(separator: " ")))"
        }
    }

    private static func operandSpec(_ operand: OperandSpec) -> String {
        let head =
            switch operand.arity {
            case .one: ":"
            case .optional: "::"
            case .oneOrMore, .any: "*:"
            }
        return CompletionTree.quote("\(head)\(escape(operand.name)):\(action(operand.kind, operand.words))")
    }

    private static func escape(_ text: String) -> String {
        String(text.flatMap { "[]:\\".contains($0) ? ["\\", $0] : [$0] })
    }

    private static func functionName(_ path: String, _ program: String) -> String {
        "_" + ([program] + path.split(separator: " ").map(String.init)).map(identifier).joined(separator: "_")
    }

    private static func identifier(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}
