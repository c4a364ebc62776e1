internal import CReadline
internal import Glibc

/// The line a person is typing, edited by GNU readline through its callback interface.
///
/// The event loop owns the process: it calls ``readInput()`` when the terminal is readable, ``interrupt()``, ``resize()``
/// and ``suspend()`` when the matching signal arrived, and ``printAbove(_:)`` when there is something to show. Readline
/// never waits, never handles a signal and never reads a file name.
///
/// This is the only file that imports readline. There is one readline in a process, so there is at most one started
/// editor, and it lives on the thread that started it.
package final class LineEditor {
    /// What the person did.
    package enum Event: Equatable {
        /// Finished a message, whose lines are joined by line feeds.
        case line(String)
        /// Left, by Ctrl-D on an empty line or because the terminal is gone.
        case left
    }

    /// What a press of Ctrl-C meant.
    package enum InterruptAction: Equatable {
        /// There was something typed; it was thrown away.
        case cleared
        /// There was nothing typed: the person wants to leave.
        case leave
    }

    /// What is asked of a completion: what stands before the cursor.
    package struct CompletionRequest: Equatable {
        /// Everything typed before the word, earlier lines of the same message included.
        package var before: String
        /// The word being typed; it starts after white space or one of `{ } [ ] , :`.
        package var word: String

        /// Asks for the words that `word` may become after `before`.
        package init(before: String, word: String) {
            self.before = before
            self.word = word
        }
    }

    /// What an editor is made of.
    package struct Configuration {
        /// Shown before the first line of a message.
        package var prompt = "> "
        /// Shown before its other lines, as wide as the first.
        package var continuationPrompt = ". "
        /// Whether a text is a whole message; otherwise another line is asked for.
        package var isComplete: (String) -> Bool = { !OpenBraces.areLeft(in: $0) }
        /// Returns the whole words that the word being typed may become.
        package var complete: (CompletionRequest) -> [String] = { _ in [] }
        /// Keeps the history between runs; `nil` keeps it in memory only.
        package var historyFile: HistoryFile?

        /// Describes an editor without completion whose history is kept in memory only.
        package init() {}
    }

    private let configuration: Configuration
    private let inputDescriptor: Int32
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>
    private var history: History
    private var earlierLines: [String] = []
    private var events: [Event] = []
    private var isStarted = false
    /// What stands before the first line of a message, such as a question; shown at once.
    package var prompt: String {
        didSet {
            guard isStarted, earlierLines.isEmpty else { return }
            rl_clear_visible_line()
            rl_set_prompt(prompt)
            rl_forced_update_display()
        }
    }

    /// The started editor, which readline's context-free callbacks belong to.
    ///
    /// Safe because ``start()``, ``stop()`` and the callbacks, which run inside ``readInput()``, are all called on the
    /// one thread that runs the client's event loop.
    nonisolated(unsafe) private static var current: LineEditor?

    /// Prepares an editor for a terminal; nothing is shown yet.
    ///
    /// - Parameters:
    ///   - inputDescriptor: The terminal that is read.
    ///   - outputDescriptor: The terminal that is drawn on.
    ///   - configuration: Prompts, completion and history.
    package init(inputDescriptor: Int32 = 0, outputDescriptor: Int32 = 1, configuration: Configuration) {
        guard let input = fdopen(dup(inputDescriptor), "r"), let output = fdopen(dup(outputDescriptor), "w") else {
            preconditionFailure("the terminal's descriptors are not open")
        }
        self.configuration = configuration
        prompt = configuration.prompt
        self.inputDescriptor = inputDescriptor
        self.input = input
        self.output = output
        history = configuration.historyFile?.load() ?? History()
    }

    deinit {
        stop()
        fclose(input)
        fclose(output)
    }

    /// Shows the prompt and takes the terminal over.
    package func start() {
        precondition(Self.current == nil, "two line editors on one readline")
        Self.current = self
        isStarted = true
        readline_choose_utf8()
        readline_prepare(input, output)
        readline_set_completion { _, start, end in LineEditor.current?.matches(from: start, to: end) }
        clear_history()
        for line in history.lines { add_history(line) }
        installHandler()
    }

    /// Gives the terminal back as it was, without the line that nobody will finish. Starting again is allowed.
    package func stop() {
        guard isStarted else { return }
        rl_clear_visible_line()
        fflush(output)
        release()
    }

    private func release() {
        rl_callback_handler_remove()
        Self.current = nil
        isStarted = false
    }

    /// Reads what was typed and returns what it meant; called when the terminal is readable.
    package func readInput() -> [Event] {
        var bytesLeft = 4096  // A large paste must not keep the network waiting.
        while isStarted && bytesLeft > 0 && isReadable {
            rl_callback_read_char()
            bytesLeft -= 1
        }
        defer { events = [] }
        return events
    }

    /// Prints text above the line being typed, which stays as it is, cursor included.
    ///
    /// - Parameter text: Whole lines, already escaped; a last line feed is added where it is missing.
    package func printAbove(_ text: [UInt8]) {
        guard !text.isEmpty else { return }
        if isStarted { rl_clear_visible_line() }
        fwrite(text, 1, text.count, output)
        if text.last != UInt8(ascii: "\n") { fputc(0x0A, output) }
        if isStarted { rl_forced_update_display() }
        fflush(output)
    }

    /// Clears what is typed, as Ctrl-C asks for, or says that there was nothing to clear.
    package func interrupt() -> InterruptAction {
        guard isStarted, readline_line_length() > 0 || !earlierLines.isEmpty else { return .leave }
        earlierLines = []
        rl_clear_visible_line()
        readline_abandon_line()
        // Installing the handler again resets what readline knows about the screen as well.
        rl_callback_handler_remove()
        installHandler()
        return .cleared
    }

    /// Takes over the terminal's new size, as SIGWINCH asks for.
    package func resize() {
        if isStarted { rl_resize_terminal() }
    }

    /// Gives the terminal back, stops the process as Ctrl-Z asks for, and draws the line again once it goes on.
    package func suspend() {
        guard isStarted else { return }
        rl_clear_visible_line()
        fflush(output)
        rl_deprep_terminal()
        raise(SIGSTOP)
        rl_prep_terminal(1)
        rl_forced_update_display()
    }

    private var isReadable: Bool {
        var entry = pollfd(fd: inputDescriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    private func installHandler() {
        rl_callback_handler_install(prompt) { LineEditor.current?.finishLine($0) }
    }

    // MARK: Callbacks

    /// Takes a finished line from readline, which allocated it; `nil` is the end of input.
    private func finishLine(_ line: UnsafeMutablePointer<CChar>?) {
        guard let line else {
            events.append(.left)
            release()
            return
        }
        let text = String(cString: line)
        free(line)
        earlierLines.append(text)
        let message = earlierLines.joined(separator: "\n")
        // An empty further line sends what is there: broken JSON must be sendable too.
        guard configuration.isComplete(message) || (text.isEmpty && earlierLines.count > 1) else {
            rl_set_prompt(configuration.continuationPrompt)
            return
        }
        earlierLines = []
        rl_set_prompt(prompt)
        if case .keep(let kept) = history.add(message) {
            add_history(kept)
            configuration.historyFile?.append(kept)
        }
        events.append(.line(message))
    }

    /// Returns readline's array of matches: the common prefix, then every candidate, then null; all of it from `malloc`.
    private func matches(
        from start: CInt, to end: CInt
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
        readline_complete_words_only()
        let line = Array(String(cString: readline_line()).utf8)
        guard start >= 0, start <= end, Int(end) <= line.count else { return nil }
        let before = (earlierLines + [String(decoding: line[..<Int(start)], as: UTF8.self)]).joined(separator: "\n")
        let word = String(decoding: line[Int(start)..<Int(end)], as: UTF8.self)
        let words = configuration.complete(CompletionRequest(before: before, word: word)).filter { $0.hasPrefix(word) }
        guard let first = words.first else { return nil }
        let prefix = words.dropFirst().reduce(first) { Self.commonPrefix($0, $1) }
        let entries = words.count == 1 ? [first] : [prefix] + words
        let array = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>(
            OpaquePointer(calloc(entries.count + 1, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)))
        for (index, entry) in entries.enumerated() { array?[index] = strdup(entry) }
        return array
    }

    private static func commonPrefix(_ left: String, _ right: String) -> String {
        String(zip(left, right).prefix { $0 == $1 }.map(\.0))
    }
}
