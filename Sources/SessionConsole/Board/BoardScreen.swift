package import CommandKit
package import SessionBase
package import SessionCodec
package import SessionTerminal

/// A board on a terminal that it has for itself: pictures, of which only what changed is sent, and remarks for a while.
package final class BoardScreen {
    /// Takes text to the terminal.
    package typealias Sink = (String) throws(CommandError) -> Void

    private let screen: FullScreen
    private let depth: ColorDepth
    private let output: Sink
    private var picture: BoardPicture
    private var shown: CellGrid?
    private var pace = RedrawPace()
    private var remark: (text: String, until: Instant)?

    /// How long a remark stands in the place of the line about the room.
    private static let remarkDuration = Duration.seconds(4)

    /// Prepares a screen; nothing is shown yet.
    package init(_ screen: FullScreen, _ picture: BoardPicture, _ depth: ColorDepth, output: @escaping Sink) {
        self.screen = screen
        self.picture = picture
        self.depth = depth
        self.output = output
    }

    /// Whether the terminal is taken over.
    package var isEntered: Bool { screen.isEntered }
    /// Whether keys can be pressed.
    package var hasKeys: Bool { screen.hasKeys }
    /// When ``tick(_:at:)`` must be called.
    package var deadline: Instant? { [pace.deadline, remark?.until].compactMap { $0 }.min() }

    /// Takes the terminal over.
    package func enter() throws(CommandError) {
        try output(screen.enter())
        shown = nil
        pace.changed()
    }

    /// Gives the terminal back as it was; more than once does no harm.
    package func leave() throws(CommandError) {
        if screen.isEntered { try output(screen.leave()) }
    }

    /// Records that the board has changed.
    package func changed() { pace.changed() }

    /// Takes over the terminal's new size, as SIGWINCH asks for.
    package func resized() {
        shown = nil
        pace.changed()
    }

    /// Gives the terminal back, stops the process as Ctrl-Z asks for, and draws the board again once it goes on.
    package func stop() throws(CommandError) {
        try leave()
        screen.stop()
        try enter()
    }

    /// Says something below the board.
    package func say(_ text: String, at now: Instant) {
        remark = (text, now + Self.remarkDuration)
        pace.changed()
    }

    /// Says a line that was meant for standard error.
    package func say(_ line: [UInt8], at now: Instant) {
        say(String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self), at: now)
    }

    /// Whether a key was pressed that leaves: q, or Ctrl-D.
    package func wantsToLeave() -> Bool {
        screen.keys().contains { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") || $0 == 4 }
    }

    /// Draws the board where that is due.
    package func tick(_ board: BoardReplica, at now: Instant) throws(CommandError) {
        if let remark, now >= remark.until {
            self.remark = nil
            pace.changed()
        }
        guard pace.isDue(at: now) else { return }
        let (columns, rows) = screen.size
        guard columns > 0, rows > 0 else { return }
        let grid = picture.draw(board, remark: remark?.text, columns: columns, rows: rows)
        let text = grid.update(from: shown, depth)
        shown = grid
        if !text.isEmpty { try output(text) }
    }
}
