/// Plain text in columns, for help and messages.
package enum TextLayout {
    /// The widest line of help, so that it stands on a terminal of 80 columns.
    package static let width = 79

    /// Breaks text at white space into lines no wider than `width`; words are never cut.
    package static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Text followed by blanks up to `width`.
    package static func pad(_ text: String, to width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }
}

/// Whether text is decorated for a terminal.
package enum TextStyle: Sendable {
    /// Without any escape sequence.
    case plain
    /// With SGR sequences (ECMA-48 §8.3.117).
    case terminal

    /// Bold on a terminal.
    package func bold(_ text: String) -> String { self == .plain ? text : "\u{1B}[1m\(text)\u{1B}[0m" }

    /// Underlined on a terminal.
    package func underlined(_ text: String) -> String { self == .plain ? text : "\u{1B}[4m\(text)\u{1B}[0m" }
}
