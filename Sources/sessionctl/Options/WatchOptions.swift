import CommandKit
import SessionConsole

/// What the commands of channels and lockers that use a WebSocket have in common.
enum WatchOptions {
    /// When watching ends.
    ///
    /// - Parameter remark: What more is to be said of `--expect-json`.
    static func stopping(_ remark: String = "") -> [OptionSpec] {
        var expectation = expectation
        expectation.details += remark
        return [
            ClientOptions.duration.spec, ClientOptions.count.spec, expectation, ClientOptions.expectNone.spec,
            ClientOptions.expectClose.spec, ClientOptions.within.spec,
        ].under("When to stop")
    }

    /// What must be told by a command that has an end of its own.
    static var expecting: [OptionSpec] { [expectation, ClientOptions.expectNone.spec, ClientOptions.within.spec] }

    /// Whether it survives a loss.
    static var reconnecting: [OptionSpec] {
        [ClientOptions.reconnect.spec, ClientOptions.maxAttempts.spec].under("Reconnecting")
    }

    /// Whom to speak to, as whom, and how events are shown.
    static func common(_ server: VerbServer) -> [OptionSpec] {
        APICommands.common(server) + [ClientOptions.quiet.spec].under("Output")
    }

    /// `--expect-json` for a command that prints events.
    static var expectation: OptionSpec {
        var option = ClientOptions.expectJSON.spec
        option.summary = "Expect an event that matches PATTERN"
        option.details = """
            PATTERN is JSON, compared by structure with the events as --json prints them; an event may have additional \
            fields. Each of several patterns needs an event of its own. Not found until --within: exit status 1.
            """
        return option
    }
}
