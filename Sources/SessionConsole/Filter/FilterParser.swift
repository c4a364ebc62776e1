import CommandKit

/// Reads a filter: `or` binds least, then `and`, then `not`.
struct FilterParser {
    private var lexer: FilterLexer
    private var token: FilterLexer.Token
    private let fields: [ListField]
    private var depth = 0

    private var testCount = 0

    /// Parentheses and `not`s inside of each other.
    private static let depthMax = 64
    /// Comparisons of one filter; a bound on how deep the tree is.
    private static let testsMax = 200

    init(_ text: String, _ fields: [ListField]) throws(FilterError) {
        lexer = FilterLexer(text)
        self.fields = fields
        token = try lexer.next()
    }

    mutating func parse() throws(FilterError) -> Filter.Node {
        let node = try either()
        guard token == .end else { throw lexer.error("what follows needs an 'and' or 'or' before it") }
        return node
    }

    private mutating func advance() throws(FilterError) { token = try lexer.next() }

    private mutating func takeKeyword(_ word: String) throws(FilterError) -> Bool {
        guard case .word(let text) = token, text.lowercased() == word else { return false }
        try advance()
        return true
    }

    private mutating func either() throws(FilterError) -> Filter.Node {
        var node = try both()
        while try takeKeyword("or") { node = .either(node, try both()) }
        return node
    }

    private mutating func both() throws(FilterError) -> Filter.Node {
        var node = try factor()
        while try takeKeyword("and") { node = .both(node, try factor()) }
        return node
    }

    private mutating func factor() throws(FilterError) -> Filter.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw lexer.error("the filter is too deep") }
        if try takeKeyword("not") { return .not(try factor()) }
        guard token == .open else { return try test() }
        let opening = lexer.start
        try advance()
        let node = try either()
        guard token == .close else { throw lexer.error("the ( is not closed", at: opening) }
        try advance()
        return node
    }

    private mutating func test() throws(FilterError) -> Filter.Node {
        testCount += 1
        guard testCount <= Self.testsMax else { throw lexer.error("there are more than \(Self.testsMax) comparisons") }
        let field = try self.field()
        try advance()
        guard case .sign(let comparison) = token else {
            throw lexer.error("\(field.name) needs a comparison behind it, as in \(Self.example(field))")
        }
        try advance()
        let operand = try operand(of: field, comparison)
        try advance()
        return .test(field, comparison, operand)
    }

    private func field() throws(FilterError) -> ListField {
        guard case .word(let name) = token else {
            throw lexer.error("a field is missing; there are \(fields.map(\.name).joined(separator: ", "))")
        }
        // The name in JSON will do as well.
        if let field = fields.first(where: { $0.name == name || $0.key == name }) { return field }
        let names = fields.map(\.name)
        let advice =
            Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
            ?? "there are \(names.joined(separator: ", "))"
        throw lexer.error("\(name) is no field here; \(advice)")
    }

    private func operand(
        of field: ListField, _ comparison: Filter.Comparison
    ) throws(FilterError) -> Filter.Operand {
        let text: String
        switch token {
        case .word(let word): text = word
        case .quoted(let inner): text = inner
        case .sign, .open, .close, .end:
            throw lexer.error("\(field.name) \(comparison.rawValue) needs a value, as in \(Self.example(field))")
        }
        if comparison == .matches {
            do throws(Pattern.Failure) { return .pattern(try Pattern(text)) } catch {
                throw lexer.error("in the pattern: \(error.message)", at: lexer.start + error.offset + quoteWidth)
            }
        }
        guard field.kind != .text else { return .text(text) }
        guard let number = Self.number(text, field.kind) else {
            throw lexer.error("\(text) does not fit; write \(Self.example(field))")
        }
        return .number(number)
    }

    /// How far the inside of the value is from its start.
    private var quoteWidth: Int { if case .quoted = token { 1 } else { 0 } }

    private static func number(_ text: String, _ kind: ListField.Kind) -> Double? {
        // A text that does not parse is answered with an example by the caller.
        switch kind {
        case .text: nil
        case .count: Double(text).flatMap { $0.isFinite ? $0 : nil }
        case .bytes:
            if case .integer(let bytes)? = try? ValueKind.size(0...Int.max).parse(text) { Double(bytes) } else { nil }
        case .milliseconds, .distance:
            if case .duration(let duration)? = try? ValueKind.duration(DurationText.Rule()).parse(text) {
                duration / .milliseconds(1)
            } else {
                nil
            }
        }
    }

    private static func example(_ field: ListField) -> String {
        switch field.kind {
        case .text: "\(field.name) = \"x\" or \(field.name) ~ \"^x\""
        case .count: "\(field.name) > 100"
        case .bytes: "\(field.name) > 64KiB"
        case .milliseconds, .distance: "\(field.name) > 60s"
        }
    }
}
