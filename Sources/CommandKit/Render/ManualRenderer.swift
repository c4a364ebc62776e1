/// Man pages in the language of man(7), one per command; the commands below a command have a section of its page.
package struct ManualRenderer {
    private let path: [String]
    private let command: CommandSpec
    private let details: CommandDetails
    private let version: String
    private var lines: [String] = []

    /// The page of a command, in ASCII.
    ///
    /// - Parameters:
    ///   - path: The words that pick it, the program's name first.
    ///   - siblings: Other pages to refer to, such as `sessionctl-connect`.
    ///   - version: The program's version, for the footer; a date would make the page stale by itself.
    package static func render(
        _ command: CommandSpec, path: [String], siblings: [String], version: String
    ) -> String {
        var renderer = ManualRenderer(path: path, command: command, details: command.details, version: version)
        renderer.writeHead()
        renderer.writeCommands()
        renderer.writeOperands(renderer.details)
        renderer.writeOptions()
        renderer.writeVariables()
        for section in renderer.details.sections { renderer.writeSection(section.title, section.paragraphs) }
        renderer.writeStatuses()
        renderer.writeExamples()
        renderer.writeSeeAlso(siblings)
        return renderer.lines.joined(separator: "\n") + "\n"
    }

    /// The name of the page of a command: `sessionctl-serve`.
    package static func pageName(_ path: [String]) -> String { path.joined(separator: "-") }

    private init(path: [String], command: CommandSpec, details: CommandDetails, version: String) {
        self.path = path
        self.command = command
        self.details = details
        self.version = version
    }

    // MARK: Sections

    private mutating func writeHead() {
        let name = Self.pageName(path)
        lines.append(".TH \(Roff.escape(name.uppercased())) 1 \"\" \"\(path[0]) \(version)\" \"\(path[0]) manual\"")
        lines.append(".SH NAME")
        lines.append("\(Roff.escape(name)) \\- \(Roff.escape(command.summary))")
        lines.append(".SH SYNOPSIS")
        lines.append(synopsis(path, details))
        lines.append(".SH DESCRIPTION")
        writeParagraphs([command.summary + "."] + details.discussion)
    }

    private mutating func writeCommands() {
        guard !details.subcommands.isEmpty else { return }
        lines.append(".SH COMMANDS")
        if path.count == 1 {
            for child in details.subcommands {
                lines.append(".TP")
                lines.append(".BR \(Roff.escape(Self.pageName(path + [child.name]))) (1)")
                writeText(child.summary + ".")
            }
        } else {
            for child in details.subcommands { writeChild(child, of: path, knowing: details.options) }
        }
    }

    /// A command below this one and all below it: only what differs from the command above.
    private mutating func writeChild(_ child: CommandSpec, of parent: [String], knowing known: [OptionSpec]) {
        let inner = child.details
        let path = parent + [child.name]
        lines.append(".SS \(Roff.escape(path.dropFirst().joined(separator: " ")))")
        lines.append(synopsis(path, inner))
        lines.append(".PP")
        writeParagraphs([child.summary + "."] + inner.discussion)
        for operand in inner.operands { writeOperand(operand) }
        for option in inner.options where !known.contains(where: { Self.isSame($0, option) }) {
            lines.append(".TP")
            lines.append(Self.tag(option))
            let isShared = known.contains { $0.key == option.key }
            writeText(isShared ? "The same as --\(option.key)." : explanation(option))
        }
        for grandchild in inner.subcommands { writeChild(grandchild, of: path, knowing: known + inner.options) }
    }

    private mutating func writeOperands(_ details: CommandDetails) {
        guard !details.operands.isEmpty else { return }
        lines.append(".SH OPERANDS")
        for operand in details.operands { writeOperand(operand) }
    }

    private mutating func writeOperand(_ operand: OperandSpec) {
        lines.append(".TP")
        lines.append(".I \(Roff.escape(operand.name))")
        var text = operand.summary + "."
        if !operand.kind.words.isEmpty { text += " One of \(operand.kind.words.joinedAsChoice())." }
        writeText(text.prefix(1).uppercased() + text.dropFirst())
    }

    private mutating func writeOptions() {
        lines.append(".SH OPTIONS")
        let groups = details.optionsByCategory
        for group in groups {
            if groups.count > 1 { lines.append(".SS \(Roff.escape(group.category))") }
            for option in group.options {
                lines.append(".TP")
                lines.append(Self.tag(option))
                writeText(explanation(option))
            }
        }
        if groups.count > 1 { lines.append(".SS Help") }
        lines.append(".TP")
        lines.append(details.helpIsShort ? "\\fB\\-h\\fR, \\fB\\-\\-help\\fR" : "\\fB\\-\\-help\\fR")
        writeText("Explain the command: -h in a line an option, --help in full.")
    }

    private mutating func writeVariables() {
        let ofOptions = details.options.flatMap { option in
            option.variables.map { (name: $0, summary: "Sets \(option.displayName)") }
        }
        let all = details.variables + ofOptions
        guard !all.isEmpty else { return }
        lines.append(".SH ENVIRONMENT")
        if !ofOptions.isEmpty {
            writeParagraphs(["An option on the command line is stronger. An empty variable is none."])
        }
        for variable in all {
            lines.append(".TP")
            lines.append(".B \(Roff.escape(variable.name))")
            writeText(variable.summary + ".")
        }
    }

    private mutating func writeSection(_ title: String, _ paragraphs: [String]) {
        lines.append(".SH \(title)")
        writeParagraphs(paragraphs)
    }

    private mutating func writeStatuses() {
        lines.append(".SH EXIT STATUS")
        for status in ExitStatus.allCases {
            lines.append(".TP")
            lines.append(".B \(status.rawValue)")
            writeText(status.summary + ".")
        }
    }

    private mutating func writeExamples() {
        guard !details.examples.isEmpty else { return }
        lines.append(".SH EXAMPLES")
        for example in details.examples {
            lines.append(".PP")
            writeText(example.heading)
            lines += [".PP", ".RS 4", ".nf", Roff.protect(Roff.escape(example.line)), ".fi", ".RE"]
        }
    }

    private mutating func writeSeeAlso(_ siblings: [String]) {
        let others = siblings.filter { $0 != Self.pageName(path) }
        guard !others.isEmpty else { return }
        lines.append(".SH SEE ALSO")
        for (index, name) in others.enumerated() {
            lines.append(".BR \(Roff.escape(name)) (1)" + (index < others.count - 1 ? "," : ""))
        }
    }

    // MARK: Pieces

    private func synopsis(_ path: [String], _ details: CommandDetails) -> String {
        let rest = HelpRenderer.usage([], details)
        return "\\fB\(Roff.escape(path.joined(separator: " ")))\\fR \(Roff.escape(rest))"
    }

    private func explanation(_ option: OptionSpec) -> String {
        let sentences = [option.summary + ".", option.details] + OptionFacts(option).lines
        return sentences.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func tag(_ option: OptionSpec) -> String {
        let names = option.shorts.map { "-\($0)" } + [option.displayName]
        let bold = names.map { "\\fB\(Roff.escape($0))\\fR" }.joined(separator: ", ")
        if option.isToggle { return option.isKey ? bold + " [\\fBon\\fR|\\fBoff\\fR]" : bold }
        return bold + " \\fI\(Roff.escape(option.placeholder))\\fR"
    }

    private static func isSame(_ left: OptionSpec, _ right: OptionSpec) -> Bool {
        left.key == right.key && left.longs == right.longs && left.shorts == right.shorts
    }

    private mutating func writeParagraphs(_ paragraphs: [String]) {
        for (index, paragraph) in paragraphs.enumerated() {
            if index > 0 { lines.append(".PP") }
            writeText(paragraph)
        }
    }

    private mutating func writeText(_ text: some StringProtocol) {
        for line in TextLayout.wrap(String(text), width: TextLayout.width) {
            lines.append(Roff.protect(Roff.escape(line)))
        }
    }
}

/// Text as roff input.
enum Roff {
    /// Replaces what roff would read as its own, and what a typesetter would turn into other characters.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\u{A7}": result += "section "
            default: result.append(character)
            }
        }
        return result
    }

    /// Keeps a line of text from being read as a request.
    static func protect(_ line: String) -> String { line.hasPrefix(".") ? "\\&" + line : line }
}
