/// What a piece of output is, which decides its colour.
package enum Role: Sendable {
    /// Something the peer sent.
    case received
    /// Something this side sent.
    case sent
    /// A remark of the program itself.
    case notice
    /// A failure.
    case failure
    /// Text of less weight, such as times.
    case faint

    /// The parameters of the terminal's *select graphic rendition* sequence (ECMA-48 §8.3.117).
    fileprivate var rendition: StaticString {
        switch self {
        case .received: "36"
        case .sent: "32"
        case .notice: "34"
        case .failure: "31"
        case .faint: "2"
        }
    }
}

/// Colours text, or leaves it plain where nobody would see colours.
package struct Style: Equatable, Sendable {
    /// Whether text is coloured at all.
    package var isColored: Bool

    /// Makes a style that colours or does not.
    package init(isColored: Bool) { self.isColored = isColored }

    /// Decides whether to colour what goes to one output.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether that output is a terminal; pipes and files are never coloured.
    ///   - isRefused: Whether `--no-color` was given.
    ///   - environment: Reads a variable. A non-empty `NO_COLOR` (no-color.org) and `TERM=dumb` refuse colour.
    package init(isTerminal: Bool, isRefused: Bool, environment: (String) -> String?) {
        let noColor = environment("NO_COLOR") ?? ""
        isColored = isTerminal && !isRefused && noColor.isEmpty && environment("TERM") != "dumb"
    }

    /// Returns `text` in the colour of its role.
    package func paint(_ text: String, as role: Role) -> String {
        isColored ? "\u{1b}[\(role.rendition)m\(text)\u{1b}[0m" : text
    }
}
