package import CommandKit
internal import SessionBase
internal import SessionCodec
package import SessionCore
internal import SessionServer

extension ChannelsConfiguration {
    /// How channels behave, as the settings have it.
    init(_ settings: Settings) throws(CommandError) {
        self.init()
        rules = try ChannelRule.all(settings)
        hasStrictIDs = settings[ServeOptions.channelsStrictIDs]
        connectionTimeout = settings[ServeOptions.channelsConnectionTimeout]
        cleanupInterval = settings[ServeOptions.channelsCleanupInterval]
        idleCountsPong = settings[ServeOptions.channelsIdleCountsPong]
        reportRetention = settings[ServeOptions.channelsReportRetention]
        rowsMax = settings[ServeOptions.channelsRows]
    }
}

extension ChannelRule {
    /// The rules of `--channels-rule`, in order.
    ///
    /// - Throws: What is wrong with one, with its line and what to write.
    package static func all(_ settings: Settings) throws(CommandError) -> [ChannelRule] {
        var rules: [ChannelRule] = []
        for (index, text) in settings[ServeOptions.channelsRule].enumerated() {
            do throws(RuleMistake) { rules.append(try ChannelRule(parsing: text)) } catch {
                throw settings.error(ServeOptions.channelsRule, value: index, error.remedy)
            }
        }
        return rules
    }

    /// Reads `PATTERN [subscribe=ROLES] [publish=ROLES] [history=N] [ttl=D] [presence=on|off] [policy=WORD]`.
    private init(parsing text: String) throws(RuleMistake) {
        let words = try RuleWords(text)
        self.init(pattern: words.pattern)
        guard words.pattern.utf8.count <= ChannelName.bytesMax, ChannelName.allows(words.example) else {
            throw RuleMistake("begin with a channel's name, in which * stands for any text, such as patients:*")
        }
        for (key, value) in words.members {
            switch key {
            case "subscribe": subscribers = try RuleWords.roles(value, of: key)
            case "publish": publishers = try RuleWords.roles(value, of: key)
            case "history":
                guard let number = Int(value), 0...Self.historyMax ~= number else {
                    throw RuleMistake("history is a number from 0 to \(Self.historyMax)")
                }
                history = number
            case "ttl": historyLife = try RuleWords.duration(value, of: key)
            case "presence":
                guard value == "on" || value == "off" else { throw RuleMistake("presence is on or off") }
                hasPresence = value == "on"
            case "policy":
                guard let policy = Overflow(rawValue: value) else {
                    throw RuleMistake("policy is \(Overflow.allCases.map(\.rawValue).joinedAsChoice())")
                }
                overflow = policy
            default:
                throw RuleMistake(
                    "\(Origin.printable(key)) is nothing that a rule has; write subscribe, publish, history, ttl, presence "
                        + "or policy")
            }
        }
    }

    /// What one channel may keep, in messages.
    private static let historyMax = 100_000
}

extension HookConfiguration {
    /// The endpoint of `--channels-hook`; `nil` without one. Reads the file of its secret.
    ///
    /// - Throws: Status 66 for a file that is not there, otherwise what is wrong.
    static func configured(_ settings: Settings) throws(CommandError) -> HookConfiguration? {
        guard let endpoint = try endpoint(settings) else { return nil }
        return HookConfiguration(endpoint: endpoint, secret: try secret(settings))
    }

    /// The address of the endpoint, which stands in no need of any file.
    static func endpoint(_ settings: Settings) throws(CommandError) -> Endpoint? {
        guard let text = settings[ServeOptions.channelsHook] else {
            if settings.isSet(ServeOptions.channelsHookSecret) {
                throw settings.error(ServeOptions.channelsHookSecret, "it needs --channels-hook beside it")
            }
            if settings.isSet(ServeOptions.channelsHookSecretFile) {
                throw settings.error(ServeOptions.channelsHookSecretFile, "it needs --channels-hook beside it")
            }
            return nil
        }
        if settings.isSet(ServeOptions.channelsHookSecret), settings.isSet(ServeOptions.channelsHookSecretFile) {
            throw settings.error(
                ServeOptions.channelsHookSecretFile, "--channels-hook-secret says the secret too; leave one out")
        }
        return try RuleWords.endpoint(text) { reason in settings.error(ServeOptions.channelsHook, reason) }
    }

    private static func secret(_ settings: Settings) throws(CommandError) -> [UInt8]? {
        if let text = settings[ServeOptions.channelsHookSecret] { return Array(text.utf8) }
        guard let path = settings[ServeOptions.channelsHookSecretFile] else { return nil }
        guard let line = try TextFile.firstLine(path) else {
            throw settings.error(ServeOptions.channelsHookSecretFile, "write the secret in its first line")
        }
        return line
    }
}
