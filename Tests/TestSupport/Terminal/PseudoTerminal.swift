internal import Glibc

/// A terminal without a person: the test holds the keyboard and the screen.
package final class PseudoTerminal {
    /// The person's end.
    package let master: Int32
    /// The program's end.
    package let slave: Int32
    /// The path of the program's end, for a process that opens it as its controlling terminal.
    package let slavePath: String
    /// What the person sees.
    package private(set) var screen: Screen
    /// Everything that was written to the terminal.
    package private(set) var written: [UInt8] = []

    /// `TIOCSPTLCK` and `TIOCGPTN` of `asm-generic/ioctls.h`.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// Opens a terminal of the given size.
    package init(columns: Int = 80, rows: Int = 24) {
        // Glibc's wrappers (posix_openpt and its like) are hidden from Swift; these are the requests they make.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: CInt = 0
        var number: CInt = 0
        precondition(
            master >= 0 && ioctl(master, Self.setLock, &isLocked) == 0 && ioctl(master, Self.getNumber, &number) == 0,
            "no pseudo-terminal to be had")
        slavePath = "/dev/pts/\(number)"
        slave = open(slavePath, O_RDWR | O_NOCTTY)
        screen = Screen(width: columns)
        resize(columns: columns, rows: rows)
    }

    /// Makes the terminal another size, of which the programs on it are told; what is shown keeps its lines.
    package func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    }

    deinit {
        close(master)
        close(slave)
    }

    /// Whether the terminal itself shows what is typed: while nobody edits lines on it.
    package var isEchoing: Bool {
        var settings = termios()
        return tcgetattr(slave, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Types text, control characters included.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        let count = Glibc.write(master, bytes, bytes.count)
        precondition(count == bytes.count, "the keyboard is stuck")
    }

    /// Shows what the program wrote so far.
    ///
    /// - Parameter milliseconds: How long to wait for the first byte.
    /// - Returns: Whether anything was written.
    @discardableResult
    package func show(waiting milliseconds: Int32 = 0) -> Bool {
        var isAnything = false
        var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, isAnything ? 0 : milliseconds) > 0 {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(master, &chunk, chunk.count)
            guard count > 0 else { break }
            isAnything = true
            written.append(contentsOf: chunk[..<count])
            screen.write(Array(chunk[..<count]))
        }
        return isAnything
    }
}
