import CommandKit

/// `help [COMMAND]...`: the long help of a command.
enum HelpCommand {
    static let spec = CommandSpec("help", "Explain a command") {
        var details = CommandDetails(
            discussion: ["The same as --help after the command."],
            operands: [
                OperandSpec("COMMAND", .any, .text, "words that pick a command, such as 'config check'")
                    .suggesting(CommandTable.commands.map(\.name))
            ])
        details.examples = [CommandExample("sessionctl help serve", "Everything about serve")]
        return details
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let context = invocation.context
        let words = invocation.parsed.operands("COMMAND")
        let parsed = try ArgumentParser.parse(words + ["--help"], root: CommandTable.root)
        let style = context.style(of: context.output)
        try context.output.write(HelpRenderer.render(parsed.command, path: parsed.path, .long, style: style))
        return .success
    }
}
