package import CommandKit
import SessionBase
package import SessionClient
import SessionCodec
package import SessionIO
package import SessionTerminal

/// What the console is about to print above the line that is being typed.
package final class ConsolePage {
    var text = ""

    /// An empty page.
    package init() {}

    /// Adds text, already harmless to a terminal.
    package func write(_ text: String) { self.text += text }
}

/// The console with a person: verbs are typed, results and traces print above the line being typed.
///
/// One thread waits for everything: the terminal, signals, traces, the end of the server's connection, the time of the next
/// repetition. A verb's own request blocks it, at most its time-out, and Ctrl-C ends that.
package final class AdminConsole {
    /// What it does besides waiting for the person.
    package struct Options {
        /// Where the history is kept; `nil` keeps it in memory only.
        package var historyFile: HistoryFile?
        /// Colours.
        package var style = Style(isColored: false)
        /// Asks for the ids that Tab offers; its time-out is short.
        package var completionClient: APIClient

        /// Asks for ids with a client, and keeps no history.
        package init(completionClient: APIClient) { self.completionClient = completionClient }
    }

    /// Names the sources of events in the poller; traces count upwards from the last.
    private enum Token {
        static let input: UInt64 = 0
        static let signals: UInt64 = 1
        static let server: UInt64 = 2
        static let firstTrace: UInt64 = 3
    }

    /// The verb that is repeated.
    private struct Repetition {
        let line: String
        let interval: Duration
        var next: Instant
    }

    private static let prompt = "admin> "

    private var session: ConsoleSession
    private let page: ConsolePage
    private let style: Style
    private let signals: Signals
    private let editor: LineEditor
    private var poller: Poller
    private var traces = ConsoleTraces()
    private var presence = ServerPresence()
    private var repetition: Repetition?
    private var question: (confirmation: Confirmation, action: () throws(CommandError) -> Verdict)?
    private var verdict: Verdict?

    /// Prepares a session; nothing is shown yet.
    ///
    /// - Parameters:
    ///   - world: What verbs use; its printer writes on `page`, and its client is interrupted by `signals`.
    package init(
        _ world: VerbWorld, page: ConsolePage, signals: consuming Signals, _ options: Options
    ) throws(CommandError) {
        session = ConsoleSession(world)
        self.page = page
        style = options.style
        let cache = LiveIDCache(options.completionClient)
        let completion = ConsoleCompletion { cache.ids($0) }
        var configuration = LineEditor.Configuration()
        configuration.prompt = Self.prompt
        configuration.isComplete = { _ in true }
        configuration.complete = { completion.words(for: $0) }
        configuration.historyFile = options.historyFile
        editor = LineEditor(configuration: configuration)
        do throws(SystemError) {
            poller = try Poller()
            try poller.add(Descriptor.standardInput, token: Token.input, .readable)
            try poller.add(signals.descriptor, token: Token.signals, .readable)
        } catch {
            throw CommandError(.internal, error.description)
        }
        self.signals = signals
    }

    /// Greets the server and does what is typed until the person leaves.
    package func run() throws(CommandError) -> Verdict {
        say(try ConsoleGreeting.text(session.world.api))
        say("help lists the verbs, Tab completes, Ctrl-D leaves")
        editor.start()
        defer { editor.stop() }
        while verdict == nil {
            flush()
            try wait()
        }
        flush()
        return verdict ?? .success
    }

    // MARK: Waiting

    private func wait() throws(CommandError) {
        presence.watch(session.world.api, with: &poller, token: Token.server)
        let due = [repetition?.next, presence.nextLook].compactMap { $0 }.min()
        let count: Int
        do throws(SystemError) { count = try poller.wait(until: due, now: SystemClock.now()) } catch {
            throw CommandError(.internal, error.description)
        }
        for index in 0..<count {
            switch poller.token(at: index) {
            case Token.input: type()
            case Token.signals: while let signal = signals.next() { obey(signal) }
            case Token.server: presence.heard(session.world.api, at: SystemClock.now())
            case let token: traces.read(token - Token.firstTrace, isJSON: isJSON, onto: page) { self.complain($0) }
            }
        }
        let now = SystemClock.now()
        if presence.look(session.world.api, at: now) {
            say("the server has gone away; the next command connects again", as: .failure)
        }
        if let repetition, now >= repetition.next { play(repetition) }
    }

    private var isJSON: Bool { session.world.printer.form.isJSON }

    private func obey(_ signal: Signal) {
        switch signal {
        case .interrupt: interrupt()
        case .pause: editor.suspend()
        case .windowChanged:
            editor.resize()
            session.world.printer.form.width = Terminal.width(Descriptor.standardOutput)
        case .terminate, .hangup: verdict = .terminated
        case .user2: break
        }
    }

    /// Ctrl-C: clears the line, or else stops what runs; leaving is Ctrl-D's.
    private func interrupt() {
        if editor.interrupt() == .cleared { return }
        if let question {
            settleQuestion()
            complain(question.confirmation.abandoned)
        } else if repetition != nil {
            repetition = nil
            say("watch has stopped")
        } else if !traces.isEmpty {
            say(traces.end(nil))
        } else {
            say("Ctrl-D leaves")
        }
    }

    // MARK: The person

    private func type() {
        for event in editor.readInput() where verdict == nil {
            switch event {
            case .left: verdict = .success
            case .line(let line):
                if let question {
                    settleQuestion()
                    guard question.confirmation.isGiven(by: line) else {
                        complain(question.confirmation.abandoned)
                        continue
                    }
                    attempt { () throws(CommandError) in _ = try question.action() }
                } else {
                    attempt { () throws(CommandError) in try obey(line) }
                }
                flush()
            }
        }
    }

    private func settleQuestion() {
        question = nil
        editor.prompt = Self.prompt
    }

    /// Does something, and says where it failed; the console goes on.
    private func attempt(_ action: () throws(CommandError) -> Void) {
        let wasGone = presence.isGone
        do throws(CommandError) {
            try action()
            presence.isGone = false
            if wasGone { say("connected again") }
        } catch {
            if error.status == .interrupted { takeInterruption() }
            complain(error)
        }
        presence.hasAsked = true
    }

    /// The signal that ended a request has done its work, unless it asks for more.
    private func takeInterruption() {
        while let signal = signals.next() {
            if signal != .interrupt { obey(signal) }
        }
    }

    private func obey(_ line: String) throws(CommandError) {
        switch try ConsoleLine.parse(line) {
        case .nothing: break
        case .quit: verdict = .success
        case .help(let name): page.write(ConsoleHelp.text(of: name, style: session.world.printer.form.style))
        case .unwatch: repetition = nil
        case .untrace(let id): say(traces.end(id))
        case .watch(let interval, let line):
            repetition = Repetition(line: line, interval: interval, next: SystemClock.now())
        case .verb(let verb, let parsed): try run(verb, parsed)
        }
    }

    private func run(_ verb: Verb, _ parsed: ParsedCommand) throws(CommandError) {
        switch try session.run(verb, parsed) {
        case .done: break
        case .confirm(let confirmation, let action):
            question = (confirmation, action)
            editor.prompt = confirmation.question
        case .events(let feed):
            let place = traces.add(feed, parsed.operand("ID") ?? "")
            do throws(SystemError) {
                try poller.add(feed.stream.descriptor, token: Token.firstTrace + place, .readable)
            } catch {
                throw CommandError(.internal, error.description)
            }
            // What came with the answer's head will not make the descriptor readable.
            traces.read(place, isJSON: isJSON, onto: page) { self.complain($0) }
        }
    }

    private func play(_ repetition: Repetition) {
        // A person watches one screen; a program wants every answer.
        if !isJSON { page.write("\u{1B}[H\u{1B}[2J") }
        say("every \(repetition.interval.spelled): \(repetition.line)  (Ctrl-C stops it)")
        do throws(CommandError) {
            guard case .verb(let verb, let parsed) = try ConsoleLine.parse(repetition.line) else { return }
            guard case .done = try session.run(verb, parsed) else {
                throw .usage("watch repeats only what answers at once and needs no confirmation")
            }
            self.repetition?.next = SystemClock.now() + repetition.interval
        } catch {
            if error.status == .interrupted { takeInterruption() }
            self.repetition = nil
            complain(error)
        }
        presence.hasAsked = true
    }

    // MARK: Printing

    private func say(_ text: String, as role: Role = .notice) {
        page.write(style.paint("* " + Escaping.escaped(text), as: role) + "\n")
    }

    private func complain(_ error: CommandError) { say(error.message, as: .failure) }

    private func flush() {
        guard !page.text.isEmpty else { return }
        editor.printAbove(Array(page.text.utf8))
        page.text = ""
    }
}
