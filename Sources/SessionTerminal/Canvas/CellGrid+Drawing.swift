/// With what lines are drawn.
package enum LineMaterial: Sendable {
    /// Box drawing and braille characters.
    case unicode
    /// The printable characters of ASCII.
    case ascii
}

/// Lines and boxes; places are in columns and rows, with fractions, from the upper left corner.
extension CellGrid {
    /// Draws a straight line, of which only the part in the picture costs anything.
    package mutating func line(
        from start: PlanePoint, to end: PlanePoint, _ color: CellColor?, _ material: LineMaterial
    ) {
        guard let (start, end) = clipped(start, end) else { return }
        switch material {
        case .unicode:
            walk(from: (start.x * 2, start.y * 4), to: (end.x * 2, end.y * 4)) { grid, x, y in
                grid.plot(x: x, y: y, color)
            }
        case .ascii:
            let letter = Self.letter(dx: end.x - start.x, dy: end.y - start.y)
            walk(from: (start.x, start.y), to: (end.x, end.y)) { grid, column, row in
                grid.put(letter, column: column, row: row, CellStyle(foreground: color))
            }
        }
    }

    /// Draws lines from each point to the next one.
    package mutating func outline(
        _ points: [PlanePoint], isClosed: Bool, _ color: CellColor?, _ material: LineMaterial
    ) {
        for (start, end) in zip(points, points.dropFirst()) { line(from: start, to: end, color, material) }
        if isClosed, let first = points.first, let last = points.last { line(from: last, to: first, color, material) }
    }

    /// Draws an upright box around whole cells; one that has no room for its inside becomes a line or a dot.
    package mutating func box(
        columns: ClosedRange<Int>, rows: ClosedRange<Int>, _ color: CellColor?, _ material: LineMaterial
    ) {
        let style = CellStyle(foreground: color)
        let pieces = Self.pieces(of: material)
        if columns.count == 1, rows.count == 1 {
            return put(pieces.dot, column: columns.lowerBound, row: rows.lowerBound, style)
        }
        for column in columns.visible(of: self.columns) where columns.count > 1 {
            put(pieces.level, column: column, row: rows.lowerBound, style)
            put(pieces.level, column: column, row: rows.upperBound, style)
        }
        for row in rows.visible(of: self.rows) where rows.count > 1 {
            put(pieces.plumb, column: columns.lowerBound, row: row, style)
            put(pieces.plumb, column: columns.upperBound, row: row, style)
        }
        guard columns.count > 1, rows.count > 1 else { return }
        put(pieces.corners[0], column: columns.lowerBound, row: rows.lowerBound, style)
        put(pieces.corners[1], column: columns.upperBound, row: rows.lowerBound, style)
        put(pieces.corners[2], column: columns.lowerBound, row: rows.upperBound, style)
        put(pieces.corners[3], column: columns.upperBound, row: rows.upperBound, style)
    }

    private struct Pieces {
        var level: Character
        var plumb: Character
        /// Upper left, upper right, lower left, lower right.
        var corners: [Character]
        var dot: Character
    }

    private static func pieces(of material: LineMaterial) -> Pieces {
        switch material {
        case .unicode: Pieces(level: "─", plumb: "│", corners: ["┌", "┐", "└", "┘"], dot: "▪")
        case .ascii: Pieces(level: "-", plumb: "|", corners: ["+", "+", "+", "+"], dot: "#")
        }
    }

    /// The character that looks most like a line of this direction, in columns and rows.
    private static func letter(dx: Double, dy: Double) -> Character {
        // A step of one row is as long as one of two columns.
        let (across, down) = (abs(dx), abs(dy) * 2)
        if down * 2.5 < across { return "-" }
        if across * 2.5 < down { return "|" }
        return (dx < 0) == (dy < 0) ? "\\" : "/"
    }

    /// Calls for every raster point of a line (Bresenham's algorithm).
    private mutating func walk(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ visit: (inout CellGrid, Int, Int) -> Void
    ) {
        var (x, y) = (Int(start.x.rounded(.down)), Int(start.y.rounded(.down)))
        let (endX, endY) = (Int(end.x.rounded(.down)), Int(end.y.rounded(.down)))
        let (dx, dy) = (abs(endX - x), -abs(endY - y))
        let (stepX, stepY) = (x < endX ? 1 : -1, y < endY ? 1 : -1)
        var error = dx + dy
        while true {
            visit(&self, x, y)
            if x == endX, y == endY { return }
            let doubled = 2 * error
            if doubled >= dy {
                error += dy
                x += stepX
            }
            if doubled <= dx {
                error += dx
                y += stepY
            }
        }
    }

    /// The part of a line that lies in the picture or at most a cell beside it (Liang and Barsky's algorithm).
    private func clipped(_ start: PlanePoint, _ end: PlanePoint) -> (PlanePoint, PlanePoint)? {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        guard dx.isFinite, dy.isFinite else { return nil }
        var (first, last) = (0.0, 1.0)
        let edges = [
            (-dx, start.x + 1), (dx, Double(columns) + 1 - start.x), (-dy, start.y + 1),
            (dy, Double(rows) + 1 - start.y),
        ]
        for (direction, distance) in edges {
            if direction == 0 {
                if distance < 0 { return nil }
            } else if direction < 0 {
                first = max(first, distance / direction)
            } else {
                last = min(last, distance / direction)
            }
        }
        guard first <= last else { return nil }
        return (
            PlanePoint(start.x + first * dx, start.y + first * dy), PlanePoint(start.x + last * dx, start.y + last * dy)
        )
    }
}
