import CommandKit
import SessionBase
import SessionBench
import SessionIO
import SessionTerminal

/// The progress of runs on standard error: one line rewritten in place on a terminal, a line a second elsewhere where
/// that was asked for, or nothing.
///
/// The cursor stays visible at the end of the line, so that there is nothing to restore whatever ends the program.
final class BenchProgress {
    private enum Form { case none, live, plain }

    /// How long a line stands at least while connections are opened.
    private static let pause = Duration.milliseconds(100)
    /// The width where the terminal does not tell.
    private static let usualColumns = 80
    /// Erases from the cursor to the end of the line (ECMA-48 §8.3.41).
    private static let eraseRest = "\u{1b}[K"

    private let errors: Output
    private let form: Form
    private let isQuiet: Bool
    private var line: ProgressLine?
    private var title = ""
    private var isShown = false
    private var shownAt = Instant.zero

    init(_ settings: Settings, _ context: CommandContext) {
        errors = context.errors
        isQuiet = settings[ClientOptions.quiet]
        let isTerminal = errors.isTerminal && context.environment("TERM") != "dumb"
        switch settings[BenchOptions.progress] {
        case .never: form = .none
        case _ where settings[ClientOptions.quiet]: form = .none
        case .auto: form = isTerminal ? .live : .none
        case .always: form = isTerminal ? .live : .plain
        }
    }

    /// Begins a run; the title stands before each of its lines.
    func begin(_ plan: LoadPlan, title: String) {
        line = ProgressLine(plan: plan)
        self.title = title.isEmpty ? "" : title + "  "
    }

    /// Shows what happened.
    func handle(_ event: RunEvent) throws(CommandError) {
        switch event {
        case .opening(let open, let failed):
            line?.opened(open, failed: failed)
            let now = SystemClock.now()
            guard form == .live, now - shownAt >= Self.pause else { return }
            shownAt = now
            try show()
        case .started: if form == .plain { try show() }
        case .second(let interval):
            line?.add(interval)
            try show()
        case .measuring, .measured: break
        }
    }

    /// Erases the line, so that what follows begins at the left.
    func end() throws(CommandError) {
        guard isShown else { return }
        isShown = false
        try errors.write("\r" + Self.eraseRest)
    }

    /// Writes a remark on a line of its own, unless none is wanted.
    func remark(_ text: String) throws(CommandError) {
        try end()
        if !isQuiet { try errors.write(text + "\n") }
    }

    private func show() throws(CommandError) {
        guard let line else { return }
        switch form {
        case .none: break
        case .plain: try errors.write(title + line.plainLine + "\n")
        case .live:
            // The last column stays free: some terminals wrap when it is written.
            let columns = (Terminal.width(Descriptor.standardError) ?? Self.usualColumns) - 1 - title.count
            try errors.write("\r" + title + line.line(columns: columns) + Self.eraseRest)
            isShown = true
        }
    }
}
