/// Settings as text: the lines of a configuration file, and what `config print` and `config diff` show.
package enum ConfigurationText {
    /// The values of an option as a file spells them; secrets are hidden.
    package static func values(_ option: OptionSpec, _ settings: Settings) -> [String] {
        settings[option].values.map { value in
            let text = option.kind.spelling(of: value)
            return option.isSecret
                ? URLText.hidden : ConfigurationFile.quote(URLText.withoutPassword(text) ?? text)
        }
    }

    /// Whether ``values(_:_:)`` hides something of a value, so that a file could not say the same.
    private static func hides(_ option: OptionSpec, _ value: OptionValue) -> Bool {
        option.isSecret || URLText.withoutPassword(option.kind.spelling(of: value)) != nil
    }

    /// Every key with its value and, in a comment, where it came from. The text is a valid file that says the same,
    /// secrets excepted: they stand in comments.
    package static func print(_ settings: Settings, options: [OptionSpec]) -> String {
        var groups = CommandDetails()
        groups.options = options.filter(\.isKey)
        let sections = groups.optionsByCategory.map { group in
            (["# \(group.category)"] + group.options.flatMap { lines($0, settings) }).joined(separator: "\n") + "\n"
        }
        return sections.joined(separator: "\n")
    }

    /// The keys whose values differ: a line with `-` for the first settings, with `+` for the second.
    package static func differences(_ left: Settings, _ right: Settings, options: [OptionSpec]) -> [String] {
        changedKeys(left, right, options: options).flatMap { option in
            values(option, left).map { "-\(option.key) \($0)" } + values(option, right).map { "+\(option.key) \($0)" }
        }
    }

    /// The keys whose values differ.
    package static func changedKeys(_ left: Settings, _ right: Settings, options: [OptionSpec]) -> [OptionSpec] {
        options.filter { $0.isKey && left[$0].values != right[$0].values }
    }

    /// Where the comments start, so that they form a column behind all usual lines.
    private static let commentColumn = 44

    private static func lines(_ option: OptionSpec, _ settings: Settings) -> [String] {
        let texts = values(option, settings)
        guard !texts.isEmpty else {
            let meaning = option.unsetMeaning ?? "none"
            return [commented("# \(option.key) \(option.placeholder)", "not set: \(meaning)")]
        }
        let setting = settings[option]
        return texts.indices.map { index in
            let mark = hides(option, setting.values[index]) ? "# " : ""
            return commented("\(mark)\(option.key) \(texts[index])", setting.origins[index].description)
        }
    }

    private static func commented(_ line: String, _ comment: String) -> String {
        TextLayout.pad(line, to: commentColumn) + "  # " + comment
    }
}
