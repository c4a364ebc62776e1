import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO

/// Runs one verb of an API, such as `admin connections`.
enum APICommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard let (verb, server) = APICommands.verb(at: invocation.parsed.path) else {
            throw CommandError(.internal, "this build has no body for the verb")
        }
        let signals: Signals
        do throws(SystemError) { signals = try Signals([.hangup, .interrupt, .terminate]) } catch {
            throw CommandError(.internal, error.description)
        }
        let configuration = try invocation.httpConfiguration(server, interruption: signals.descriptor)
        let world = invocation.verbWorld(configuration, interruption: signals.descriptor)
        let call = VerbCall(parsed: invocation.parsed, settings: invocation.settings, world: world)
        do throws(CommandError) {
            return try finish(try verb.run(call), invocation, world, interruption: signals.descriptor)
        } catch {
            if error.status == .interrupted, let signal = signals.next() {
                return ExitStatus(rawValue: signal.exitStatus) ?? .interrupted
            }
            // The one value that programs read is the server's answer, also where that is an error.
            if invocation.settings[APIOptions.json], let refusal = world.api.refusal {
                try world.printer.show(refusal) { [] }
            }
            throw error
        }
    }

    private static func finish(
        _ outcome: VerbOutcome, _ invocation: Invocation, _ world: VerbWorld, interruption: Int32
    ) throws(CommandError) -> ExitStatus {
        switch outcome {
        case .done(let verdict): return ExitStatus(verdict)
        case .confirm(let confirmation, let action):
            try ask(confirmation, invocation, interruption: interruption)
            return ExitStatus(try action())
        case .events(let feed):
            var run = FeedRun(feed, invocation.settings, world.printer)
            return ExitStatus(try run.play())
        }
    }

    /// Asks the person, where there is one.
    private static func ask(
        _ confirmation: Confirmation, _ invocation: Invocation, interruption: Int32
    ) throws(CommandError) {
        let context = invocation.context
        guard context.isInputTerminal else { throw confirmation.refusal }
        try context.errors.write(confirmation.question)
        let answer = try Interruptible.readLine(context.input, interruption: interruption)
        guard confirmation.isGiven(by: answer) else { throw confirmation.abandoned }
    }
}
