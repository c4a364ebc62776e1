import SessionBase

/// Who may do what on the channels of a pattern (PROTOCOLS §1.10, `channels-rule`).
package struct ChannelRule: Equatable, Sendable {
    /// The channels it is about: a name, in which `*` stands for any rest.
    package var pattern: String
    /// The roles that may subscribe: `anyone`, `authenticated`, or names of roles; `nil` leaves it to the defaults.
    package var subscribers: [String]?
    /// The roles that may publish over a socket (PROTOCOLS 2-13).
    package var publishers: [String] = []
    /// How many messages are kept for those who come back.
    package var history = 0
    /// How long they are kept.
    package var historyLife: Duration = .seconds(300)
    /// Whether the channel's members can be asked for.
    package var hasPresence = true
    /// What becomes of messages for those who do not read.
    package var overflow = Overflow.disconnect

    /// What becomes of messages for those who do not read (PROTOCOLS C4).
    package enum Overflow: String, CaseIterable, Sendable {
        /// They wait; the connection is closed where too much does.
        case disconnect
        /// The oldest give way.
        case dropOldest = "drop_oldest"
        /// Only the last waits.
        case conflate
    }

    /// Describes a rule.
    package init(pattern: String) { self.pattern = pattern }

    /// Whether the rule is about a channel.
    ///
    /// - Complexity: O(length of the channel × stars of the pattern).
    package func fits(_ channel: String) -> Bool { Self.matches(pattern.utf8[...], channel.utf8[...]) }

    /// What a topic of such channels keeps; `nil` where nothing.
    var historyPolicy: HistoryPolicy? { HistoryPolicy(countMax: history, life: historyLife) }

    /// Walks over both; where they differ behind a star, the star takes one character more.
    private static func matches(_ pattern: Substring.UTF8View, _ text: Substring.UTF8View) -> Bool {
        var (pattern, text) = (pattern, text)
        var retry: (pattern: Substring.UTF8View, text: Substring.UTF8View)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retry = (pattern, text)
            } else if let letter = text.first, letter == pattern.first {
                (pattern, text) = (pattern.dropFirst(), text.dropFirst())
            } else if text.isEmpty, pattern.isEmpty {
                return true
            } else {
                guard let last = retry, !last.text.isEmpty else { return false }
                (pattern, text) = (last.pattern, last.text.dropFirst())
                retry = (pattern, text)
            }
        }
    }
}
