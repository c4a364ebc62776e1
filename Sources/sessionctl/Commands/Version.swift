import CommandKit
import SessionCodec

/// `version`: which build this is.
enum VersionCommand {
    static let json = Option.toggle("json", "Write JSON")

    static let spec = CommandSpec("version", "Print the version") {
        var details = CommandDetails(
            discussion: ["One line: the program's name and version."], options: [json.spec])
        details.examples = [CommandExample("sessionctl version", "Which build is this?")]
        return details
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard invocation.settings[json] else { return try write(invocation.context) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("name", CommandTable.root.name)
            writer.field("version", Program.version)
        }
        try invocation.context.output.writeLine(&writer)
        return .success
    }

    /// Prints the line that `--version` prints too.
    static func write(_ context: CommandContext) throws(CommandError) -> ExitStatus {
        try context.output.write("\(CommandTable.root.name) \(Program.version)\n")
        return .success
    }
}
