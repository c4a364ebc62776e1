/// One place of a terminal: what stands there, and in which colours.
package struct Cell: Equatable, Sendable {
    /// What stands in a cell.
    package enum Glyph: Equatable, Sendable {
        /// Nothing.
        case blank
        /// A character.
        case character(Character)
        /// Up to eight dots in two columns, as Unicode's braille patterns number them.
        case dots(UInt8)
        /// The right half of the wide character to the left.
        case covered
    }

    /// What stands there.
    package var glyph = Glyph.blank
    /// Its colour; `nil` is the terminal's own.
    package var foreground: CellColor?
    /// The colour behind it; `nil` is the terminal's own.
    package var background: CellColor?
    /// Whether it is bold.
    package var isBold = false
    /// Whether both colours are exchanged.
    package var isInverse = false

    /// An empty cell.
    package init() {}

    /// What a terminal is sent for it; nothing for the half that its left neighbour has shown.
    var text: String {
        switch glyph {
        case .blank: " "
        case .character(let character): String(character)
        case .dots(let dots): String(UnicodeScalar(0x2800 + UInt32(dots)).map(Character.init) ?? " ")
        case .covered: ""
        }
    }
}

/// How a piece of text looks.
package struct CellStyle: Equatable, Sendable {
    /// Its colour; `nil` is the terminal's own.
    package var foreground: CellColor?
    /// The colour behind it; `nil` leaves what is there.
    package var background: CellColor?
    /// Whether it is bold.
    package var isBold = false
    /// Whether both colours are exchanged.
    package var isInverse = false

    /// The terminal's own look.
    package init(
        foreground: CellColor? = nil, background: CellColor? = nil, isBold: Bool = false, isInverse: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.isBold = isBold
        self.isInverse = isInverse
    }
}

/// A picture of cells, drawn by writing over what is there; what lies outside is cut off.
///
/// Control characters must have been escaped before they come here (``Escaping``).
package struct CellGrid: Equatable, Sendable {
    /// Cells of a row.
    package let columns: Int
    /// Rows.
    package let rows: Int
    /// Row by row from the top.
    private var cells: [Cell]

    /// An empty picture.
    package init(columns: Int, rows: Int) {
        self.columns = max(columns, 0)
        self.rows = max(rows, 0)
        cells = [Cell](repeating: Cell(), count: self.columns * self.rows)
    }

    /// Whether there is such a cell.
    package func contains(column: Int, row: Int) -> Bool {
        (0..<columns).contains(column) && (0..<rows).contains(row)
    }

    /// The cell at a place that exists.
    package subscript(column: Int, row: Int) -> Cell { cells[row * columns + column] }

    // MARK: Writing

    /// Writes a character; a wide one takes the cell to the right too, and what is cut in halves becomes blank.
    package mutating func put(_ character: Character, column: Int, row: Int, _ style: CellStyle = CellStyle()) {
        let width = CharacterWidth.columns(of: character)
        guard width > 0, contains(column: column, row: row), contains(column: column + width - 1, row: row) else {
            return
        }
        set(.character(character), column: column, row: row, style)
        if width == 2 { set(.covered, column: column + 1, row: row, style) }
    }

    /// Writes a text from a cell to the right.
    ///
    /// - Parameter limit: Columns it may take; what is longer ends in an ellipsis, or in `~` where the text is ASCII.
    package mutating func write(
        _ text: some StringProtocol, column: Int, row: Int, limit: Int = .max, ellipsis: Character = "…",
        _ style: CellStyle = CellStyle()
    ) {
        let room = min(limit, columns - column)
        guard room > 0 else { return }
        let isCut = CharacterWidth.columns(of: text) > room
        var place = column
        for character in text {
            let width = CharacterWidth.columns(of: character)
            if isCut, place + width > column + room - 1 { break }
            put(character, column: place, row: row, style)
            place += width
        }
        if isCut { put(ellipsis, column: place, row: row, style) }
    }

    /// Blanks a cell, and gives it a background.
    package mutating func fill(column: Int, row: Int, _ background: CellColor?) {
        guard contains(column: column, row: row) else { return }
        separate(column: column, row: row)
        var cell = Cell()
        cell.background = background
        cells[row * columns + column] = cell
    }

    /// Sets one of the dots of which a cell has two columns and four rows; dots that are there stay.
    ///
    /// - Parameters:
    ///   - x: Counted in dots from the left edge.
    ///   - y: Counted in dots from the top.
    package mutating func plot(x: Int, y: Int, _ color: CellColor?) {
        let (column, row) = (x >> 1, y >> 2)
        guard contains(column: column, row: row) else { return }
        var dots: UInt8 = 0
        if case .dots(let there) = self[column, row].glyph { dots = there }
        set(
            .dots(dots | Self.dotBits[(y & 3) * 2 + (x & 1)]), column: column, row: row, CellStyle(foreground: color))
    }

    /// The bits of the dots of a cell, row by row (Unicode §21.1, *Braille Patterns*).
    private static let dotBits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

    private mutating func set(_ glyph: Cell.Glyph, column: Int, row: Int, _ style: CellStyle) {
        if glyph != .covered { separate(column: column, row: row) }
        if glyph == .covered { separate(right: column, row: row) }
        var cell = cells[row * columns + column]
        cell.glyph = glyph
        cell.foreground = style.foreground
        cell.background = style.background ?? cell.background
        cell.isBold = style.isBold
        cell.isInverse = style.isInverse
        cells[row * columns + column] = cell
    }

    /// Blanks the other half of a wide character of which one cell is about to be written over.
    private mutating func separate(column: Int, row: Int) {
        if self[column, row].glyph == .covered, column > 0 { cells[row * columns + column - 1].glyph = .blank }
        separate(right: column, row: row)
    }

    private mutating func separate(right column: Int, row: Int) {
        guard column + 1 < columns, self[column + 1, row].glyph == .covered else { return }
        cells[row * columns + column + 1].glyph = .blank
    }
}

extension CellGrid {
    /// The same picture with empty rows below it.
    package func extended(by count: Int) -> CellGrid {
        var grid = CellGrid(columns: columns, rows: rows + count)
        for place in cells.indices { grid.cells[place] = cells[place] }
        return grid
    }
}

extension ClosedRange<Int> {
    /// The part of a range of columns or rows that is among the first `count`.
    package func visible(of count: Int) -> Range<Int> {
        let start = Swift.max(lowerBound, 0)
        return start..<Swift.max(start, Swift.min(upperBound + 1, count))
    }
}
