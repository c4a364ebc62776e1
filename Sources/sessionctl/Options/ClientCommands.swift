package import CommandKit

/// The declarations of the client commands (PROTOCOLS §1.11).
package enum ClientCommands {
    /// All of them, in the order of the help.
    package static var all: [CommandSpec] {
        [connect, send, register, deregister, heartbeat, focus, ping, wait]
    }

    /// The URL that every client command may be given.
    private static let url = OperandSpec(
        "URL", .optional, .text, "ws://, wss://, unix:PATH, or :PORT/PATH for loopback",
        prefixes: ["ws://", "wss://", "http://", "https://", "unix:", ":"])

    private static let connect = CommandSpec("connect", "Talk to a WebSocket server, by hand or from a pipe") {
        var details = CommandDetails(
            discussion: [
                """
                A terminal is interactive: frames print above the line being typed, Tab completes message types, \
                fields and known values of the profile, and /help lists the commands. A pipe sends each line as one \
                text message; after its end reading goes on until --count, an expectation, the peer's close, or \
                --wait without a frame.
                """,
                """
                Standard output carries received payloads only, one a line; everything else goes to standard error.
                """,
            ],
            operands: [url],
            options: typing + stoppingAndRest)
        details.examples = [
            CommandExample("sessionctl connect", "Type messages to the awareness service on this machine"),
            CommandExample(
                "printf '%s\\n' a b c | sessionctl connect :9001/echo -N 3", "Three messages, three answers"),
            CommandExample("sessionctl connect wss://host.example/awareness --cacert ca.pem", "Over TLS"),
            CommandExample("sessionctl connect --profile channels", "Type messages to channels"),
            CommandExample("sessionctl connect --reconnect --on-connect '{\"type\":\"ping\"}'", "Stay connected"),
        ]
        return details
    }

    private static let send = CommandSpec("send", "Send messages, wait for the answers, leave") {
        var details = CommandDetails(
            discussion: [
                """
                Sends each MESSAGE as one text message, prints what comes back, and checks the expectations. A \
                failed expectation is exit status 1.
                """
            ],
            operands: [url, OperandSpec("MESSAGE", .oneOrMore, .text, "text to send")],
            options: stoppingAndRest)
        details.examples = [
            CommandExample(
                "sessionctl send '{\"type\":\"ping\"}' --expect-json '{\"type\":\"pong\"}' --within 500ms",
                "Is the service well?")
        ]
        return details
    }

    /// What `connect` has and `send` has not.
    private static var typing: [OptionSpec] {
        [
            ClientOptions.execute.spec, ClientOptions.onConnect.spec, ClientOptions.echo.spec,
            ClientOptions.history.spec,
        ].under("Messages") + [ClientOptions.reconnect.spec, ClientOptions.maxAttempts.spec].under("Reconnecting")
    }

    private static var stoppingAndRest: [OptionSpec] {
        ClientOptions.stopping + ClientOptions.connection + ClientOptions.output + ClientOptions.faults
    }

    private static let register = awareness(
        "register", "Register a window and print what it is told",
        "Registers the window and prints frames until a signal, --for, --once, or the close.",
        [ClientOptions.duration.spec, ClientOptions.once.spec],
        CommandExample("sessionctl register --user u1 --window w1 --case CASE-001 --once", "Register and leave"))

    private static let deregister = awareness(
        "deregister", "Take a window out",
        "Registers the window on its own connection, takes it out, and leaves after the server's error or 200 ms.",
        [], CommandExample("sessionctl deregister --user u1 --window w1 --case CASE-001", "Take it out"))

    private static let heartbeat = awareness(
        "heartbeat", "Keep a window alive",
        "Registers the window and sends a heartbeat for it at once and every --every.",
        [ClientOptions.every.spec, ClientOptions.duration.spec],
        CommandExample(
            "sessionctl heartbeat --user u1 --window w1 --case CASE-001 --every 5s --for 1m", "A minute of heartbeats"))

    private static let focus = awareness(
        "focus", "Tell that a window gained focus",
        "Registers the window, gives it the focus, and leaves after the server's error or 200 ms.",
        [], CommandExample("sessionctl focus --user u1 --window w1 --case CASE-001", "Give it the focus"))

    private static func awareness(
        _ name: String, _ summary: String, _ discussion: String, _ own: [OptionSpec], _ example: CommandExample
    ) -> CommandSpec {
        CommandSpec(name, summary) {
            var details = CommandDetails(
                discussion: [
                    discussion,
                    "Where the window is live on another connection, this one takes it over (PROTOCOLS 0-7).",
                ],
                operands: [url],
                options: ClientOptions.identity + own.under("When to stop") + ClientOptions.transport
                    + ClientOptions.output)
            details.examples = [example]
            return details
        }
    }

    private static let ping = CommandSpec("ping", "Measure round trips") {
        var details = CommandDetails(
            discussion: ["Sends WebSocket pings and prints how long each pong took."],
            operands: [url],
            options: [ClientOptions.pingCount.spec, ClientOptions.interval.spec].under("When to stop")
                + ClientOptions.connection + ClientOptions.output)
        details.examples = [CommandExample("sessionctl ping -N 3", "Three round trips")]
        return details
    }

    private static let wait = CommandSpec("wait", "Wait until a server is ready") {
        var details = CommandDetails(
            discussion: ["Asks again and again until the server is ready, or --timeout is over (exit status 75)."],
            operands: [url],
            options: [ClientOptions.goal.spec, ClientOptions.timeout.spec].under("When to stop")
                + ClientOptions.connection + ClientOptions.output)
        details.examples = [CommandExample("sessionctl wait --for ready --timeout 30s", "Before a test starts")]
        return details
    }
}
