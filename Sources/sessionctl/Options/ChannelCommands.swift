import CommandKit
import SessionCodec
import SessionConsole

/// The declarations of the commands of channels that use a WebSocket (PROTOCOLS §4.3).
enum ChannelCommands {
    private static let server = VerbServer.service(.channels)

    // MARK: subscribe

    static let since = Option.list("since", "Go on behind this message", "EPOCH:OFFSET")
        .detail(
            """
            What came behind it comes first, or a line 'gap' says that the server no longer has it all. With several \
            channels give one for each, in their order. --positions shows places.
            """)
    static let positions = Option.toggle("positions", "Ask for the place of every message")
        .detail(
            """
            Messages have an "offset" then where the channel keeps a history, and at the end the place of each channel \
            is told. Implied by --reconnect and --since.
            """)

    static let subscribe = CommandSpec("subscribe", "Subscribe to channels and print their messages") {
        var details = CommandDetails(
            discussion: [
                """
                Prints one line a message until a signal, --for, --count, an expectation, or the close: the channel, the \
                type and the data; with --json the message as it came. By default of ws://127.0.0.1:3000/ws.
                """,
                """
                With --reconnect a lost connection is made again, and what was published meanwhile is printed too where \
                the channel keeps a history; where something is lost a line 'gap' says so.
                """,
            ],
            operands: [OperandSpec("CHANNEL", .oneOrMore, .text, "channel, such as alerts:critical")],
            options: [since.spec, positions.spec].under("From where on") + WatchOptions.stopping()
                + WatchOptions.reconnecting + WatchOptions.common(server))
        details.examples = [
            CommandExample("sessionctl subscribe alerts:critical system:notifications", "Hear two channels"),
            CommandExample(
                "sessionctl subscribe patients:vitals:room-101 --reconnect --json", "For a program, for good"),
            CommandExample(
                #"sessionctl subscribe test:a --expect-json '{"type":"done"}' --within 1m"#, "Wait for a message"),
        ]
        return details
    }

    // MARK: report

    static let reason = Option.text("reason", "Why, for those who make it", "TEXT")
        .detail("At most 256 characters.")
    static let patience = ClientOptions.duration.spec.explained("Give up after this long, with exit status 75")

    static let reportCancel = CommandSpec("cancel", "Cancel the making of a report") {
        CommandDetails(
            discussion: [
                """
                Succeeds once the server says that the report is cancelled, also where it was before. Its owner may do \
                that and administrators; one that has ended otherwise is exit status 1.
                """
            ],
            operands: [ReportVerbs.report],
            options: [reason.spec].under("Message") + [APIOptions.expectation.spec].under("Expectation")
                + WatchOptions.common(server))
    }

    static let reportWatch = CommandSpec("watch", "Follow a report to its end") {
        CommandDetails(
            discussion: [
                """
                A terminal shows a bar, drawn anew in place; a pipe gets one line a change. The exit status is 0 where \
                the report is completed, and 1 where it fails or is cancelled. A report that nobody has spoken of yet \
                is waited for.
                """,
                """
                With an expectation the exit status is 0 as soon as it is met, and 1 where the report ends before; \
                what the report is to begin with breaks no --expect-none.
                """,
            ],
            operands: [ReportVerbs.report],
            options: ([patience] + WatchOptions.expecting).under("When to stop") + WatchOptions.reconnecting
                + WatchOptions.common(server))
    }

    // MARK: stream

    static let interval = Option<Duration?>.duration("interval", "At most one answer in this time")
        .unset("every row at once")
        .detail("From 250ms to 1h; 0 takes every row at once. The newest row of an interval is printed.").rule("2-25")
    static let batch = Option.toggle("batch", "Print all rows of an interval, not the newest alone")
    static let filter = Option.list("filter", "Only rows whose field KEY is VALUE", "KEY=VALUE")
        .detail(
            "VALUE is JSON where it is a number, true, false, null or a text in quotes, and else text; all must hold."
        ).rule("2-26")

    static let streamWatch = CommandSpec("watch", "Print the rows of a stream as they come") {
        CommandDetails(
            discussion: [
                """
                Prints one row a line: those that the server holds, oldest first, then every new one, until a signal, \
                --for, --count, an expectation, or the close.
                """
            ],
            operands: [StreamVerbs.template],
            options: [interval.spec, batch.spec, filter.spec].under("Which rows") + WatchOptions.stopping()
                + WatchOptions.reconnecting + WatchOptions.common(server))
    }
}
