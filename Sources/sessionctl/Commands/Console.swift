import CommandKit
import SessionBase
import SessionClient
import SessionConsole
import SessionIO
import SessionTerminal

/// `sessionctl console`: the verbs of `admin` on a prompt, or as a script.
enum ConsoleCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let context = invocation.context
        if let lines = try script(invocation) { return try play(lines, invocation) }
        guard context.isInputTerminal, context.output.isTerminal else {
            let input = String(decoding: try invocation.readInput("-"), as: UTF8.self)
            return try play(ConsoleScript.lines(of: input, name: "standard input"), invocation)
        }
        return try talk(invocation)
    }

    /// The lines that options name; `nil` where none do.
    private static func script(_ invocation: Invocation) throws(CommandError) -> [ConsoleScript.Line]? {
        let settings = invocation.settings
        var lines = settings[ConsoleCommands.execute].map { ConsoleScript.Line($0, name: "--command") }
        if let path = settings[ConsoleCommands.file] {
            guard lines.isEmpty else { throw .usage("--command and --file say two things; leave one out") }
            let text = String(decoding: try invocation.readInput(path), as: UTF8.self)
            lines = ConsoleScript.lines(of: text, name: path == "-" ? "standard input" : path)
            return lines
        }
        return lines.isEmpty ? nil : lines
    }

    private static func configuration(
        _ invocation: Invocation, _ signals: borrowing Signals
    ) throws(CommandError) -> HTTPConfiguration {
        try invocation.httpConfiguration(.administration, interruption: signals.descriptor)
    }

    private static func catching(_ caught: [Signal]) throws(CommandError) -> Signals {
        do throws(SystemError) { return try Signals(caught) } catch {
            throw CommandError(.internal, error.description)
        }
    }

    // MARK: A script

    private static func play(
        _ lines: [ConsoleScript.Line], _ invocation: Invocation
    ) throws(CommandError) -> ExitStatus {
        let signals = try catching([.hangup, .interrupt, .terminate])
        let errors = invocation.context.errors
        let world = invocation.verbWorld(try configuration(invocation, signals), interruption: signals.descriptor)
        let script = ConsoleScript(world, keepsGoing: invocation.settings[ConsoleCommands.keepGoing]) {
            message throws(CommandError) in try errors.write("sessionctl console: \(message)\n")
        }
        do throws(CommandError) {
            return try script.play(lines)
        } catch {
            guard error.status == .interrupted, let signal = signals.next() else { throw error }
            return ExitStatus(rawValue: signal.exitStatus) ?? .interrupted
        }
    }

    // MARK: A person

    private static func talk(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let context = invocation.context
        let signals = try catching([.hangup, .interrupt, .terminate, .pause, .windowChanged])
        let configuration = try configuration(invocation, signals)
        let page = ConsolePage()
        var world = invocation.verbWorld(configuration, interruption: signals.descriptor)
        world.printer = ResultPrinter(
            world.printer.form, output: { text throws(CommandError) in page.write(text) },
            remarks: { text throws(CommandError) in page.write(text) })
        var impatient = configuration
        impatient.timeout = .milliseconds(250)
        impatient.interruption = nil
        var options = AdminConsole.Options(completionClient: APIClient(impatient))
        options.style = invocation.style(of: context.output)
        let personal = StateFolder.personal(context.environment).map { $0 + "/console-history" }
        options.historyFile = (invocation.settings[ConsoleCommands.history] ?? personal).map { HistoryFile(path: $0) }
        return ExitStatus(try AdminConsole(world, page: page, signals: signals, options).run())
    }
}
