/// One option, declared once: the parser, the help, the man page, the completions, the environment and the
/// configuration file all read it from here.
package struct OptionSpec: Sendable {
    /// The name that identifies the option, and its key in a configuration file, such as `drain-duration`.
    package var key: String
    /// The long spellings without dashes; the first is the one that help shows.
    package var longs: [String]
    /// The one-letter spellings.
    package var shorts: [Character] = []
    /// What values look like.
    package var kind: ValueKind
    /// What stands for the value in help, in capitals; empty for a yes/no option.
    package var placeholder: String
    /// Whether the option may be given more than once; every value is kept, in order.
    package var isList = false
    /// Whether each value is split at commas.
    package var isCommaSeparated = false
    /// The value where nothing gives one, spelled as a person would.
    package var defaultText: String?
    /// The value of the option where it stands without one; `nil` where it must have one.
    package var impliedText: String?
    /// What happens where nothing gives a value and there is no ``defaultText``; for help, such as "one a processor".
    package var unsetMeaning: String?
    /// The heading that help puts the option under.
    package var category = "Options"
    /// What it does: one line without a full stop.
    package var summary: String
    /// What else there is to know, for the long help and the man page; whole sentences, or empty.
    package var details = ""
    /// The rule that settled it, such as `C11`, or empty.
    package var decision = ""
    /// Whether configuration files and `SESSIONCTL_…` variables may set it.
    package var isKey = false
    /// Further variables that set it, such as `HEARTBEAT_TIMEOUT`.
    package var environment: [String] = []
    /// Variables that several profiles claim; whether they apply is decided when settings are resolved.
    package var sharedEnvironment: [String] = []
    /// Whether its value is hidden wherever settings are printed.
    package var isSecret = false
    /// Whether the command cannot do without it.
    package var isRequired = false

    /// The spelling that messages use: `--drain-duration`.
    package var displayName: String { "--" + (longs.first ?? key) }

    /// The variable of a configuration key: `SESSIONCTL_DRAIN_DURATION`; `nil` where the option is no key.
    package var variable: String? {
        guard isKey else { return nil }
        return "SESSIONCTL_" + String(key.map { $0 == "-" ? "_" : Character($0.uppercased()) })
    }

    /// Every variable that can set it, the most particular first.
    package var variables: [String] { (variable.map { [$0] } ?? []) + environment + sharedEnvironment }

    /// The words that a value may be, for completion; empty where they cannot be listed.
    package var words: [String] { kind.words }

    /// Whether the option takes no value on the command line unless one is written with `=`.
    package var isToggle: Bool { kind == .toggle }

    /// The same option with other spellings, for a command that shortens them.
    ///
    /// - Parameters:
    ///   - long: The spelling that help shows; the old ones stay valid.
    ///   - shorts: The one-letter spellings, in place of the old ones.
    ///   - category: The heading there.
    package func respelled(long: String, shorts: [Character], category: String) -> OptionSpec {
        var copy = self
        copy.longs = [long] + longs.filter { $0 != long }
        copy.shorts = shorts
        copy.category = category
        return copy
    }
}
