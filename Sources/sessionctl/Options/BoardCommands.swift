import CommandKit
import SessionCodec
import SessionConsole

/// The declarations of the commands of board that use a WebSocket (PROTOCOLS §5.3).
enum BoardCommands {
    // MARK: Whom to speak to

    static let user = Option.text("user", "User to be where the server is open", "ID").unset("a guest")
    static let room = Option.text("room", "Room to be in where the server is open", "ID").unset("default")
        .detail("A token names its room itself; another one here is refused.")
    static let queryToken = Option.toggle("query-token", "Show the token in the query of the URL")
        .detail("As the servers of the seed want it. Those who log URLs then log the token, too.").rule("3-4")

    private static let url = OperandSpec(
        "URL", .optional, .text, "ws://, wss://, unix:PATH, or :PORT/PATH for loopback",
        prefixes: ["ws://", "wss://", "http://", "https://", "unix:", ":"])

    /// Whom to speak to, as whom, and how results are shown.
    private static var common: [OptionSpec] {
        [user.spec, room.spec].under("Member")
            + ([
                APIOptions.url.spec.explained("Server to speak to, in place of URL"), APIOptions.tokenFile.spec,
                APIOptions.token.spec, queryToken.spec, APIOptions.timeout.spec,
            ] + APICommands.security).under("Connection")
            + [APIOptions.json.spec, ClientOptions.noColor.spec, ClientOptions.quiet.spec].under("Output")
    }

    private static var expectation: [OptionSpec] { [APIOptions.expectation.spec].under("Expectation") }

    // MARK: watch

    static let view = Option<BoardPicture.View?>.choice("view", "How a board is shown").unset("canvas on a terminal")
        .detail(
            """
            'canvas' is a picture, 'list' has a line for each shape and cursor. A pipe gets one picture of 80 columns \
            and 24 rows, or all lines, of the board as it is now.
            """)
    static let ascii = Option.toggle("ascii", "Draw with the characters of ASCII alone")
    static let once = Option.toggle("once", "Show the board as it is now, and leave")

    private static let merged = """
         An array has the elements of the pattern's in their order, and may have others, since what happens at the same \
        time comes as one patch; [] is an empty array.
        """

    static let watch = CommandSpec("watch", "Look at a board as shapes and cursors move") {
        var details = CommandDetails(
            discussion: [
                """
                A terminal shows the board, drawn anew at most 20 times a second, until q, Ctrl-C, --for, an \
                expectation, or the close; it is scaled so that everything can be seen. Ellipses, lines and what is turned \
                are made of braille dots.
                """,
                """
                A pipe, or --json, gets one JSON object a line: the server's messages as they come, a snapshot first, then \
                patches. A server that speaks the seed's protocol alone sends a whole snapshot each time.
                """,
                """
                With --reconnect a lost connection is made again, and patches go on behind the version that was heard of \
                last; where the server has them no more a snapshot comes, and an object with "event":"gap" before it.
                """,
            ],
            operands: [url],
            options: [view.spec, ascii.spec].under("View") + [once.spec].under("When to stop")
                + WatchOptions.stopping(merged) + WatchOptions.reconnecting + common)
        details.examples = [
            CommandExample("sessionctl board watch --room r1 --user me", "Look at a room of an open server"),
            CommandExample("sessionctl board watch wss://host.example --token-file board.jwt --view list", "As lines"),
            CommandExample("sessionctl board watch --room r1 --once --json", "The board as it is, for a program"),
        ]
        return details
    }

    // MARK: Editing

    private static let x = OperandSpec("X", .one, .text, "how far to the right")
    private static let y = OperandSpec("Y", .one, .text, "how far down")
    static let waitStored = Option.toggle("wait-stored", "Wait until it is stored behind the server, too")
        .detail("In the backend, or in the server's own store where there is none.")

    private static var looks: [OptionSpec] {
        [
            BoardEditing.width.spec, BoardEditing.height.spec, BoardEditing.text.spec, BoardEditing.fill.spec,
            BoardEditing.stroke.spec, BoardEditing.rotation.spec,
        ].under("Shape")
    }

    private static var editing: [OptionSpec] { [waitStored.spec].under("When to stop") + expectation + common }

