import CommandKit
import SessionClient
package import SessionCodec

/// A board as a list: one line a shape, in their order, then one line a cursor.
package enum BoardListView {
    /// The lines, headings first, escaped and cut to the width.
    ///
    /// - Parameter rows: Lines there is room for; `nil` shows all. What is left out is counted in the last one.
    package static func lines(
        shapes: [Shape], cursors: [BoardCursor], columns: Int?, rows: Int? = nil
    ) -> [String] {
        let shapeTable = Table(columns: shapeColumns, rows: shapes.map(row)).lines(width: columns, style: .plain)
        let cursorTable = Table(columns: cursorColumns, rows: cursors.map(row)).lines(width: columns, style: .plain)
        let lines = (shapes.isEmpty ? ["no shapes"] : shapeTable) + (cursors.isEmpty ? [] : [""] + cursorTable)
        guard let rows, lines.count > rows, rows > 0 else { return lines }
        return lines.prefix(rows - 1) + ["\(lines.count - rows + 1) more lines"]
    }

    private static let shapeColumns = [
        Table.Column("ID"), Table.Column("TYPE"), Table.Column("X", isNumber: true), Table.Column("Y", isNumber: true),
        Table.Column("WIDTH", isNumber: true), Table.Column("HEIGHT", isNumber: true),
        Table.Column("TURNED", isNumber: true), Table.Column("FILL"), Table.Column("STROKE"), Table.Column("USER"),
        Table.Column("TEXT"),
    ]

    private static func row(_ shape: Shape) -> [String] {
        let numbers = [shape.x, shape.y, shape.width, shape.height, shape.rotation].map(BoardLine.number)
        return [shape.id, shape.type] + numbers
            + [shape.fill ?? "-", shape.stroke ?? "-", shape.user, shape.text ?? "-"]
    }

    private static let cursorColumns = [
        Table.Column("CURSOR"), Table.Column("X", isNumber: true), Table.Column("Y", isNumber: true),
    ]

    private static func row(_ cursor: BoardCursor) -> [String] {
        [cursor.user, BoardLine.number(cursor.x), BoardLine.number(cursor.y)]
    }
}
