package import CommandKit
package import SessionClient
package import SessionCodec
package import SessionTerminal

/// What `board watch` shows of a board on a terminal: the view that was asked for, and below it one line about the room.
package struct BoardPicture: Sendable {
    /// How a board is shown.
    package enum View: String, CaseIterable, Sendable {
        /// A picture.
        case canvas
        /// Lines.
        case list
    }

    private let view: View
    private var canvas: BoardCanvas

    /// Shows nothing yet.
    package init(_ view: View, _ material: LineMaterial) {
        self.view = view
        canvas = BoardCanvas(material)
    }

    /// Draws a board.
    ///
    /// - Parameters:
    ///   - remark: What stands in the place of the line about the room.
    ///   - rows: At least one, which is the line about the room.
    package mutating func draw(_ board: BoardReplica, remark: String? = nil, columns: Int, rows: Int) -> CellGrid {
        var grid = content(board, columns: columns, rows: rows - 1).extended(by: 1)
        let status = " " + Escaping.escaped(remark ?? status(board))
        let style = CellStyle(isInverse: true)
        let ellipsis: Character = canvas.material == .ascii ? "~" : "…"
        for column in 0..<columns { grid.put(" ", column: column, row: rows - 1, style) }
        grid.write(status, column: 0, row: rows - 1, ellipsis: ellipsis, style)
        return grid
    }

    /// What is above the line about the room.
    package mutating func content(_ board: BoardReplica, columns: Int, rows: Int) -> CellGrid {
        switch view {
        case .canvas:
            return canvas.draw(shapes: board.shapes, cursors: board.cursors, columns: columns, rows: rows)
        case .list:
            var grid = CellGrid(columns: columns, rows: rows)
            let lines = BoardListView.lines(
                shapes: board.shapes, cursors: board.cursors, columns: columns, rows: rows)
            for (row, line) in lines.enumerated() {
                grid.write(line, column: 0, row: row, CellStyle(isBold: row == 0))
            }
            return grid
        }
    }

    /// `room r1, version 17, 3 shapes, users u1, u2, a column is 5 units`.
    private func status(_ board: BoardReplica) -> String {
        var parts = board.room.map { ["room \($0)", "version \(board.version)"] } ?? ["board"]
        parts.append(BoardLine.count(board.shapes.count, "shape"))
        parts.append(board.users.isEmpty ? "nobody" : "users " + board.users.joined(separator: " "))
        if view == .canvas { parts.append("a column is \(BoardLine.number(canvas.unitsPerColumn)) units") }
        return parts.joined(separator: ", ")
    }
}

/// Prints a board as it is in its first picture, and nothing else.
package struct BoardPrint: NewsPresenter {
    /// Takes text to the output.
    package typealias Sink = (String) throws(CommandError) -> Void

    private let view: BoardPicture.View
    private let material: LineMaterial
    private let depth: ColorDepth
    private let size: (columns: Int?, rows: Int?)
    private let output: Sink

    /// Columns and rows of a picture where nothing tells how large it may be.
    private static let usualSize = (columns: 80, rows: 24)

    /// Prints to an output.
    ///
    /// - Parameters:
    ///   - columns: Those of the terminal; `nil` where there is none, and lists are not cut.
    ///   - rows: Those that a picture may have.
    package init(
        _ view: BoardPicture.View, _ material: LineMaterial, _ depth: ColorDepth, columns: Int?, rows: Int?,
        output: @escaping Sink
    ) {
        (self.view, self.material, self.depth) = (view, material, depth)
        size = (columns, rows)
        self.output = output
    }

    package func show(_ news: WatchNews) throws(CommandError) {
        guard let board = BoardReplica(news) else { return }
        try output(lines(of: board).map { $0 + "\n" }.joined())
    }

    private func lines(of board: BoardReplica) -> [String] {
        guard view == .canvas else {
            return BoardListView.lines(shapes: board.shapes, cursors: board.cursors, columns: size.columns)
        }
        var picture = BoardPicture(view, material)
        let grid = picture.content(
            board, columns: size.columns ?? Self.usualSize.columns, rows: max(size.rows ?? Self.usualSize.rows, 1))
        let lines = grid.lines(depth).drop { $0.isEmpty }
        let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? lines.startIndex
        return Array(lines[..<end])
    }

    package func finish() throws(CommandError) {}
}
