package import CommandKit

/// The one catalogue of commands.
package enum CommandTable {
    /// The program itself.
    package static let root = CommandSpec("sessionctl", "Servers, clients and tools for real-time session services") {
        var details = CommandDetails(
            discussion: [
                "One binary that serves session protocols over WebSocket and speaks them as a client.",
                "Options go after the command they belong to.",
            ],
            options: [version.spec],
            subcommands: commands)
        details.runsAlone = false
        details.variables = [
            ("NO_COLOR", "Where it is not empty, nothing is coloured"),
            ("TERM", "Where it is 'dumb', nothing is coloured"),
        ]
        details.examples = [
            CommandExample("sessionctl serve", "Serve awareness on port 8765"),
            CommandExample("sessionctl connect", "Talk to it"),
        ]
        return details
    }

    /// `--version`.
    package static let version = Option.toggle("version", "Print the version").short("V")

    /// All commands, in the order of the help.
    package static var commands: [CommandSpec] {
        [ServeOptions.command] + ClientCommands.all + APICommands.all
            + [ConsoleCommands.console, TokenCommands.spec, BenchCommands.bench, BenchCommands.compare]
            + [ConfigCommand.spec, GenerateCommand.spec, InstallCommand.spec, VersionCommand.spec, HelpCommand.spec]
    }

    /// What runs a command, or `nil` where this build has no body for it.
    static func body(of name: String) -> CommandBody? {
        switch name {
        case "serve": ServeCommand.run
        case "connect": ConnectCommand.run
        case "send": SendCommand.run
        case "register": RegisterCommand.run
        case "deregister": DeregisterCommand.run
        case "heartbeat": HeartbeatCommand.run
        case "focus": FocusCommand.run
        case "ping": PingCommand.run
        case "wait": WaitCommand.run
        case "snapshot", "device", "admin", "notify", "session": APICommand.run
        case "subscribe": SubscribeCommand.run
        case "publish": PublishCommand.run
        case "report": ReportCommand.run
        case "stream": StreamCommand.run
        case "locker": LockerCommand.run
        case "board": BoardCommand.run
        case "handoff": HandoffCommand.run
        case "state": StateCommand.run
        case "console": ConsoleCommand.run
        case "token": TokenCommand.run
        case "bench": BenchCommand.run
        case "compare": CompareCommand.run
        case "config": ConfigCommand.run
        case "generate": GenerateCommand.run
        case "install": InstallCommand.run
        case "version": VersionCommand.run
        case "help": HelpCommand.run
        default: nil
        }
    }
}

/// Runs a command; what it throws becomes one line on standard error and the exit status.
package typealias CommandBody = (Invocation) throws(CommandError) -> ExitStatus

/// What a command's body gets.
package struct Invocation {
    /// The command line: path, operands.
    package var parsed: ParsedCommand
    /// The values of all options, each with its origin.
    package var settings: Settings
    /// The world.
    package var context: CommandContext
}
