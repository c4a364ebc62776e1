package import CommandKit
import SessionTerminal

/// Rows under headings: aligned columns for a terminal, tabs for a pipe.
package struct Table: Equatable, Sendable {
    /// One column.
    package struct Column: Equatable, Sendable {
        /// What stands above it.
        package var title: String
        /// Whether its cells stand on the right, as numbers do.
        package var isNumber: Bool

        /// Makes a column.
        package init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    /// The columns, from the left.
    package var columns: [Column]
    /// As many cells each as there are columns.
    package var rows: [[String]]

    /// Makes a table.
    package init(columns: [Column], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has as many cells as there are columns")
        self.columns = columns
        self.rows = rows
    }

    /// What separates columns on a terminal.
    private static let gap = "  "

    /// The lines for a terminal.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal; the last cell of a row is cut there. `nil` cuts nothing.
    ///   - style: Whether the headings are bold.
    package func lines(width: Int?, style: TextStyle) -> [String] {
        let shown = rows.map { $0.map { Escaping.escaped($0) } }
        let widths = columns.indices.map { column in
            max(columns[column].title.count, shown.map { $0[column].count }.max() ?? 0)
        }
        let heading = Self.cut(line(columns.map(\.title), widths), width)
        return [style.bold(heading)] + shown.map { Self.cut(line($0, widths), width) }
    }

    /// The lines for a pipe: cells separated by tabs, without headings.
    package var separatedLines: [String] {
        rows.map { row in row.map { Escaping.escaped($0) }.joined(separator: "\t") }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[index] - cell.count)
            let isLast = index == cells.count - 1
            line += columns[index].isNumber ? blanks + cell : isLast ? cell : cell + blanks
            if !isLast { line += Self.gap }
        }
        return line
    }

    private static func cut(_ line: String, _ width: Int?) -> String {
        guard let width, line.count > width, width > 1 else { return line }
        return line.prefix(width - 1) + "…"
    }
}
