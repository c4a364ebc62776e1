import SessionBase
package import SessionCodec
package import SessionTerminal

/// A board as a picture: shapes in their order, each over those before it, then the cursors with their users' names.
///
/// Boxes and frames of upright shapes run along cells; ellipses, lines and turned shapes are made of dots. A fill is the
/// background of the cells whose middle it covers; that of a text is its letters' colour.
package struct BoardCanvas: Sendable {
    /// With what lines are drawn.
    package var material: LineMaterial
    private var viewport = BoardViewport()

    /// A canvas on which nothing was drawn yet.
    package init(_ material: LineMaterial) { self.material = material }

    /// Units of the board that a column of the last picture stands for.
    package var unitsPerColumn: Double { viewport.unitsPerColumn }

    /// Draws what is on a board.
    package mutating func draw(shapes: [Shape], cursors: [BoardCursor], columns: Int, rows: Int) -> CellGrid {
        var grid = CellGrid(columns: columns, rows: rows)
        viewport.follow(Self.area(shapes, cursors), columns: columns, rows: rows)
        for shape in shapes { draw(shape, on: &grid) }
        for cursor in cursors { draw(cursor, on: &grid) }
        return grid
    }

    private static func area(_ shapes: [Shape], _ cursors: [BoardCursor]) -> PlaneArea? {
        var area: PlaneArea?
        for shape in shapes { area = area?.joined(shape.box.area) ?? shape.box.area }
        for cursor in cursors {
            let point = PlanePoint(cursor.x, cursor.y)
            area = area?.including(point) ?? PlaneArea(point)
        }
        return area
    }

    // MARK: Shapes

    private func draw(_ shape: Shape, on grid: inout CellGrid) {
        let color = shape.stroke.flatMap { CellColor(css: $0) } ?? shape.fill.flatMap { CellColor(css: $0) }
        switch shape.type {
        case "line", "arrow": drawLine(shape, color, on: &grid)
        case "ellipse", "circle", "oval":
            fill(shape, on: &grid) { across, down in
                (across - 0.5) * (across - 0.5) + (down - 0.5) * (down - 0.5) <= 0.25
            }
            grid.outline(place(shape.box.ellipse(count: Self.ellipsePoints)), isClosed: true, color, material)
        case "text": break
        case _ where shape.box.isUpright:
            fill(shape, on: &grid) { _, _ in true }
            let (columns, rows) = cells(of: shape.box.area)
            grid.box(columns: columns, rows: rows, color, material)
        default:
            fill(shape, on: &grid) { _, _ in true }
            grid.outline(place(shape.box.corners), isClosed: true, color, material)
        }
        label(shape, on: &grid)
    }

    /// Enough for an ellipse as large as a terminal to look round.
    private static let ellipsePoints = 72

    private func drawLine(_ shape: Shape, _ color: CellColor?, on grid: inout CellGrid) {
        let ends = place([shape.box.point(across: 0, down: 0), shape.box.point(across: 1, down: 1)])
        grid.line(from: ends[0], to: ends[1], color, material)
        guard shape.type == "arrow" else { return }
        let (dx, dy) = (ends[1].x - ends[0].x, ends[1].y - ends[0].y)
        grid.put(
            head(dx: dx, dy: dy), column: Int(cell: ends[1].x), row: Int(cell: ends[1].y),
            CellStyle(foreground: color, isBold: true))
    }

    /// The head of an arrow of this direction, in columns and rows.
    private func head(dx: Double, dy: Double) -> Character {
        let isLevel = abs(dx) >= abs(dy) * 2
        switch material {
        case .unicode: return isLevel ? (dx < 0 ? "◀" : "▶") : (dy < 0 ? "▲" : "▼")
        case .ascii: return isLevel ? (dx < 0 ? "<" : ">") : (dy < 0 ? "^" : "v")
        }
    }

    /// Colours the cells whose middle lies in a shape, which hides what they showed.
    ///
    /// - Parameter contains: Whether the shape has this place of its box, 0…1 across and down.
    private func fill(_ shape: Shape, on grid: inout CellGrid, where contains: (Double, Double) -> Bool) {
        guard let text = shape.fill, let color = CellColor(css: text) else { return }
        let (columns, rows) = cells(of: shape.box.area)
        for row in rows.visible(of: grid.rows) {
            for column in columns.visible(of: grid.columns) {
                guard let place = shape.box.place(of: viewport.point(column: column, row: row)),
                    (0...1).contains(place.across), (0...1).contains(place.down), contains(place.across, place.down)
                else { continue }
                grid.fill(column: column, row: row, color)
            }
        }
    }

    /// Writes a shape's text into its middle, line by line; a text without a box of its own starts at its place.
    private func label(_ shape: Shape, on grid: inout CellGrid) {
        guard let text = shape.text, !text.isEmpty else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Escaping.escaped(String($0)) }
        let style = labelStyle(shape)
        let (columns, rows) = cells(of: shape.box.area)
        let isFree = shape.type == "text" || columns.count < 3 || rows.count < 3
        let across = isFree ? columns.lowerBound...max(columns.upperBound, grid.columns - 1) : inner(columns)
        let down = isFree ? rows.lowerBound...max(rows.upperBound, grid.rows - 1) : inner(rows)
        let first = isFree ? down.lowerBound : down.lowerBound + max(down.count - lines.count, 0) / 2
        for (row, line) in zip(first...max(first, down.upperBound), lines) {
            let gap = isFree ? 0 : max(across.count - CharacterWidth.columns(of: line), 0) / 2
            guard across.lowerBound + gap >= 0 else { continue }
            grid.write(
                line, column: across.lowerBound + gap, row: row, limit: across.count - gap,
                ellipsis: material == .ascii ? "~" : "…", style)
        }
    }

    private func inner(_ range: ClosedRange<Int>) -> ClosedRange<Int> { range.lowerBound + 1...range.upperBound - 1 }

    /// A text has its own colour; what is written on another shape is black or white, whichever can be read on its fill.
    private func labelStyle(_ shape: Shape) -> CellStyle {
        let fill = shape.fill.flatMap { CellColor(css: $0) }
        if shape.type == "text" { return CellStyle(foreground: fill ?? shape.stroke.flatMap { CellColor(css: $0) }) }
        return CellStyle(foreground: fill.map { $0.isBright ? .black : .white })
    }

    // MARK: Cursors

    private func draw(_ cursor: BoardCursor, on grid: inout CellGrid) {
        let (column, row) = viewport.position(of: PlanePoint(cursor.x, cursor.y))
        let color = Self.color(of: cursor.user)
        let (left, top) = (Int(cell: column), Int(cell: row))
        grid.put(material == .ascii ? "@" : "◤", column: left, row: top, CellStyle(foreground: color, isBold: true))
        grid.write(
            Escaping.escaped(cursor.user), column: left + 1, row: top, limit: Self.nameColumnsMax,
            ellipsis: material == .ascii ? "~" : "…", CellStyle(foreground: color, isBold: true))
    }

    /// Longer names of users are cut.
    private static let nameColumnsMax = 16

    /// The colour of a user's cursor: the same in every picture and for everybody who looks.
    package static func color(of user: String) -> CellColor {
        let sum = user.utf8.reduce(UInt32(0)) { ($0 &* 31) &+ UInt32($1) }
        return cursorColors[Int(sum % UInt32(cursorColors.count))]
    }

    private static let cursorColors = [0xFF5F5F, 0x5FD75F, 0xFFD75F, 0x5FAFFF, 0xFF87FF, 0x5FFFFF].map {
        CellColor(UInt32($0))
    }

    // MARK: Places

    private func place(_ points: [PlanePoint]) -> [PlanePoint] {
        points.map { point in
            let (column, row) = viewport.position(of: point)
            return PlanePoint(column, row)
        }
    }

    /// The cells that an area of the board touches.
    private func cells(of area: PlaneArea) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        let (left, top) = viewport.position(of: area.least)
        let (right, bottom) = viewport.position(of: area.most)
        return (Int(cell: left)...Int(cell: right), Int(cell: top)...Int(cell: bottom))
    }
}

extension Int {
    /// The cell in which a place lies; places far outside are brought near enough to be counted.
    fileprivate init(cell place: Double) { self = Int(Swift.min(Swift.max(place.rounded(.down), -100_000), 100_000)) }
}

extension Shape {
    /// The shape's box as it stands on the board.
    package var box: PlaneBox { PlaneBox(x: x, y: y, width: width, height: height, degrees: rotation) }
}
