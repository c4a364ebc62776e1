import CommandKit

/// `version`: which build this is.
enum VersionCommand {
    static let spec = CommandSpec("version", "Print the version") {
        var details = CommandDetails(discussion: ["One line: the program's name and version."])
        details.examples = [CommandExample("sessionctl version", "Which build is this?")]
        return details
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus { try write(invocation.context) }

    static func write(_ context: CommandContext) throws(CommandError) -> ExitStatus {
        try context.output.write("\(CommandTable.root.name) \(Program.version)\n")
        return .success
    }
}
