/// What a person would see on a terminal, rebuilt from the bytes that were written to it.
///
/// Knows what GNU readline uses of an xterm: printing with automatic wrapping, carriage return, line feed, backspace,
/// cursor movement, erasing, inserting and deleting. Rows that scroll off the top are kept in ``rows``. On the alternate
/// screen, which has no such rows, the cursor can be sent to a place.
package struct Screen {
    /// Every row from the first one ever written, without trailing spaces.
    package var rows: [String] { cells.map { Self.trimmed($0) } }
    /// Index into ``rows`` of the row the cursor is in.
    package private(set) var cursorRow = 0
    /// The column the cursor is in, 0 for the first.
    package private(set) var cursorColumn = 0
    /// Columns in a row.
    package let width: Int

    /// Whether the alternate screen is shown, and what ``rows`` holds is that.
    package var isAlternate: Bool { main != nil }
    /// Whether the cursor can be seen.
    package private(set) var isCursorVisible = true

    private var cells: [[Character]] = [[]]
    /// The main screen while the alternate one is shown.
    private var main: (cells: [[Character]], row: Int, column: Int)?
    private var escape: [UInt8]?
    private var partial: [UInt8] = []

    /// Makes an empty screen of the given width.
    package init(width: Int) { self.width = width }

    /// Takes over what was written to the terminal.
    package mutating func write(_ bytes: [UInt8]) {
        for byte in bytes { write(byte) }
    }

    private mutating func write(_ byte: UInt8) {
        if escape != nil { return writeEscape(byte) }
        switch byte {
        case 0x1B: escape = []
        case 0x0D: cursorColumn = 0
        case 0x0A: moveDown(1)
        case 0x08: cursorColumn = max(min(cursorColumn, width - 1) - 1, 0)
        case 0x00..<0x20: break
        default: writeText(byte)
        }
    }

    private mutating func writeText(_ byte: UInt8) {
        partial.append(byte)
        guard let text = String(validating: partial, as: UTF8.self) else { return }
        partial = []
        for character in text { put(character) }
    }

    private mutating func put(_ character: Character) {
        if cursorColumn == width {
            cursorColumn = 0
            moveDown(1)
        }
        fill(through: cursorColumn)
        cells[cursorRow][cursorColumn] = character
        cursorColumn += 1
    }

    private mutating func writeEscape(_ byte: UInt8) {
        escape?.append(byte)
        guard let sequence = escape else { return }
        if sequence.first != UInt8(ascii: "[") {
            escape = nil
        } else if sequence.count > 1 && (0x40...0x7E).contains(byte) {
            escape = nil
            obey(final: byte, parameters: String(decoding: sequence[1..<sequence.count - 1], as: UTF8.self))
        }
    }

    private mutating func obey(final: UInt8, parameters: String) {
        let number = Int(parameters.split(separator: ";").first ?? "") ?? 0
        let count = max(number, 1)
        switch Character(Unicode.Scalar(final)) {
        case "A": cursorRow = max(cursorRow - count, 0)
        case "B": moveDown(count)
        case "C": cursorColumn = min(cursorColumn + count, width - 1)
        case "D": cursorColumn = max(min(cursorColumn, width - 1) - count, 0)
        case "G": cursorColumn = count - 1
        case "K": eraseLine(number)
        case "H":
            let places = parameters.split(separator: ";").map { Int($0) ?? 1 }
            cursorRow = 0
            moveDown((places.first ?? 1) - 1)
            cursorColumn = (places.count > 1 ? places[1] : 1) - 1
        case "J" where number == 2: cells = cells.map { _ in [] }
        case "J": eraseBelow()
        case "h" where parameters == "?1049": enterAlternate()
        case "l" where parameters == "?1049": leaveAlternate()
        case "h" where parameters == "?25": isCursorVisible = true
        case "l" where parameters == "?25": isCursorVisible = false
        case "@":
            fill(through: cursorColumn)
            cells[cursorRow].insert(contentsOf: Array(repeating: " ", count: count), at: cursorColumn)
            cells[cursorRow] = Array(cells[cursorRow].prefix(width))
        case "P":
            let end = min(cursorColumn + count, cells[cursorRow].count)
            if cursorColumn < end { cells[cursorRow].removeSubrange(cursorColumn..<end) }
        default: break
        }
    }

    private mutating func enterAlternate() {
        main = (cells, cursorRow, cursorColumn)
        (cells, cursorRow, cursorColumn) = ([[]], 0, 0)
    }

    private mutating func leaveAlternate() {
        guard let main else { return }
        (cells, cursorRow, cursorColumn) = main
        self.main = nil
    }

    private mutating func eraseLine(_ mode: Int) {
        if mode == 2 {
            cells[cursorRow] = []
        } else if cells[cursorRow].count > cursorColumn {
            cells[cursorRow].removeSubrange(cursorColumn...)
        }
    }

    private mutating func eraseBelow() {
        eraseLine(0)
        for row in cursorRow + 1..<max(cells.count, cursorRow + 1) { cells[row] = [] }
    }

    private mutating func moveDown(_ count: Int) {
        cursorRow += count
        while cells.count <= cursorRow { cells.append([]) }
    }

    private mutating func fill(through column: Int) {
        while cells[cursorRow].count <= column { cells[cursorRow].append(" ") }
    }

    private static func trimmed(_ cells: [Character]) -> String {
        String(cells[..<(cells.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0)])
    }
}
