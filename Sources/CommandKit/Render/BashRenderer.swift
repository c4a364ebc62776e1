/// Completion for bash 4.2 and later; needs nothing but bash itself.
package enum BashRenderer {
    /// The script that `source` or the completion directory loads.
    package static func render(_ root: CommandSpec) -> String {
        let tree = CompletionTree(root)
        let name = root.name
        return """
            # Completion of \(name) for bash. Written by '\(name) generate bash'; do not edit.

            # Sets REPLY to the options of a command, and WORDS to what else may follow it.
            _\(name)_command() {
                case $1 in
            \(tree.nodes.map(commandCase).joined(separator: "\n"))
                *) return 1 ;;
                esac
            }

            # Sets REPLY to what the value of an option may be: 'file', 'directory', 'text', or 'words' and the words.
            _\(name)_value() {
                case $1 in
            \(valueCases(tree).joined(separator: "\n"))
                *) return 1 ;;
                esac
            }

            _\(name)() {
                local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
                local path='' index REPLY WORDS

                # bash splits '--option=value' at the sign.
                if [[ $current == '=' ]]; then
                    current=''
                elif [[ $option == '=' ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 2]}
                fi

                # The words right after the program pick the command.
                for ((index = 1; index < COMP_CWORD; index++)); do
                    _\(name)_command "${path:+$path }${COMP_WORDS[index]}" || break
                    path="${path:+$path }${COMP_WORDS[index]}"
                done

                COMPREPLY=()
                if [[ $option == -* ]] && _\(name)_value "$path $option"; then
                    case $REPLY in
                    file)
                        compopt -o filenames 2>/dev/null
                        mapfile -t COMPREPLY < <(compgen -f -- "$current")
                        ;;
                    directory)
                        compopt -o filenames 2>/dev/null
                        mapfile -t COMPREPLY < <(compgen -d -- "$current")
                        ;;
                    list\\ *)
                        local before=''
                        [[ $current == *,* ]] && before=${current%,*},
                        mapfile -t COMPREPLY < <(compgen -P "$before" -W "${REPLY#list }" -- "${current##*,}")
                        ;;
                    words\\ *) mapfile -t COMPREPLY < <(compgen -W "${REPLY#words }" -- "$current") ;;
                    esac
                    return
                fi

                _\(name)_command "$path"
                if [[ $current == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$REPLY" -- "$current")
                    return
                fi
                mapfile -t COMPREPLY < <(compgen -W "${WORDS% file}" -- "$current")
                if [[ $WORDS == *' file' ]]; then
                    compopt -o filenames 2>/dev/null
                    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
                fi
            }

            complete -F _\(name) \(name)

            """
    }

    /// `'serve awareness') REPLY='--port -p …' WORDS='…' ;;`, each list on its own line.
    private static func commandCase(_ node: CompletionTree.Node) -> String {
        let options = node.details.options.flatMap { option in
            option.longs.map { "--" + $0 } + option.shorts.map { "-\($0)" }
        }
        let words = node.words.joined(separator: " ") + (node.takesFiles ? " file" : "")
        return """
                '\(node.path)')
                    REPLY='\((options + node.helpNames).joined(separator: " "))'
                    WORDS='\(words)'
                    ;;
            """
    }

    private static func valueCases(_ tree: CompletionTree) -> [String] {
        tree.nodes.flatMap { node in
            node.details.options.filter { !$0.isToggle }.map { option in
                let names = option.longs.map { "--" + $0 } + option.shorts.map { "-\($0)" }
                let patterns = names.map { "'\(node.path) \($0)'" }.joined(separator: " | ")
                return "    \(patterns)) REPLY='\(value(of: option))' ;;"
            }
        }
    }

    private static func value(of option: OptionSpec) -> String {
        switch option.kind {
        case .file: return "file"
        case .directory: return "directory"
        default:
            guard !option.words.isEmpty else { return "text" }
            return (option.isCommaSeparated ? "list " : "words ") + option.words.joined(separator: " ")
        }
    }
}
