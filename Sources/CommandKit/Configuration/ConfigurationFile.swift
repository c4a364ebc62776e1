/// The lines of a configuration file: `key value` each, `#` starts a comment, list keys are repeated (PROTOCOLS §1.10).
///
/// A comment starts at the beginning of a line or after white space. A value that contains ` #`, starts with `"` or has
/// white space at an end is written between double quotes, with `\"` and `\\` inside.
package struct ConfigurationFile: Sendable {
    /// One line that sets a key.
    package struct Entry: Equatable, Sendable {
        /// Counted from 1.
        package var line: Int
        package var key: String
        /// As it was written, without quotes.
        package var text: String
        package var values: [OptionValue]
    }

    /// The path that messages name.
    package var path: String
    /// The valid lines, in order.
    package var entries: [Entry] = []
    /// What is wrong with the others, in order.
    package var problems: [CommandError] = []

    /// Reads a file's text against the keys that exist.
    package init(_ text: String, path: String, options: [OptionSpec]) {
        self.path = path
        let keys = options.filter(\.isKey)
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0.isLineEnd }) {
            number += 1
            do throws(CommandError) {
                if let entry = try Self.entry(line, number, path, keys, entries) { entries.append(entry) }
            } catch {
                problems.append(error)
            }
        }
    }

    /// The entry of a line, or `nil` where it is blank or a comment.
    private static func entry(
        _ line: Substring, _ number: Int, _ path: String, _ keys: [OptionSpec], _ before: [Entry]
    ) throws(CommandError) -> Entry? {
        let content = trim(line)
        guard let first = content.first, first != "#" else { return nil }
        let key = String(content.prefix { !$0.isBlank })
        let rest = trim(content.dropFirst(key.count))
        guard let option = keys.first(where: { $0.key == key }) else { throw unknown(key, number, path, keys) }
        let origin = Origin.file(path: path, line: number)
        let text = try value(rest, option, origin)
        if !option.isList, let earlier = before.first(where: { $0.key == key }) {
            throw origin.error(for: option, nil, "line \(earlier.line) sets it already; keep one of the two")
        }
        return Entry(line: number, key: key, text: text, values: try option.parse(text, from: origin))
    }

    private static func unknown(
        _ key: String, _ number: Int, _ path: String, _ keys: [OptionSpec]
    ) -> CommandError {
        let names = keys.map(\.key)
        let advice = Suggestion.nearest(to: key, among: names).map { "did you mean \($0)?" }
        let remedy = advice ?? "'sessionctl config print' lists the keys"
        return .configuration("\(path):\(number): unknown key \(Origin.printable(key)); \(remedy)")
    }

    private static func value(
        _ rest: Substring, _ option: OptionSpec, _ origin: Origin
    ) throws(CommandError) -> String {
        if rest.first == "\"" { return try quoted(rest.dropFirst(), option, origin) }
        let text = withoutComment(rest)
        guard !text.isEmpty else {
            if let implied = option.impliedText { return implied }
            let expected = option.placeholder.isEmpty ? "on|off" : option.placeholder
            throw origin.error(for: option, nil, "the value is missing; write '\(option.key) \(expected)'")
        }
        return String(text)
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var previousIsBlank = true
        for index in text.indices {
            if text[index] == "#", previousIsBlank { return trim(text[..<index]) }
            previousIsBlank = text[index].isBlank
        }
        return trim(text)
    }

    private static func quoted(
        _ text: Substring, _ option: OptionSpec, _ origin: Origin
    ) throws(CommandError) -> String {
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                let tail = trim(rest)
                guard tail.isEmpty || tail.first == "#" else {
                    throw origin.error(for: option, nil, "only a comment may follow the closing quote")
                }
                return result
            case "\\": if let next = rest.popFirst() { result.append(next) }
            default: result.append(character)
            }
        }
        throw origin.error(for: option, nil, "the closing quote is missing")
    }

    /// A value as a file has to spell it.
    package static func quote(_ text: String) -> String {
        let needsQuotes =
            text.first == "\"" || text.first == "#" || text.first?.isBlank == true || text.last?.isBlank == true
            || text.contains(" #") || text.contains("\t#")
        guard needsQuotes else { return text }
        return "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    private static func trim(_ text: Substring) -> Substring {
        var result = text.drop { $0.isBlank }
        while result.last?.isBlank == true { result.removeLast() }
        return result
    }
}

extension Character {
    /// Space, tab, or a carriage return.
    fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" }

    /// A line feed, also behind a carriage return, where both are one character.
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}
