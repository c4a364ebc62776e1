/// Reads a command line against a catalogue of commands.
///
/// `--opt value`, `--opt=value`, `-x value`, `-xvalue`, grouped switches (`-qk`), `--` before operands; options and
/// operands may be mixed; a negative number is an operand. An option that implies a value takes it at the end and before
/// another option. A yes/no option is `--opt`, `--opt=on|off`, and for configuration keys `--opt on|off`.
/// Nothing but the arguments is looked at: resolving values is the second stage (``SettingsResolver``).
package struct ArgumentParser {
    private var arguments: ArraySlice<String>
    private var parsed: ParsedCommand
    private var positionals: [String] = []

    private init(_ arguments: [String], _ root: CommandSpec) {
        self.arguments = arguments[...]
        parsed = ParsedCommand(path: [root.name], command: root, details: root.details)
    }

    /// Parses the arguments after the program's name.
    ///
    /// - Throws: ``CommandError`` with status 64.
    package static func parse(_ arguments: [String], root: CommandSpec) throws(CommandError) -> ParsedCommand {
        var parser = ArgumentParser(arguments, root)
        try parser.run()
        return parser.parsed
    }

    private mutating func run() throws(CommandError) {
        while let argument = arguments.popFirst() {
            if argument == "--" {
                positionals += arguments
                break
            }
            if argument.hasPrefix("--") {
                try readLong(argument.dropFirst(2))
            } else if argument.hasPrefix("-"), argument != "-", !isNegativeNumber(argument) {
                try readShorts(argument.dropFirst())
            } else {
                try readPositional(argument)
            }
            if parsed.help != nil { return }
        }
        try finish()
    }

    /// Whether an argument is a number below 0, for no command has a digit as an option.
    private func isNegativeNumber(_ argument: String) -> Bool {
        let first = argument.dropFirst().first
        guard let first, first.isASCII, first.isNumber || first == "." else { return false }
        return Double(argument) != nil
    }

    // MARK: Options

    private mutating func readLong(_ text: Substring) throws(CommandError) {
        let name = text.prefix { $0 != "=" }
        let attached = name.endIndex < text.endIndex ? String(text[text.index(after: name.endIndex)...]) : nil
        if name == "help" {
            guard attached == nil else { throw .usage("--help takes no value") }
            parsed.help = .long
            return
        }
        guard let option = parsed.details.options.first(where: { $0.longs.contains(String(name)) }) else {
            throw unknownOption("--\(name)")
        }
        let spelling = "--\(name)"
        if option.isToggle {
            try add(option, spelling, attached ?? separateToggleValue(option))
        } else if let attached {
            try add(option, spelling, attached)
        } else {
            try add(option, spelling, nextArgument(for: option, spelling))
        }
    }

    private mutating func readShorts(_ cluster: Substring) throws(CommandError) {
        var rest = cluster
        while let letter = rest.popFirst() {
            let option = parsed.details.options.first { $0.shorts.contains(letter) }
            guard let option else {
                guard letter == "h", parsed.details.helpIsShort else { throw unknownOption("-\(letter)") }
                parsed.help = .short
                return
            }
            if option.isToggle {
                try add(option, "-\(letter)", "on")
                continue
            }
            let value = try rest.isEmpty ? nextArgument(for: option, "-\(letter)") : String(rest)
            try add(option, "-\(letter)", value)
            return
        }
    }

    /// What a bare yes/no option means: the next argument where it is `on` or `off` and the option is a setting.
    private mutating func separateToggleValue(_ option: OptionSpec) -> String {
        guard option.isKey, let next = arguments.first, next == "on" || next == "off" else { return "on" }
        arguments.removeFirst()
        return next
    }

    private mutating func nextArgument(for option: OptionSpec, _ spelling: String) throws(CommandError) -> String {
        if let implied = option.impliedText, arguments.first?.hasPrefix("-") ?? true { return implied }
        guard let value = arguments.popFirst() else {
            throw .usage("\(spelling) needs a value: write \(spelling) \(option.placeholder)")
        }
        return value
    }

    private mutating func add(_ option: OptionSpec, _ spelling: String, _ text: String) throws(CommandError) {
        let origin = Origin.option(spelling)
        let values = try option.parse(text, from: origin)
        parsed.given.append(GivenOption(key: option.key, origin: origin, values: values))
    }

    private func unknownOption(_ spelling: String) -> CommandError {
        let options = parsed.details.options
        let help = (parsed.path + ["--help"]).joined(separator: " ")
        guard spelling.hasPrefix("--") else {
            return misplacedOption(spelling) ?? .usage("unknown option \(spelling); see '\(help)'")
        }
        let name = String(spelling.dropFirst(2))
        if name.hasPrefix("no-"), let option = options.first(where: { $0.longs.contains(String(name.dropFirst(3))) }),
            option.isToggle
        {
            return .usage("unknown option \(spelling); write \(option.displayName)=off")
        }
        let names = options.flatMap(\.longs) + ["help"]
        guard let nearest = Suggestion.nearest(to: name, among: names) else {
            return misplacedOption(spelling)
                ?? .usage("unknown option \(Origin.printable(spelling)); see '\(help)'")
        }
        return .usage("unknown option \(Origin.printable(spelling)); did you mean --\(nearest)?")
    }

    /// What to write where the option is one of a command that may still follow; `nil` where none has it.
    private func misplacedOption(_ spelling: String) -> CommandError? {
        let commands = parsed.details.subcommands
        guard let command = commands.first(where: { $0.details.options.contains { $0.has(spelling) } }) else {
            return nil
        }
        let line = (parsed.path + [command.name, spelling]).joined(separator: " ")
        return .usage("\(spelling) stands behind the command that has it, as in '\(line)'")
    }

    // MARK: Operands and commands

    private mutating func readPositional(_ argument: String) throws(CommandError) {
        guard positionals.isEmpty, !parsed.details.subcommands.isEmpty else {
            positionals.append(argument)
            return
        }
        guard let next = parsed.details.subcommands.first(where: { $0.name == argument }) else {
            guard parsed.details.operands.isEmpty else {
                positionals.append(argument)
                return
            }
            throw unknownCommand(argument)
        }
        parsed.command = next
        parsed.details = next.details
        parsed.path.append(next.name)
        for (option, _) in parsed.details.settled {
            guard let clash = parsed.given.first(where: { $0.key == option.key }) else { continue }
            throw .usage("\(clash.origin.description) and '\(parsed.name)' say two things; leave one out")
        }
    }

    private func unknownCommand(_ name: String) -> CommandError {
        let candidates = parsed.details.subcommands.map(\.name)
        let shown = quoted(name)
        let problem =
            parsed.name.isEmpty
            ? "unknown command \(shown)" : "'\(parsed.name)' has no \(parsed.details.subcommandNoun) \(shown)"
        let advice = Suggestion.nearest(to: name, among: candidates).map { "did you mean '\($0)'?" }
        let remedy = advice ?? "see '\((parsed.path + ["--help"]).joined(separator: " "))'"
        return .usage("\(problem); \(remedy)")
    }

    private mutating func finish() throws(CommandError) {
        guard parsed.details.runsAlone else {
            throw .usage("'\(parsed.name)' needs one of \(parsed.details.subcommands.map(\.name).joinedAsChoice())")
        }
        try distributeOperands()
    }

    private mutating func distributeOperands() throws(CommandError) {
        var rest = positionals[...]
        let specs = parsed.details.operands
        for (index, spec) in specs.enumerated() {
            let later = specs[(index + 1)...]
            let reserved = later.reduce(0) { $0 + $1.minimum }
            var taken: [String] = []
            while taken.count < spec.maximum, rest.count > reserved || taken.count < spec.minimum,
                let argument = rest.first
            {
                if !later.isEmpty, !spec.prefixes.isEmpty, !spec.prefixes.contains(where: argument.hasPrefix) { break }
                do { _ = try spec.kind.parse(argument) } catch {
                    throw .usage("\(spec.name) \(Origin.printable(argument)): \(error.remedy)")
                }
                taken.append(argument)
                rest.removeFirst()
            }
            guard taken.count >= spec.minimum else { throw missing(spec) }
            parsed.operands[spec.name] = taken
        }
        if let extra = rest.first { throw superfluous(extra) }
    }

    private func missing(_ spec: OperandSpec) -> CommandError {
        let usage = parsed.path + parsed.details.operands.map(\.usage)
        return .usage("\(spec.name) is missing; write '\(usage.joined(separator: " "))'")
    }

    private func superfluous(_ argument: String) -> CommandError {
        let place = parsed.name.isEmpty ? parsed.path[0] : "'\(parsed.name)'"
        return .usage("\(place) takes no further operand; leave \(quoted(argument)) out")
    }

    /// An argument inside a sentence.
    private func quoted(_ argument: String) -> String {
        argument.isEmpty ? Origin.printable(argument) : "'\(Origin.printable(argument))'"
    }
}

extension OptionSpec {
    /// Whether this is how the option is written, with its dashes.
    fileprivate func has(_ spelling: String) -> Bool {
        longs.contains { "--" + $0 == spelling } || shorts.contains { "-\($0)" == spelling }
    }

    /// Reads one argument, or one value of a variable or file; split at commas where the option is such a list.
    func parse(_ text: String, from origin: Origin, splitting: Bool = false) throws(CommandError) -> [OptionValue] {
        let split = isCommaSeparated || (splitting && isList)
        let parts = split ? text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) : [text]
        var values: [OptionValue] = []
        for part in parts {
            do { values.append(try kind.parse(part)) } catch { throw origin.error(for: self, text, error.remedy) }
        }
        return values
    }
}
