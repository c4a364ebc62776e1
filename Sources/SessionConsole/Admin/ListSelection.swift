package import CommandKit
import SessionBase
import SessionCodec

/// The options of every list.
package enum ListOptions {
    /// `--where`.
    package static let filter = Option.text("where", "Only items for which EXPRESSION holds", "EXPRESSION")
        .detail(
            """
            FIELD COMPARISON VALUE with = != < <= > >= and ~ (a regular expression), joined by and, or, not and \
            parentheses. Durations are written 60s, sizes 64KiB, texts with or without quotes. An unknown field is \
            answered with the fields that exist.
            """)
    /// `--sort`.
    package static let sort = Option.text("sort", "Order by FIELD; -FIELD starts with the largest", "[-]FIELD")
        .unset("the server's order")
    /// `--limit`.
    package static let limit = Option<Int?>.integer("limit", "Show at most N items", 1...1_000_000_000)
    /// `--columns`.
    package static let columns = Option.list("columns", "Show these fields", "FIELD,...").commaSeparated()
        .unset("those that matter most")

    /// All of them, for the command line of a verb.
    static var all: [OptionSpec] { [filter.spec, sort.spec, limit.spec, columns.spec].under("Selection") }
}

/// Which items of a list are wanted, in which order, with which fields.
struct ListSelection {
    private let list: AdminList
    private let filter: Filter?
    private let order: (field: ListField, isDescending: Bool)?
    private let limit: Int?
    private let columns: [ListField]?
    private let now: Timestamp

    /// Reads the options of a list.
    init(_ list: AdminList, _ settings: Settings, now: Timestamp) throws(CommandError) {
        self.list = list
        self.now = now
        filter = try Self.filter(settings, list)
        limit = settings[ListOptions.limit]
        var order: (field: ListField, isDescending: Bool)?
        if let text = settings[ListOptions.sort] {
            let isDescending = text.hasPrefix("-")
            order = (try Self.field(isDescending ? String(text.dropFirst()) : text, of: list, "--sort"), isDescending)
        }
        self.order = order
        var columns: [ListField] = []
        for name in settings[ListOptions.columns] { columns.append(try Self.field(name, of: list, "--columns")) }
        self.columns = columns.isEmpty ? nil : columns
    }

    /// Reads `--where` against the fields of a list; `nil` where it is not given.
    static func filter(_ settings: Settings, _ list: AdminList) throws(CommandError) -> Filter? {
        guard let text = settings[ListOptions.filter] else { return nil }
        do throws(FilterError) { return try Filter(text, fields: list.fields) } catch {
            throw .usage("--where: \(error)")
        }
    }

    private static func field(_ name: String, of list: AdminList, _ option: String) throws(CommandError) -> ListField {
        if let field = list.fields.first(where: { $0.name == name || $0.key == name }) { return field }
        let names = list.fields.map(\.name)
        let advice =
            Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
            ?? "there are \(names.joined(separator: ", "))"
        throw .usage("\(option) \(Origin.printable(name)): no such field; \(advice)")
    }

    /// The items that are wanted, and how many there were before the limit.
    func select(_ items: [JSONValue]) -> (items: [JSONValue], matched: Int) {
        var chosen = filter.map { filter in items.filter { filter.accepts($0, now: now) } } ?? items
        let matched = chosen.count
        if let order {
            chosen.sort { left, right in
                order.isDescending ? precedes(right, left, by: order.field) : precedes(left, right, by: order.field)
            }
        }
        if let limit { chosen = Array(chosen.prefix(limit)) }
        return (chosen, matched)
    }

    /// Absent values come first, so that they are last where the order is turned round.
    private func precedes(_ left: JSONValue, _ right: JSONValue, by field: ListField) -> Bool {
        guard field.kind != .text else { return (field.text(in: left) ?? "") < (field.text(in: right) ?? "") }
        let smallest = -Double.infinity
        return field.number(in: left, now: now) ?? smallest < field.number(in: right, now: now) ?? smallest
    }

    /// The items as a table: for a person short figures, and no column without a value; for a pipe the API's own
    /// values, always in the same columns.
    func table(_ items: [JSONValue], isTerminal: Bool) -> Table {
        var fields = columns ?? list.fields.filter(\.isShown)
        guard isTerminal else {
            return Table(
                columns: fields.map { Table.Column($0.key) },
                rows: items.map { item in fields.map { $0.text(in: item) ?? "-" } })
        }
        if columns == nil, !items.isEmpty {
            fields = fields.filter { field in items.contains { field.text(in: $0) != nil } }
        }
        return Table(
            columns: fields.map { Table.Column($0.name.uppercased(), isNumber: $0.isNumber) },
            rows: items.map { item in fields.map { $0.cell(in: item, now: now) } })
    }
}
