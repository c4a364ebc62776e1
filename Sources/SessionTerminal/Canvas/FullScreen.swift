internal import Glibc

/// A terminal that one program has for itself: the alternate screen without a cursor, keys unechoed and one by one.
///
/// Signals stay as they are, so that Ctrl-C interrupts. Whoever enters must leave, whatever ends the program: the terminal
/// does not forget.
package final class FullScreen {
    private let input: Int32
    private let descriptor: Int32
    private var saved: termios?
    /// Whether the terminal is taken over.
    package private(set) var isEntered = false

    /// The alternate screen (xterm, mode 1049) and an invisible cursor (DEC mode 25).
    private static let enterSequence = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J"
    private static let leaveSequence = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

    /// Prepares to take a terminal over.
    ///
    /// - Parameters:
    ///   - input: Where keys come from; one that is no terminal has none.
    ///   - descriptor: The terminal that is drawn on, for its size.
    package init(input: Int32, descriptor: Int32) {
        self.input = input
        self.descriptor = descriptor
    }

    /// Columns and rows; the usual 80 and 24 where the terminal does not tell.
    package var size: (columns: Int, rows: Int) {
        Terminal.size(descriptor) ?? (80, 24)
    }

    /// Takes the terminal over.
    ///
    /// - Returns: What must be written to it.
    package func enter() -> String {
        var settings = termios()
        if tcgetattr(input, &settings) == 0 {
            saved = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            tcsetattr(input, TCSADRAIN, &settings)
        }
        isEntered = true
        return Self.enterSequence
    }

    /// Gives the terminal back as it was.
    ///
    /// - Returns: What must be written to it.
    package func leave() -> String {
        if var saved { tcsetattr(input, TCSADRAIN, &saved) }
        saved = nil
        isEntered = false
        return Self.leaveSequence
    }

    /// Stops the process, as Ctrl-Z asks for, until somebody lets it go on.
    package func stop() { raise(SIGSTOP) }

    /// The keys that were pressed, as bytes; nothing where there are none, or no terminal.
    package func keys() -> [UInt8] {
        guard saved != nil else { return [] }
        var entry = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(input, &bytes, bytes.count)
        return Array(bytes.prefix(max(count, 0)))
    }

    /// Whether keys can be pressed at all.
    package var hasKeys: Bool { isatty(input) == 1 }
}
