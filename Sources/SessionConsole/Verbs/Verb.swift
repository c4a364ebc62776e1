package import CommandKit
package import SessionBase
package import SessionClient
import SessionCodec

/// One verb of the API, declared once: its command line, help, completion and man page follow from it, and so does its
/// place in the console.
package struct Verb: Sendable {
    /// What it takes and how it is explained.
    package var spec: CommandSpec
    /// Which live ids Tab offers for its operands.
    package var completes: LiveIDs?
    /// The verbs below it, which are picked by the word behind its name.
    package var verbs: [Verb]
    /// Does it.
    package var run: @Sendable (VerbCall) throws(CommandError) -> VerbOutcome

    /// Declares a verb.
    package init(
        _ name: String, _ summary: String, completes: LiveIDs? = nil, verbs: [Verb] = [],
        details: @escaping @Sendable () -> CommandDetails,
        run: @escaping @Sendable (VerbCall) throws(CommandError) -> VerbOutcome
    ) {
        spec = CommandSpec(name, summary, details: details)
        self.completes = completes
        self.verbs = verbs
        self.run = run
    }
}

/// Ids that are asked of the server while somebody types.
package enum LiveIDs: Hashable, Sendable {
    /// Of open connections.
    case connections
    /// Of the users of open connections.
    case users
    /// Of sessions.
    case sessions
    /// Channels that somebody subscribes to.
    case channels
}

/// What became of a verb.
package enum VerbOutcome {
    /// It is done.
    case done(Verdict)
    /// It touches more than one session, and goes on once somebody has confirmed that.
    case confirm(Confirmation, then: () throws(CommandError) -> Verdict)
    /// Events are coming, and go on until somebody has seen enough.
    case events(EventFeed)

    /// It was done.
    package static var success: VerbOutcome { .done(.success) }
}

/// What a verb gets.
package struct VerbCall {
    /// The command line.
    package var parsed: ParsedCommand
    /// The values of its options.
    package var settings: Settings
    /// What it may use.
    package var world: VerbWorld

    /// Calls a verb.
    package init(parsed: ParsedCommand, settings: Settings, world: VerbWorld) {
        self.parsed = parsed
        self.settings = settings
        self.world = world
    }

    /// The value of an operand that must be given.
    func operand(_ name: String) -> String { parsed.operand(name) ?? "" }

    /// Asks the server, and shows its answer.
    func show(_ request: APIRequest, _ blocks: (JSONValue) -> [ResultBlock]) throws(CommandError) -> VerbOutcome {
        let answer = try world.api.call(request)
        try world.printer.show(answer.value) { blocks(answer.value) }
        return .success
    }
}

/// What verbs share.
package struct VerbWorld {
    /// Who is asked.
    package var api: APIClient
    /// Where results go.
    package var printer: ResultPrinter
    /// Reads a file, or standard input for `-`.
    package var read: (String) throws(CommandError) -> [UInt8]
    /// The next lines of standard input, as many as there are by now; `nil` at its end.
    package var lines: () throws(CommandError) -> [[UInt8]]?
    /// The wall clock.
    package var now: () -> Timestamp
    /// Waits; a signal ends the wait with an error of status 130.
    package var pause: (Duration) throws(CommandError) -> Void

    /// Gathers what verbs share.
    package init(
        api: APIClient, printer: ResultPrinter, read: @escaping (String) throws(CommandError) -> [UInt8],
        lines: @escaping () throws(CommandError) -> [[UInt8]]?,
        now: @escaping () -> Timestamp, pause: @escaping (Duration) throws(CommandError) -> Void
    ) {
        self.api = api
        self.printer = printer
        self.read = read
        self.lines = lines
        self.now = now
        self.pause = pause
    }
}