    static let draw = CommandSpec("draw", "Draw a shape, and print its id") {
        var details = CommandDetails(
            discussion: [
                """
                Succeeds once the server has confirmed the shape, which then survives a crash of the server. X and Y are \
                the upper left corner; a line and an arrow lead to the opposite one.
                """
            ],
            operands: [
                url,
                OperandSpec("TYPE", .one, .text, "what it is")
                    .suggesting(["rectangle", "ellipse", "circle", "line", "arrow", "text"]),
                x, y,
            ],
            options: looks + editing)
        details.examples = [
            CommandExample(
                "sessionctl board draw ellipse 10 20 --width 80 --height 40 --stroke red --room r1", "A red ellipse"),
            CommandExample(
                "sessionctl board draw text -50 20 --text Hello --room r1", "A text on the left"),
        ]
        return details
    }

    static let move = CommandSpec("move", "Move a shape, or change its looks") {
        var details = CommandDetails(
            discussion: ["Only what is named changes."],
            operands: [
                url, OperandSpec("ID", .one, .text, "id of the shape"),
                OperandSpec("X", .optional, .text, "how far to the right"),
                OperandSpec("Y", .optional, .text, "how far down"),
            ],
            options: looks
                + [BoardEditing.noText.spec, BoardEditing.noFill.spec, BoardEditing.noStroke.spec].under("Shape")
                + editing)
        details.examples = [
            CommandExample("sessionctl board move AbC123dEf456 150 250 --room r1", "Move it"),
            CommandExample("sessionctl board move AbC123dEf456 --no-text --fill yellow --room r1", "Change its looks"),
        ]
        return details
    }

    static let delete = CommandSpec("delete", "Take shapes away") {
        var details = CommandDetails(
            discussion: ["An unknown id is exit status 1; the other shapes are taken away all the same."],
            operands: [url, OperandSpec("ID", .oneOrMore, .text, "id of a shape")], options: editing)
        details.examples = [CommandExample("sessionctl board delete AbC123dEf456 --room r1", "Take one away")]
        return details
    }

    static let path = Option.text("path", "Move along the points of FILE, - for input", "FILE", .file)
        .detail("One point a line: X and Y with a blank or a comma between them.")
    static let cursorRate = Option.integer("rate", "Points a second at most", 1...1000, default: 30)
        .detail("The server shows the latest point 20 times a second, and takes 200 messages a second.")
    static let staying = Option<Duration?>.duration("for", "Stay this long behind the last point")
        .detail("A cursor is seen as long as its user is there.")

    static let cursor = CommandSpec("cursor", "Move one's cursor") {
        var details = CommandDetails(
            discussion: ["The cursor goes when the command does: --for keeps it, --path moves it on."],
            operands: [
                url, OperandSpec("X", .optional, .text, "how far to the right"),
                OperandSpec("Y", .optional, .text, "how far down"),
            ],
            options: [path.spec, cursorRate.spec].under("Cursor") + [staying.spec].under("When to stop") + expectation
                + common)
        details.examples = [
            CommandExample("sessionctl board cursor 10 20 --for 5s --room r1", "Point at something"),
            CommandExample("sessionctl board cursor --path points.txt --rate 10 --room r1", "Move along a path"),
        ]
        return details
    }

    // MARK: Files

    static let format = Option.choice("format", "What to write", default: BoardFile.Format.json)
    static let output = Option.text("output", "Write to FILE", "FILE", .file).short("o").unset("standard output")

    static let export = CommandSpec("export", "Write a board to a file") {
        var details = CommandDetails(
            discussion: ["Writes the board as it is now: JSON, which 'import' reads, or a picture in SVG."],
            operands: [url], options: [format.spec, output.spec].under("File") + expectation + common)
        details.examples = [
            CommandExample("sessionctl board export --room r1 -o board.json", "Keep a board"),
            CommandExample("sessionctl board export --room r1 --format svg -o board.svg", "Keep a picture of it"),
        ]
        return details
    }

    static let importRate = Option.integer("rate", "Shapes a second at most", 1...1_000_000, default: 50)
        .detail("The server takes 50 a second unless it runs with --rate-limit off.").rule("5.3")

    static let importing = CommandSpec("import", "Draw the shapes of a file") {
        var details = CommandDetails(
            discussion: [
                """
                FILE is what 'export' writes, a snapshot, or an array of shapes. They are drawn in their order, above \
                what is there, with new ids. The first shape that is refused ends it; one that is refused for the rate \
                is drawn later.
                """
            ],
            operands: [url, OperandSpec("FILE", .one, .file, "JSON; - reads standard input")],
            options: [importRate.spec].under("File") + editing)
        details.examples = [
            CommandExample("sessionctl board import board.json --room r2", "Copy a board"),
            CommandExample(
                "sessionctl board export --room r1 | sessionctl board import - --room r2 --wait-stored", "In one go"),
        ]
        return details
    }

    /// All of them, in the order of the help.
    static let all = [watch, draw, move, delete, cursor, export, importing]
}
