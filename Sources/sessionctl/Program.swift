package import CommandKit
internal import SessionBench

/// From arguments to an exit status.
package enum Program {
    /// The version of this program; in `--version`, man pages and `sessionctl_build_info`.
    package static let version = "0.1.0"

    /// Runs the command that the arguments name. Everything that goes wrong is one line on standard error.
    ///
    /// - Parameter arguments: Without the program's name.
    package static func run(_ arguments: [String], _ context: CommandContext) -> ExitStatus {
        var name: String?
        do throws(CommandError) {
            return try run(arguments, context, name: &name)
        } catch {
            let place = [CommandTable.root.name] + (name.map { [$0] } ?? [])
            // Standard error may be closed; there is nowhere left to say so, and the status still tells.
            try? context.errors.write("\(place.joined(separator: " ")): \(error.message)\n")
            return error.status
        }
    }

    private static func run(
        _ arguments: [String], _ context: CommandContext, name: inout String?
    ) throws(CommandError) -> ExitStatus {
        if arguments == [WorkerProcess.word] { return ExitStatus(rawValue: WorkerProcess.run()) ?? .internal }
        let root = CommandTable.root
        if arguments.isEmpty {
            try context.errors.write(
                HelpRenderer.render(root, path: [root.name], .short, style: context.style(of: context.errors)))
            return .usage
        }
        name = arguments.first.flatMap { word in CommandTable.commands.first { $0.name == word }?.name }
        if arguments == ["--version"] || arguments == ["-V"] { return try VersionCommand.write(context) }
        let parsed = try ArgumentParser.parse(arguments, root: root)
        if let help = parsed.help {
            let style = context.style(of: context.output)
            try context.output.write(HelpRenderer.render(parsed.command, path: parsed.path, help, style: style))
            return .success
        }
        guard let body = CommandTable.body(of: parsed.path[1]) else {
            throw CommandError(.internal, "this build has no body for the command")
        }
        let settings = try SettingsLoader.load(parsed, environment: context.environment)
        return try body(Invocation(parsed: parsed, settings: settings, context: context))
    }
}
