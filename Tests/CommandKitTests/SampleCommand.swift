import CommandKit

/// A small catalogue that has one of everything.
enum Sample {
    static let interval = Option.duration("ping-interval", "Silence before a ping", default: "25s").rule("C1")
    static let timeout = Option.duration("sync-timeout", "Wait", default: "60s", bareMilliseconds: true)
        .environment("TIMEOUT").detail("It's 'quoted' - and dashed.")
    static let header = Option.list("header", "Send a header", "NAME").short("H")
    static let profile = Option.list("profile", "Run a profile", "NAME", .choice(["a", "b"])).commaSeparated()
    static let quiet = Option.toggle("quiet", "Say nothing").short("q")
    static let insecure = Option.toggle("insecure", "Trust everybody").short("k")
    static let dev = Option.toggle("dev", "Development")
    static let compression = Option.toggle("compression", "Compress", default: true)
    static let count = Option<Int?>.integer("count", "Leave after N", 1...100).short("N")
    static let limit = Option<Int?>.integer("limit", "Most at once", 1...100, or: "off", default: "50")
    static let port = Option.integer("port", "Port", 0...65_535, default: 80).sharedEnvironment("PORT")
    static let secret = Option.text("secret", "A secret", "TEXT").secret()
    static let file = Option.text("file", "A file", "FILE", .file)
    static let user = Option.required("user", "Somebody", "ID")

    static let root = CommandSpec("tool", "A tool") {
        var details = CommandDetails(subcommands: [serve, send, config])
        details.runsAlone = false
        return details
    }

    static let keys = [
        interval.spec, timeout.spec, profile.spec, dev.spec, compression.spec, limit.spec, port.spec, secret.spec,
        file.spec, header.spec,
    ].asKeys()

    static let serve = CommandSpec("serve", "Serve") {
        var details = CommandDetails(
            discussion: [".A paragraph that starts with a dot."],
            options: keys, subcommands: [CommandSpec("sync", "Serve sync") { sync }])
        details.subcommandNoun = "profile"
        return details
    }

    private static var sync: CommandDetails {
        let own = keys.filter { $0.key != "profile" }.map { option in
            option.key == "sync-timeout" ? option.respelled(long: "timeout", shorts: ["t"], category: "Sync") : option
        }
        var details = CommandDetails(options: own)
        details.options[0].shorts = ["h"]
        details.settled = keys.filter { $0.key == "profile" }.map { ($0, "a") }
        details.helpIsShort = false
        return details
    }

    static let send = CommandSpec("send", "Send") {
        CommandDetails(
            operands: [
                OperandSpec("URL", .optional, .text, "where", prefixes: ["ws://", ":"]),
                OperandSpec("MESSAGE", .oneOrMore, .text, "what"),
            ],
            options: [header.spec, quiet.spec, insecure.spec, count.spec])
    }

    static let config = CommandSpec("config", "Configuration") {
        var details = CommandDetails(
            subcommands: [
                CommandSpec("check", "Check") {
                    CommandDetails(operands: [OperandSpec("KIND", .one, .choice(["man", "bash"]), "kind")])
                }
            ])
        details.runsAlone = false
        return details
    }

    /// What a failed parse says, and its status.
    static func failure(_ arguments: String...) -> CommandError? {
        do throws(CommandError) {
            _ = try ArgumentParser.parse(arguments, root: root)
            return nil
        } catch {
            return error
        }
    }

    static func parse(_ arguments: String...) throws(CommandError) -> ParsedCommand {
        try ArgumentParser.parse(arguments, root: root)
    }

    /// Settings of a command line, an environment and a file's text.
    static func settings(
        _ arguments: [String], environment: [String: String] = [:], file: String? = nil,
        admitsShared: @escaping (OptionSpec, String) -> Bool = { _, _ in true }
    ) throws(CommandError) -> Settings {
        let parsed = try ArgumentParser.parse(arguments, root: root)
        let resolver = SettingsResolver(options: parsed.details.settings) { environment[$0] }
        let configuration = file.map { ConfigurationFile($0, path: "f.conf", options: parsed.details.settings) }
        return try resolver.resolve(parsed, file: configuration) { option, variable throws(CommandError) in
            admitsShared(option, variable)
        }
    }
}
