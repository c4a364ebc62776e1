package import SessionTerminal

/// The part of a board that a terminal shows: which point is in its upper left corner, and how much a column stands for.
///
/// A row stands for twice as much as a column, because cells are about twice as high as wide. The part follows what there is
/// to see, in steps: it stays as it is while everything is in it and takes up half of it at least, so that a cursor that
/// moves does not move the board.
package struct BoardViewport: Equatable, Sendable {
    /// The board's point in the upper left corner of the first cell.
    package private(set) var origin = PlanePoint(0, 0)
    /// Units of the board for each column.
    package private(set) var unitsPerColumn: Double = 1
    /// Columns of the terminal's part.
    package private(set) var columns = 0
    /// Its rows.
    package private(set) var rows = 0

    /// Shows nothing yet.
    package init() {}

    /// Units of the board for each row.
    package var unitsPerRow: Double { unitsPerColumn * Self.rowsPerColumn }

    /// How much higher than wide a cell is.
    private static let rowsPerColumn = 2.0
    /// Cells that stay empty around everything.
    private static let margin = 1

    /// Takes care that an area can be seen.
    ///
    /// - Parameter area: What there is to see; `nil` where there is nothing.
    package mutating func follow(_ area: PlaneArea?, columns: Int, rows: Int) {
        let isResized = (columns, rows) != (self.columns, self.rows)
        (self.columns, self.rows) = (columns, rows)
        guard let area, columns > 0, rows > 0 else { return }
        let needed = Self.scale(for: area, columns: columns, rows: rows)
        if !isResized, shows(area), needed * 2 >= unitsPerColumn { return }
        unitsPerColumn = needed
        let (width, height) = (Double(columns) * needed, Double(rows) * unitsPerRow)
        // Whole columns and rows, so that what is aligned on the board is aligned here.
        origin = PlanePoint(
            ((area.least.x + area.most.x - width) / 2 / needed).rounded(.down) * needed,
            ((area.least.y + area.most.y - height) / 2 / unitsPerRow).rounded(.down) * unitsPerRow)
    }

    private func shows(_ area: PlaneArea) -> Bool {
        let (left, top) = position(of: area.least)
        let (right, bottom) = position(of: area.most)
        return left >= 0 && top >= 0 && right < Double(columns) && bottom < Double(rows)
    }

    /// The smallest of 1, 2, 5, 10, 20 … units a column with which an area fits.
    private static func scale(for area: PlaneArea, columns: Int, rows: Int) -> Double {
        let room = (across: Double(max(columns - 2 * margin, 1)), down: Double(max(rows - 2 * margin, 1)))
        let least = max(area.width / room.across, area.height / rowsPerColumn / room.down)
        var step = 1.0
        // At most 1e7 units each way (PROTOCOLS 3-15), and far fewer rounds than this.
        for _ in 0..<16 {
            for factor in [1.0, 2, 5] where step * factor >= least { return step * factor }
            step *= 10
        }
        return step
    }

    /// Where a point of the board is, in columns and rows from the upper left corner; may lie outside.
    package func position(of point: PlanePoint) -> (column: Double, row: Double) {
        ((point.x - origin.x) / unitsPerColumn, (point.y - origin.y) / unitsPerRow)
    }

    /// The point of the board in the middle of a cell.
    package func point(column: Int, row: Int) -> PlanePoint {
        PlanePoint(
            origin.x + (Double(column) + 0.5) * unitsPerColumn, origin.y + (Double(row) + 0.5) * unitsPerRow)
    }
}
