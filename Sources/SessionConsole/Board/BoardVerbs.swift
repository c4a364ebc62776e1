import CommandKit
import SessionClient
import SessionCodec

/// `board list` and `board flush`: rooms through the admin API (PROTOCOLS §1.6); the other verbs need a WebSocket.
package enum BoardVerbs {
    /// Those that go over HTTP.
    package static let group = VerbGroup(
        "board", "Watch, draw on and look after shared boards", server: .administration,
        discussion: [
            """
            A room is a board with shapes and with the cursors of those who are there. 'watch', 'draw', 'move', 'delete', \
            'cursor', 'export' and 'import' are members of a room: they speak to the service board, by default on \
            ws://127.0.0.1:8000, with a token whose claims name the user and the room, or as --user in --room where the \
            server is open.
            """,
            """
            'list' and 'flush' speak the admin API: without --url over the administration socket of the one server on \
            this machine, with --url over HTTP, with a token of the role admin or an API key.
            """,
        ],
        verbs: [list, flush],
        examples: [
            CommandExample("sessionctl board watch --room r1", "Look at a board"),
            CommandExample(
                "sessionctl board draw rectangle 100 200 --width 150 --height 100 --text Hello --fill '#3b82f6'",
                "Draw a shape, and print its id"),
            CommandExample("sessionctl board move AbC123dEf456 150 250 --rotation 45", "Move and turn it"),
            CommandExample(
                "sessionctl board watch --expect-json '{\"del\":[\"AbC123dEf456\"]}' --within 1m",
                "Wait until it is gone"),
            CommandExample("sessionctl board export --format svg -o board.svg", "Keep a picture"),
            CommandExample("sessionctl board list --where 'shapes > 100'", "Which boards are large?"),
        ])

    private static let list = AdminVerbs.listVerb(
        AdminList(
            name: "list", summary: "List the rooms that are loaded",
            request: APIRequest("GET", "admin", "boards"),
            fields: [
                ListField("room"), ListField("state"), ListField("users"), ListField("connections", .count),
                ListField("shapes", .count), ListField("version", .count), ListField("bytes", .bytes),
                ListField("dirty-seconds", .count, key: "dirty_seconds"),
            ],
            example: CommandExample("sessionctl board list --where 'dirty-seconds > 10'", "Which wait for the backend?")
        ))

    private static let flush = Verb("flush", "Store a room now") {
        CommandDetails(
            discussion: [
                """
                Succeeds once everything that was drawn is in the backend, or in the server's own store where there is \
                none. A room that is not loaded is stored, and exit status 1.
                """
            ],
            operands: [OperandSpec("ROOM", .one, .text, "id of the room")],
            options: [APIOptions.expectation.spec].under("Expectation"),
            examples: [CommandExample("sessionctl board flush r1 --timeout 1m", "Before the backend is copied")])
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let request = APIRequest("POST", "admin", "boards", call.operand("ROOM"), "flush")
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
        return .success
    }
}
