package import CommandKit
import SessionClient
import SessionCodec
import SessionIO

/// The console without a person: lines of `-c`, of a file or of a pipe, one after the other.
///
/// The first line that fails ends the script with its status, unless it was told to keep going; then the first failure's
/// status is what it ends with.
package struct ConsoleScript {
    private let session: ConsoleSession
    private let keepsGoing: Bool
    /// Says what failed, with the name of the line before it.
    private let complain: (String) throws(CommandError) -> Void

    /// Prepares to run lines.
    package init(
        _ world: VerbWorld, keepsGoing: Bool, complain: @escaping (String) throws(CommandError) -> Void
    ) {
        session = ConsoleSession(world)
        self.keepsGoing = keepsGoing
        self.complain = complain
    }

    /// One line and what messages call it.
    package struct Line: Equatable, Sendable {
        /// The text.
        package var text: String
        /// `-c` or `line 3 of FILE`.
        package var name: String

        /// Names a line.
        package init(_ text: String, name: String) {
            self.text = text
            self.name = name
        }
    }

    /// The lines of a file or pipe.
    package static func lines(of text: String, name: String) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            Line(String(line), name: "line \(index + 1) of \(name)")
        }
    }

    /// Runs lines until one fails or asks to leave.
    package func play(_ lines: [Line]) throws(CommandError) -> ExitStatus {
        var status = ExitStatus.success
        for line in lines {
            do throws(CommandError) {
                guard let next = try play(line.text) else { break }
                if status == .success { status = next }
            } catch {
                if error.status == .interrupted { throw error }
                if status == .success { status = error.status }
                try complain("\(line.name): \(error.message)")
                guard keepsGoing else { return status }
            }
        }
        return status
    }

    /// Runs one line; `nil` where it asks to leave.
    private func play(_ line: String) throws(CommandError) -> ExitStatus? {
        switch try ConsoleLine.parse(line) {
        case .nothing, .unwatch, .untrace: return .success
        case .quit: return nil
        case .help(let name):
            let text = ConsoleHelp.text(of: name, style: session.world.printer.form.style)
            try session.world.printer.show(.string(text)) { [.lines(text.split(separator: "\n").map(String.init))] }
            return .success
        case .verb(let verb, let parsed): return ExitStatus(try play(verb, parsed))
        case .watch(let interval, let line): try watch(line, every: interval)
        }
        return .success
    }

    private func play(_ verb: Verb, _ parsed: ParsedCommand) throws(CommandError) -> Verdict {
        switch try session.run(verb, parsed) {
        case .done(let verdict): return verdict
        case .confirm(let confirmation, _): throw confirmation.refusal
        case .events(let feed):
            var printer = session.world.printer
            let settings = try session.settings(parsed)
            if settings[APIOptions.json] { printer.form.isJSON = true }
            var run = FeedRun(feed, settings, printer)
            return try run.play()
        }
    }

    /// Repeats a line until it fails or a signal comes.
    private func watch(_ line: String, every interval: Duration) throws(CommandError) {
        while true {
            _ = try play(line)
            try session.world.pause(interval)
        }
    }
}
