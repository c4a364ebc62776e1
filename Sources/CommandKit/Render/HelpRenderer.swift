/// Help as text: `-h` one line an option, `--help` everything that is known.
package struct HelpRenderer {
    private let path: [String]
    private let command: CommandSpec
    private let details: CommandDetails
    private let style: TextStyle
    private var lines: [String] = []

    private init(_ path: [String], _ command: CommandSpec, _ details: CommandDetails, _ style: TextStyle) {
        self.path = path
        self.command = command
        self.details = details
        self.style = style
    }

    /// The help of a command.
    ///
    /// - Parameter path: The words that picked it, the program's name first.
    package static func render(
        _ command: CommandSpec, path: [String], _ help: HelpStyle, style: TextStyle = .plain
    ) -> String {
        var renderer = HelpRenderer(path, command, command.details, style)
        renderer.writeHead(help)
        renderer.writeCommands()
        renderer.writeOperands()
        renderer.writeOptions(help)
        if help == .long { renderer.writeExamples() }
        renderer.writeTail(help)
        return renderer.lines.joined(separator: "\n") + "\n"
    }

    /// The usage line of a command: `sessionctl connect [OPTION]... [URL]`.
    package static func usage(_ path: [String], _ details: CommandDetails) -> String {
        var words = path
        if !details.options.isEmpty { words.append("[OPTION]...") }
        if !details.subcommands.isEmpty { words.append(details.runsAlone ? "[COMMAND]" : "COMMAND") }
        return (words + details.operands.map(\.usage)).joined(separator: " ")
    }

    private mutating func writeHead(_ help: HelpStyle) {
        lines.append("\(style.bold("Usage:")) \(Self.usage(path, details))")
        lines.append("")
        lines.append(command.summary + ".")
        guard help == .long else { return }
        for paragraph in details.discussion {
            lines.append("")
            lines += TextLayout.wrap(paragraph, width: TextLayout.width)
        }
    }

    private mutating func writeCommands() {
        guard !details.subcommands.isEmpty else { return }
        heading("Commands")
        let column = 4 + (details.subcommands.map(\.name.count).max() ?? 0)
        for child in details.subcommands { entry(child.name, style.bold(child.name), child.summary, column: column) }
    }

    private mutating func writeOperands() {
        guard !details.operands.isEmpty else { return }
        heading("Operands")
        let column = 4 + (details.operands.map(\.name.count).max() ?? 0)
        for operand in details.operands { entry(operand.name, operand.name, operand.summary, column: column) }
    }

    private mutating func writeOptions(_ help: HelpStyle) {
        for group in details.optionsByCategory {
            heading(group.category)
            for option in group.options {
                switch help {
                case .short: writeShort(option)
                case .long: writeLong(option)
                }
            }
        }
    }

    private mutating func writeShort(_ option: OptionSpec) {
        let name = Self.spelling(option)
        entry(name, name, option.summary + shortDefault(option), column: Self.shortColumn)
    }

    private mutating func writeLong(_ option: OptionSpec) {
        lines.append("  " + style.bold(Self.spelling(option)))
        let text = ([option.summary + "."] + (option.details.isEmpty ? [] : [option.details])).joined(separator: " ")
        lines += TextLayout.wrap(text, width: TextLayout.width - 8).map { "        " + $0 }
        for fact in OptionFacts(option).lines {
            lines += TextLayout.wrap(fact, width: TextLayout.width - 8).map { "        " + $0 }
        }
    }

    private mutating func writeExamples() {
        guard !details.examples.isEmpty else { return }
        heading("Examples")
        for example in details.examples {
            lines.append("  " + example.heading)
            lines.append("    \(style.bold(example.line))")
        }
    }

    private mutating func writeTail(_ help: HelpStyle) {
        lines.append("")
        let program = path[0]
        switch help {
        case .short: lines.append("'\((path + ["--help"]).joined(separator: " "))' explains more.")
        case .long where path.count == 1: lines.append("'\(program) help COMMAND' explains a command.")
        case .long: lines.append("Exit statuses and the rest: 'man \(path.prefix(2).joined(separator: "-"))'.")
        }
    }

    private mutating func heading(_ text: String) {
        lines.append("")
        lines.append(style.bold(text + ":"))
    }

    /// A name and its summary; the summary starts at `column`, on the next line where the name is too long.
    private mutating func entry(_ name: String, _ styled: String, _ summary: String, column: Int) {
        let wrapped = TextLayout.wrap(summary, width: TextLayout.width - column)
        let indent = String(repeating: " ", count: column)
        if name.count + 4 > column {
            lines.append("  " + styled)
            lines += wrapped.map { indent + $0 }
        } else {
            let gap = String(repeating: " ", count: column - 2 - name.count)
            lines.append("  " + styled + gap + (wrapped.first ?? ""))
            lines += wrapped.dropFirst().map { indent + $0 }
        }
    }

    /// Where summaries start in the short help.
    private static let shortColumn = 32

    /// `-p, --port PORT`, or without a letter `    --listen PROFILE=HOST:PORT`.
    static func spelling(_ option: OptionSpec) -> String {
        let letters = option.shorts.map { "-\($0), " }.joined()
        let name = (letters.isEmpty ? "    " : letters) + option.displayName
        if option.isToggle { return option.isKey ? name + " [on|off]" : name }
        return name + " " + option.placeholder
    }

    private func shortDefault(_ option: OptionSpec) -> String {
        guard let text = option.defaultText, !(option.isToggle && text == "off") else { return "" }
        return " (\(text))"
    }
}

/// What there is to say about an option besides what it does; the same words in help and man pages.
package struct OptionFacts {
    /// "Default: 25s.", "Environment: X.", "Configuration: x.", "See PROTOCOLS C1."; each a sentence.
    package var lines: [String] = []

    /// Collects the facts.
    package init(_ option: OptionSpec) {
        if option.isRequired { lines.append("Required.") }
        if option.isList { lines.append("May be given more than once.") }
        if let text = option.defaultText ?? option.unsetMeaning, !option.isToggle || option.isKey {
            lines.append("Default: \(text).")
        }
        let others = option.longs.dropFirst().map { "--" + $0 }
        if !others.isEmpty { lines.append("Also: \(others.joined(separator: ", ")).") }
        if !option.variables.isEmpty { lines.append("Environment: \(option.variables.joined(separator: ", ")).") }
        if option.isKey { lines.append("Configuration: \(option.key).") }
        if !option.decision.isEmpty { lines.append("Rule: PROTOCOLS \(option.decision).") }
    }
}
