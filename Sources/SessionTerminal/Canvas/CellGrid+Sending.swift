/// A picture as a terminal is told it: whole lines, or only what has changed since the last one.
extension CellGrid {
    /// The rows as lines of text; blanks at their ends are left out unless they have a colour.
    package func lines(_ depth: ColorDepth) -> [String] {
        (0..<rows).map { row in
            let end = (0..<columns).last { !isEmpty(self[$0, row], depth) }
            var pen = Pen(depth)
            for column in 0..<(end.map { $0 + 1 } ?? 0) { pen.draw(self[column, row]) }
            return pen.finished()
        }
    }

    /// What draws this picture over another one that is on the screen, whose first row is the screen's.
    ///
    /// - Parameter previous: `nil` where the screen is cleared, or of another size.
    package func update(from previous: CellGrid?, _ depth: ColorDepth) -> String {
        let old = previous.flatMap { $0.columns == columns && $0.rows == rows ? $0 : nil }
        var pen = Pen(depth)
        if old == nil { pen.clear() }
        for row in 0..<rows {
            var isFollowing = false
            for column in 0..<columns {
                let cell = self[column, row]
                guard cell != (old.map { $0[column, row] } ?? Cell()) else {
                    isFollowing = false
                    continue
                }
                // The left half brings the right one along, and says by itself where it stands.
                if cell.glyph == .covered { continue }
                if !isFollowing { pen.move(column: column, row: row) }
                pen.draw(cell)
                // Terminals disagree on how wide some characters are: behind those the place is said anew.
                isFollowing = !isUncertain(cell)
            }
        }
        return pen.finished()
    }

    private func isEmpty(_ cell: Cell, _ depth: ColorDepth) -> Bool {
        guard cell.glyph == .blank else { return false }
        return !cell.isInverse && (cell.background == nil || depth == .none)
    }

    private func isUncertain(_ cell: Cell) -> Bool {
        guard case .character(let character) = cell.glyph, let scalar = character.unicodeScalars.first else {
            return false
        }
        return scalar.value >= 0x300 && !(0x2500...0x25FF).contains(scalar.value)
    }
}

/// Writes cells and remembers which rendition is set, so that it is told once.
private struct Pen {
    private var text = ""
    private var look: Look?
    private let depth: ColorDepth

    private struct Look: Equatable {
        var foreground: CellColor?
        var background: CellColor?
        var isBold: Bool
        var isInverse: Bool

        init(_ cell: Cell, _ depth: ColorDepth) {
            // Who refuses colours wants plain text; a blank has no colour of its own.
            guard depth != .none else {
                (isBold, isInverse) = (false, false)
                return
            }
            foreground = cell.glyph == .blank ? nil : cell.foreground
            background = cell.background
            isBold = cell.isBold
            isInverse = cell.isInverse
        }

        var isPlain: Bool { foreground == nil && background == nil && !isBold && !isInverse }
    }

    init(_ depth: ColorDepth) { self.depth = depth }

    /// Erases the whole screen (ECMA-48 §8.3.39).
    mutating func clear() { text += "\u{1b}[0m\u{1b}[2J" }

    /// Goes to a cell; the screen counts from 1 (ECMA-48 §8.3.21).
    mutating func move(column: Int, row: Int) { text += "\u{1b}[\(row + 1);\(column + 1)H" }

    mutating func draw(_ cell: Cell) {
        let wanted = Look(cell, depth)
        if wanted != look, look != nil || !wanted.isPlain {
            text += "\u{1b}[" + parameters(wanted).joined(separator: ";") + "m"
            look = wanted
        }
        text += cell.text
    }

    private func parameters(_ look: Look) -> [String] {
        var parameters = ["0"]
        if look.isBold { parameters.append("1") }
        if look.isInverse { parameters.append("7") }
        if let color = look.foreground, let code = depth.parameters(of: color, isBackground: false) {
            parameters.append(code)
        }
        if let color = look.background, let code = depth.parameters(of: color, isBackground: true) {
            parameters.append(code)
        }
        return parameters
    }

    mutating func finished() -> String {
        if let look, !look.isPlain { text += "\u{1b}[0m" }
        return text
    }
}
