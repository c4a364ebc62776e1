import CommandKit
import SessionCodec

/// `config check|print|diff`: what a configuration file says, and what holds (PROTOCOLS §1.10).
enum ConfigCommand {
    static let json = Option.toggle("json", "Write JSON")
    private static let file = OperandSpec("FILE", .one, .file, "configuration file")

    static let spec = CommandSpec("config", "Check, print or compare configurations") {
        var details = CommandDetails(
            discussion: [
                "Works on the settings of serve; 'sessionctl help serve' explains every key."
            ],
            subcommands: [check, print, diff])
        details.runsAlone = false
        details.examples = [
            CommandExample("sessionctl config print", "Every key, its value, and where it came from"),
            CommandExample("sessionctl config check /etc/sessionctl.conf", "Is this file valid?"),
            CommandExample("sessionctl config diff old.conf new.conf", "What would change?"),
        ]
        details.sections = [ServeManual.configuration]
        return details
    }

    private static let check = CommandSpec("check", "Say what is wrong with a file") {
        CommandDetails(
            discussion: [
                "Names every bad line. Exit status 78 where one is bad.",
                """
                Values of the environment are not looked at; a variable whose name begins with SESSIONCTL_ and is no \
                setting's is warned of.
                """,
            ],
            operands: [file], options: [json.spec])
    }

    private static let print = CommandSpec("print", "Print every key, its value and its origin") {
        CommandDetails(
            discussion: ["What 'serve' would run with here and now. The output is a valid file; secrets are hidden."],
            options: [ServeOptions.config.spec, json.spec])
    }

    private static let diff = CommandSpec("diff", "Print the keys whose values differ") {
        CommandDetails(
            discussion: ["Compares what holds, defaults included. Exit status 1 where something differs."],
            operands: [OperandSpec("OLD", .one, .file, "first file"), OperandSpec("NEW", .one, .file, "second file")],
            options: [json.spec])
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        switch invocation.parsed.path.last {
        case "check": try runCheck(invocation)
        case "print": try runPrint(invocation)
        default: try runDiff(invocation)
        }
    }

    // MARK: check

    private static func runCheck(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        try EnvironmentCheck.warn(invocation)
        let path = invocation.parsed.operand("FILE") ?? ""
        let file = try ConfigurationFile(reading: path, options: ServeOptions.all)
        var problems = file.problems
        if problems.isEmpty {
            do throws(CommandError) { _ = try settings(of: file) } catch { problems = [error] }
        }
        if invocation.settings[json] {
            try writeJSON(file, problems, invocation.context.output)
        } else if problems.isEmpty {
            try invocation.context.output.write("\(path) is valid: \(file.entries.count) settings\n")
        } else {
            for problem in problems { try invocation.context.errors.write(problem.message + "\n") }
        }
        return problems.isEmpty ? .success : .configuration
    }

    private static func writeJSON(
        _ file: ConfigurationFile, _ problems: [CommandError], _ output: Output
    ) throws(CommandError) {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("file", file.path)
            writer.field("valid", problems.isEmpty)
            writer.field("settings", file.entries.count)
            writer.field("problems") { writer in
                writer.array { list in for problem in problems { list.value(problem.message) } }
            }
        }
        try output.writeLine(&writer)
    }

    /// What a file says by itself: without environment and command line.
    private static func settings(of file: ConfigurationFile) throws(CommandError) -> Settings {
        let parsed = try ArgumentParser.parse(["serve"], root: CommandTable.root)
        let resolver = SettingsResolver(options: parsed.details.settings, environment: { _ in nil })
        return try SettingsLoader.resolveServe(parsed, resolver, file: file)
    }

    // MARK: print

    private static func runPrint(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let path = invocation.settings[ServeOptions.config]
        let arguments = ["serve"] + (path.map { ["--config", $0] } ?? [])
        let parsed = try ArgumentParser.parse(arguments, root: CommandTable.root)
        let settings = try SettingsLoader.load(parsed, environment: invocation.context.environment)
        guard invocation.settings[json] else {
            try invocation.context.output.write(ConfigurationText.print(settings, options: ServeOptions.all))
            return .success
        }
        var writer = JSONWriter()
        writer.object { writer in
            for option in ServeOptions.keys {
                writer.field(option.key) { writer in
                    writer.object { writer in
                        writeValue("value", option, settings, to: &writer)
                        writer.field("origin", (settings[option].origins.first ?? .standard).description)
                    }
                }
            }
        }
        try invocation.context.output.writeLine(&writer)
        return .success
    }

    private static func writeValue(
        _ name: String, _ option: OptionSpec, _ settings: Settings, to writer: inout JSONWriter
    ) {
        let texts = ConfigurationText.values(option, settings)
        writer.field(name) { writer in
            if option.isList {
                writer.array { list in for text in texts { list.value(text) } }
            } else if let text = texts.first {
                writer.value(text)
            } else {
                writer.null()
            }
        }
    }

    // MARK: diff

    private static func runDiff(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let old = try valid(invocation.parsed.operand("OLD") ?? "")
        let new = try valid(invocation.parsed.operand("NEW") ?? "")
        let options = ServeOptions.keys
        let changed = ConfigurationText.changedKeys(old, new, options: options)
        if invocation.settings[json] {
            var writer = JSONWriter()
            writer.object { writer in
                for option in changed {
                    writer.field(option.key) { writer in
                        writer.object { writer in
                            writeValue("old", option, old, to: &writer)
                            writeValue("new", option, new, to: &writer)
                        }
                    }
                }
            }
            try invocation.context.output.writeLine(&writer)
        } else {
            for line in ConfigurationText.differences(old, new, options: options) {
                try invocation.context.output.write(line + "\n")
            }
        }
        return changed.isEmpty ? .success : .failed
    }

    private static func valid(_ path: String) throws(CommandError) -> Settings {
        try settings(of: ConfigurationFile(reading: path, options: ServeOptions.all))
    }
}
