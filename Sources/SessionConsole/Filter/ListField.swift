package import SessionBase
package import SessionCodec

/// One field of a list of the API: how a filter names it, what it holds, how a table shows it.
package struct ListField: Sendable {
    /// What the value means.
    package enum Kind: Equatable, Sendable {
        /// Any text, or a number that is a name.
        case text
        /// A number.
        case count
        /// A number of bytes.
        case bytes
        /// Milliseconds, shown as a duration.
        case milliseconds
        /// A time whose distance from now is the value: an age, or for a time to come what is left.
        case distance
    }

    /// How filters, `--sort` and `--columns` name it.
    package var name: String
    /// The key of the API's object.
    package var key: String
    /// What it holds.
    package var kind: Kind
    /// Whether a table has a column for it where nobody chose columns.
    package var isShown: Bool

    /// Declares a field; its key is its name unless told otherwise.
    package init(_ name: String, _ kind: Kind = .text, key: String? = nil, isShown: Bool = true) {
        self.name = name
        self.key = key ?? name
        self.kind = kind
        self.isShown = isShown
    }

    /// The text of the value; `nil` where there is none.
    package func text(in item: JSONValue) -> String? {
        switch item[key] {
        case nil, .null?: nil
        case .string(let text)?: text
        case let value?: value.text()
        }
    }

    /// The number behind the value, in bytes, milliseconds or itself; `nil` where there is none.
    package func number(in item: JSONValue, now: Timestamp) -> Double? {
        switch kind {
        case .text: return nil
        // Ids are numbers written as texts.
        case .count, .bytes, .milliseconds: return item[key]?.double ?? item[key]?.string.flatMap { Double($0) }
        case .distance:
            guard let text = item[key]?.string, let time = Timestamp(parsing: Array(text.utf8).span) else { return nil }
            return Double(abs(now.milliseconds - time.milliseconds))
        }
    }

    /// The value as a table shows it; `-` where there is none.
    package func cell(in item: JSONValue, now: Timestamp) -> String {
        switch kind {
        case .text, .count: return text(in: item) ?? "-"
        case .bytes: return number(in: item, now: now).map(HumanText.bytes) ?? "-"
        case .milliseconds, .distance: return number(in: item, now: now).map(HumanText.duration) ?? "-"
        }
    }

    /// Whether a column of it stands on the right.
    package var isNumber: Bool { kind != .text }
}
