package import SessionBase
package import SessionCodec

/// What `--where` asks of each item of a list: `idle > 60s and (user ~ "^dr" or not profile = sync)`.
///
/// An absent value equals `""`, matches as an empty text, and is neither less nor greater than anything.
package struct Filter: Sendable {
    /// How two values are compared.
    package enum Comparison: String, CaseIterable, Sendable {
        case equal = "="
        case different = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case matches = "~"
    }

    /// What a field is compared with, read as the field's kind wants it.
    enum Operand: Sendable {
        case text(String)
        case number(Double)
        case pattern(Pattern)
    }

    indirect enum Node: Sendable {
        case both(Node, Node)
        case either(Node, Node)
        case not(Node)
        case test(ListField, Comparison, Operand)
    }

    private let root: Node

    /// Reads a filter for lists with these fields.
    ///
    /// - Throws: ``FilterError`` with the place.
    package init(_ text: String, fields: [ListField]) throws(FilterError) {
        var parser = try FilterParser(text, fields)
        root = try parser.parse()
    }

    /// Whether an item is wanted.
    ///
    /// - Parameter now: What ages are counted from.
    package func accepts(_ item: JSONValue, now: Timestamp) -> Bool { Self.accepts(root, item, now) }

    private static func accepts(_ node: Node, _ item: JSONValue, _ now: Timestamp) -> Bool {
        switch node {
        case .both(let left, let right): accepts(left, item, now) && accepts(right, item, now)
        case .either(let left, let right): accepts(left, item, now) || accepts(right, item, now)
        case .not(let inner): !accepts(inner, item, now)
        case .test(let field, let comparison, let operand): test(field, comparison, operand, item, now)
        }
    }

    private static func test(
        _ field: ListField, _ comparison: Comparison, _ operand: Operand, _ item: JSONValue, _ now: Timestamp
    ) -> Bool {
        switch operand {
        case .pattern(let pattern): return pattern.matches(field.text(in: item) ?? "")
        case .text(let wanted):
            let text = field.text(in: item)
            switch comparison {
            case .equal: return text ?? "" == wanted
            case .different: return text ?? "" != wanted
            default: return text.map { holds(comparison, $0, wanted) } ?? false
            }
        case .number(let wanted):
            guard let number = field.number(in: item, now: now) else { return comparison == .different }
            return holds(comparison, number, wanted)
        }
    }

    private static func holds<Value: Comparable>(_ comparison: Comparison, _ left: Value, _ right: Value) -> Bool {
        switch comparison {
        case .equal: left == right
        case .different: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .matches: preconditionFailure("a pattern is no ordered value")
        }
    }
}

/// Why a text is no filter, and where: one line without a full stop.
package struct FilterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause.
    package var message: String
    /// Characters before the place.
    package var offset: Int
    /// What stands there.
    package var rest: String

    /// `character 14: usr is no field here; did you mean user? (at usr~"^dr")`.
    package var description: String {
        rest.isEmpty ? "\(message), at the end" : "character \(offset + 1): \(message) (at \(rest.prefix(30)))"
    }
}
