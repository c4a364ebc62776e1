package import CommandKit
package import SessionCodec
import SessionTerminal

/// One part of what a verb shows to a person.
package enum ResultBlock: Equatable, Sendable {
    /// Rows under headings.
    case table(Table)
    /// Names and their values, one pair a line.
    case record([ResultField])
    /// A JSON value: indented on a terminal, one line in a pipe.
    case json(JSONValue)
    /// Whole sentences, one a line.
    case lines([String])
}

/// A name and its value in a ``ResultBlock/record(_:)``.
package struct ResultField: Equatable, Sendable {
    /// What it is.
    package var name: String
    /// What it is worth.
    package var value: String

    /// Pairs a name and a value.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Shows what a verb brought: one JSON value for a program, tables for a person, tabs for a pipe.
///
/// The JSON is the server's own answer and a stable contract: fields may be added, never removed. What people see may change.
package struct ResultPrinter {
    /// Takes text to an output.
    package typealias Sink = (String) throws(CommandError) -> Void

    /// What the output is.
    package struct Form: Sendable {
        /// Whether the result is one JSON value.
        package var isJSON = false
        /// Whether a person looks at it.
        package var isTerminal = false
        /// Columns of the terminal.
        package var width: Int?
        /// Whether headings are bold.
        package var style = TextStyle.plain

        /// A pipe.
        package init() {}
    }

    /// What the output is.
    package var form: Form
    private let output: Sink
    private let remarks: Sink

    /// Prints results to one output, and remarks to another.
    package init(_ form: Form, output: @escaping Sink, remarks: @escaping Sink) {
        self.form = form
        self.output = output
        self.remarks = remarks
    }

    /// Shows a result.
    ///
    /// - Parameters:
    ///   - value: The result for programs.
    ///   - blocks: The result for people; made only for them.
    package func show(_ value: JSONValue, _ blocks: () -> [ResultBlock]) throws(CommandError) {
        if form.isJSON { return try output(value.text() + "\n") }
        try output(blocks().flatMap(lines).map { $0 + "\n" }.joined())
    }

    /// Shows an event of a stream: one line, for programs an object.
    package func event(_ value: JSONValue, _ line: String) throws(CommandError) {
        try output(form.isJSON ? value.text() + "\n" : Escaping.escaped(line) + "\n")
    }

    /// Says something that is no result; programs do not hear it.
    package func remark(_ text: String) throws(CommandError) {
        if !form.isJSON { try remarks(Escaping.escaped(text) + "\n") }
    }

    private func lines(_ block: ResultBlock) -> [String] {
        switch block {
        case .table(let table):
            return form.isTerminal ? table.lines(width: form.width, style: form.style) : table.separatedLines
        case .record(let fields):
            let width = fields.map(\.name.count).max() ?? 0
            return fields.map { field in
                let value = Escaping.escaped(field.value)
                guard form.isTerminal else { return "\(field.name)\t\(value)" }
                return form.style.bold(TextLayout.pad(field.name, to: width)) + "  " + value
            }
        case .json(let value):
            guard form.isTerminal else { return [value.text()] }
            return value.text(pretty: true).split(separator: "\n").map { Escaping.escaped(String($0)) }
        case .lines(let lines): return lines.map { Escaping.escaped($0) }
        }
    }
}
