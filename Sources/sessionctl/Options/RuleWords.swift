internal import CommandKit
internal import SessionCodec

/// What is wrong with a rule: what to write instead.
struct RuleMistake: Error {
    let remedy: String

    init(_ remedy: String) { self.remedy = remedy }
}

/// A rule taken apart: `PATTERN KEY=VALUE KEY=VALUE` (PROTOCOLS §1.10, "Configuration").
struct RuleWords {
    /// The first word.
    let pattern: String
    /// The others, in order.
    let members: [(key: String, value: String)]

    init(_ text: String) throws(RuleMistake) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, !first.contains("=") else {
            throw RuleMistake("begin with a pattern, such as public:*, and write KEY=VALUE behind it")
        }
        pattern = String(first)
        var members: [(key: String, value: String)] = []
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw RuleMistake("\(Origin.printable(String(word))) is no KEY=VALUE")
            }
            guard !members.contains(where: { $0.key == parts[0] }) else {
                throw RuleMistake("\(Origin.printable(parts[0])) is given twice")
            }
            members.append((parts[0], parts[1]))
        }
        self.members = members
    }

    /// A name that the pattern fits, if it fits any.
    var example: String { pattern.replacing("*", with: "x") }

    /// Reads `ROLE[,ROLE]`.
    static func roles(_ text: String, of key: String) throws(RuleMistake) -> [String] {
        let roles = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard roles.allSatisfy(IdentifierRule.allows) else {
            throw RuleMistake("\(key) is a list of roles, such as staff,admin")
        }
        return roles
    }

    /// Reads `10m`.
    static func duration(_ text: String, of key: String) throws(RuleMistake) -> Duration {
        let kind = ValueKind.duration(DurationText.Rule(minimum: .milliseconds(1)), word: nil)
        guard case .duration(let duration)? = try? kind.parse(text) else {
            // Whatever is wrong with it, this is what to write.
            throw RuleMistake("\(key) is a duration such as 250ms, 5s, 2m, 1h or 7d")
        }
        return duration
    }

    /// Reads the URL of a service.
    ///
    /// - Parameter failure: Makes the error of a reason.
    static func endpoint(
        _ text: String, _ failure: (String) -> CommandError
    ) throws(CommandError) -> Endpoint {
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw failure("write a URL such as https://host/path")
        }
        do throws(EndpointError) { return try Endpoint(parsing: text) } catch { throw failure("\(error)") }
    }
}
