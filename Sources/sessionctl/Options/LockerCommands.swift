import CommandKit
import SessionCodec
import SessionConsole

/// The declarations of the commands of lockers that use a WebSocket (PROTOCOLS §6.3).
enum LockerCommands {
    private static let server = VerbServer.service(.lockers)

    static let rooms = Option.list("room", "Join this room too", "ROOM")
    static let since = Option.text("since", "Go on from here: EPOCH:OFFSET, a time in RFC 3339, or now", "PLACE")
        .detail(
            """
            What happened since then comes first, or a line 'gap' says that the server no longer has it all; 'now' asks \
            for places alone, which are told at the end. The server keeps the last 200 events of 10 minutes.
            """)

    static let watch = CommandSpec("watch", "Print the events of a namespace as they happen") {
        CommandDetails(
            discussion: watching,
            operands: [
                OperandSpec("NAMESPACE", .optional, .text, "lockers, help, events or another; lockers unless told")
                    .suggesting(["lockers", "help", "events"])
            ],
            options: [rooms.spec].under("What to hear") + hearing)
    }

    static let join = CommandSpec("join", "Join rooms and print what they are told") {
        CommandDetails(
            discussion: watching,
            operands: [OperandSpec("ROOM", .oneOrMore, .text, "room, such as kiosk-1")],
            options: [LockerOptions.namespace.spec].under("What to hear") + hearing)
    }

    static let acknowledge = CommandSpec("ack", "Acknowledge a command") {
        CommandDetails(
            discussion: [
                "Tells the namespace events that a command was received; 'locker acks' lists who has told so."
            ],
            operands: [OperandSpec("COMMAND", .one, .text, "id of the command")],
            options: [APIOptions.expectation.spec].under("Expectation") + WatchOptions.common(server))
    }

    private static let watching = [
        """
        Prints one line an event until a signal, --for, --count, an expectation, or the close: its type and data, the \
        room in front where it was told to a room; with --json the event as it came. Whoever is in a room hears the \
        namespace, too.
        """,
        """
        With --reconnect a lost connection is made again, and what happened meanwhile is printed too; where something \
        is lost a line 'gap' says so.
        """,
    ]

    private static var hearing: [OptionSpec] {
        [since.spec].under("What to hear") + WatchOptions.stopping() + WatchOptions.reconnecting
            + WatchOptions.common(server)
    }
}
