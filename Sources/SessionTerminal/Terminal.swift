internal import Glibc

/// Questions about the terminal behind a file descriptor.
package enum Terminal {
    /// Whether the descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The width of the terminal in columns, or `nil` where the descriptor is none or does not know.
    package static func width(_ descriptor: Int32) -> Int? { size(descriptor)?.columns }

    /// The size of the terminal, or `nil` where the descriptor is none or does not know.
    package static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
