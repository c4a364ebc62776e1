import CommandKit
import SessionConsole

/// The declarations of `state …` and `handoff watch`: sync over a WebSocket (PROTOCOLS §3.4).
enum StateCommands {
    // MARK: Options

    static let session = Option.text("session", "Session to act in, a UUID", "UUID")
        .unset("the token's, or the user's newest, or a new one").rule("1-5")
    static let device = Option.text("device", "Device to act as", "ID")
        .unset("the token's, or sessionctl-HOST, for watch sessionctl-watch-HOST")
        .detail("A device has one connection: commands that run at the same time need a device each.")
    static let user = Option.text("user", "User to act as where the server is open", "ID")
        .detail("With a token it must be the token's own.")
    static let by = Option.text("by", "What is added; may be negative or have a fraction", "NUMBER").unset("1")
    static let showToken = Option.toggle("show-token", "Show the tokens of offers, which are credentials")

    // MARK: state

    static let state = CommandSpec("state", "Change and watch the keys of a session's state, live") {
        var details = CommandDetails(
            discussion: [
                """
                Speaks the WebSocket protocol of sync, by default to ws://127.0.0.1:8080/ws: authenticates with the \
                token, or as --user where the server is open. A change is reported once the server has acknowledged \
                it, which it does when the change is durable; the other devices of the session are told.
                """
            ],
            subcommands: [set, delete, merge, increment, watch])
        details.subcommandNoun = "verb"
        details.runsAlone = false
        details.examples = [
            CommandExample("sessionctl state set progress 80 --user u1", "Set a key of the user's session"),
            CommandExample("sessionctl state set mood calm --string --user u1", "Set it to a text"),
            CommandExample("sessionctl state increment streak --by -1 --user u1", "Subtract 1"),
            CommandExample(
                "sessionctl state watch progress --user u1 --expect-json '{\"value\":80}' --within 10s",
                "Wait until it is 80"),
        ]
        return details
    }

    private static let key = OperandSpec("KEY", .one, .text, "key of the state")
    private static let value = OperandSpec(
        "VALUE", .one, .text, "JSON, with --string text; - reads standard input")

    private static let set = change("set", "Set a key", [key, value], [SyncOptions.string.spec])
    private static let delete = change("delete", "Delete a key", [key], [])
    private static let merge = change(
        "merge", "Put the members of an object into a key's object",
        [key, OperandSpec("OBJECT", .one, .text, "JSON object; - reads standard input")], [])
    private static let increment = change("increment", "Add to a number", [key], [by.spec])

    private static func change(
        _ name: String, _ summary: String, _ operands: [OperandSpec], _ own: [OptionSpec]
    ) -> CommandSpec {
        CommandSpec(name, summary) {
            CommandDetails(operands: operands, options: own + [SyncOptions.baseVersion.spec] + common)
        }
    }

    private static let watch = CommandSpec("watch", "Print the changes of a session's state as they happen") {
        CommandDetails(
            discussion: [
                """
                One line an event until a signal, --for, --count, an expectation, or the close. With --reconnect a \
                lost connection is made again, and what happened meanwhile is told too; where the server can no \
                longer tell it, a line 'gap' says so.
                """
            ],
            operands: [OperandSpec("KEY", .any, .text, "key to watch; without any all are")],
            options: watching + common)
    }

    // MARK: handoff watch

    static let handoffWatch = CommandSpec("watch", "Print offers to a device and what becomes of its own") {
        CommandDetails(
            discussion: [
                """
                Connects as the device and prints handoff_offer, handoff_completed and handoff_expired. Offers reach \
                the connections of their target alone, completions the source's, so that --device matters.
                """
            ],
            options: [showToken.spec] + watching + common)
    }

    // MARK: Groups

    /// Who acts where, and how results are shown.
    private static var common: [OptionSpec] {
        [session.spec, user.spec, device.spec].under("Identity")
            + [APIOptions.url.spec, APIOptions.tokenFile.spec, APIOptions.token.spec, APIOptions.timeout.spec]
            .under("Connection") + APICommands.security.under("Connection")
            + [APIOptions.json.spec, ClientOptions.noColor.spec].under("Output")
    }

    /// When watching ends, and whether it survives a loss.
    private static var watching: [OptionSpec] {
        [
            ClientOptions.duration.spec, ClientOptions.count.spec, WatchOptions.expectation, ClientOptions.within.spec,
        ].under("When to stop")
            + [ClientOptions.reconnect.spec, ClientOptions.maxAttempts.spec].under("Reconnecting")
            + [ClientOptions.quiet.spec].under("Output")
    }
}
