import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO
import SessionTerminal

/// `sessionctl board watch`: a live picture for a person, messages for a program.
enum BoardWatchCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let (settings, output) = (invocation.settings, invocation.context.output)
        var conditions = try invocation.watchConditions()
        if settings[BoardCommands.once] { conditions.count = 1 }
        let view = settings[BoardCommands.view]
        let isDumb = invocation.context.environment("TERM") == "dumb"
        switch (settings[APIOptions.json], output.isTerminal && !isDumb, view) {
        case (false, true, _) where !settings[BoardCommands.once]:
            return try show(view ?? .canvas, conditions, invocation)
        case (false, true, _), (false, false, _?):
            conditions.count = 1
            return try printOnce(view ?? .canvas, conditions, invocation)
        default:
            var printer = invocation.resultPrinter()
            printer.form.isJSON = settings[APIOptions.json] || !output.isTerminal
            let member = try invocation.boardMember()
            let script = script(member, conditions, invocation)
            return try invocation.play(script, as: member, presenter: LinePresenter(printer))
        }
    }

    private static func script(
        _ member: BoardMember, _ conditions: StopRule.Conditions, tellsNews: Bool = true, _ invocation: Invocation
    ) -> BoardWatchScript {
        BoardWatchScript(
            path: member.endpoint.target, conditions, timeout: invocation.settings[APIOptions.timeout],
            tellsNews: tellsNews)
    }

    /// Prints the board as it is.
    private static func printOnce(
        _ view: BoardPicture.View, _ conditions: StopRule.Conditions, _ invocation: Invocation
    ) throws(CommandError) -> ExitStatus {
        let output = invocation.context.output
        let size = output.isTerminal ? Terminal.size(Descriptor.standardOutput) : nil
        let presenter = BoardPrint(
            view, material(invocation), depth(invocation), columns: size?.columns, rows: size.map { $0.rows - 1 }
        ) { text throws(CommandError) in try output.write(text) }
        let member = try invocation.boardMember()
        return try invocation.play(
            script(member, conditions, invocation), as: member, presenter: presenter, isSilent: !output.isTerminal)
    }

    /// Shows the board as it changes.
    private static func show(
        _ view: BoardPicture.View, _ conditions: StopRule.Conditions, _ invocation: Invocation
    ) throws(CommandError) -> ExitStatus {
        let context = invocation.context
        let (output, errors) = (context.output, context.errors)
        let screen = BoardScreen(
            FullScreen(input: context.input, descriptor: Descriptor.standardOutput),
            BoardPicture(view, material(invocation)), depth(invocation)
        ) { text throws(CommandError) in try output.write(text) }
        let member = try invocation.boardMember()
        let run = try invocation.watchRun(
            member.endpoint, .board, signals: [.hangup, .interrupt, .terminate, .pause, .windowChanged]
        ) { bytes throws(CommandError) in
            guard screen.isEntered else { return try errors.write(bytes: bytes) }
            screen.say(bytes, at: SystemClock.now())
        }
        var client = BoardViewClient(
            run, script(member, conditions, tellsNews: false, invocation), screen,
            remedy: "give a token with --token-file, or SESSIONCTL_TOKEN", credentials: member.credentials)
        return ExitStatus(try client.play())
    }

    private static func material(_ invocation: Invocation) -> LineMaterial {
        invocation.settings[BoardCommands.ascii] ? .ascii : .unicode
    }

    private static func depth(_ invocation: Invocation) -> ColorDepth {
        let context = invocation.context
        return ColorDepth(invocation.style(of: context.output), environment: context.environment)
    }
}
