import SessionCodec
import TestSupport
import Testing

/// The commands of board against a server that answers as it is told: what they send, what they print, how they end.
@Suite struct BoardVerbTests {
    /// Runs a script beside the server; `$sessionctl` is there, `sent` holds what clients sent, SESSIONCTL_URL is set.
    private func script(_ body: String) -> SpawnedProgram {
        CannedServices.run(beside: "canned_board.py", "export SESSIONCTL_URL=$url\n" + body)
    }

    /// Runs one command, whose output and status it is; what went over the socket is behind the remarks.
    private func run(_ command: String) -> SpawnedProgram {
        script(#""$sessionctl" board "# + command + #"; status=$?; sed 1d sent >&2; exit $status"#)
    }

    // MARK: Editing

    @Test(
        arguments: [
            (
                "draw rectangle 100 -20.5 --width 150 --height 1k --text 'Hello World' --fill '#3b82f6'", "s1\n",
                ##"{"type":"shape_create","shapeType":"rectangle","x":100,"y":-20.5,"width":150,"height":1000,"##
                    + ##""text":"Hello World","fill":"#3b82f6","id":1}"##
            ),
            (
                "move a 150 250 --rotation -90 --stroke red --no-text", "changed a, version 7\n",
                #"{"type":"shape_update","shapeId":"a","x":150,"y":250,"text":null,"stroke":"red","rotation":270,"id":1}"#
            ),
            (
                "move a --width 5", "changed a, version 7\n",
                #"{"type":"shape_update","shapeId":"a","width":5,"id":1}"#
            ),
            ("delete a", "deleted a, version 7\n", #"{"type":"shape_delete","shapeId":"a","id":1}"#),
            ("cursor -1 2", "cursor at -1,2\n", #"{"type":"cursor_move","x":-1,"y":2,"id":1}"#),
        ])
    func `an edit is one message with the seed's fields, and what came of it is printed`(
        command: String, output: String, sent: String
    ) {
        let run = run(command)
        #expect(run.status == 0 && run.output == output, "\(run.errors)")
        #expect(run.errors.hasSuffix("\n\(sent)\n"), "\(run.errors)")
        #expect(run.errors.hasPrefix(#"{"target": "/", "fields": {"sec-websocket-protocol": "sessionctl.board.v2"}}"#))
    }

    @Test func `for a program the confirmation is printed as it came`() throws {
        let run = run(#"draw text 1 2 --json --expect-json '{"version":7,"persisted":false}'"#)
        #expect(run.status == 0)
        #expect(
            try JSONValue.parse(run.output) == [
                "type": "ack", "id": 1, "version": 7, "persisted": false, "shapeId": "s1",
            ])
        let shown = self.run("draw text 1 2 --json --room seed")
        #expect(try JSONValue.parse(shown.output) == ["event": "shown", "shapeId": "s1"])
    }

    @Test func `shapes are taken away in their order, also behind one that is unknown`() {
        let run = run("delete a b a")
        #expect(run.status == 1)
        #expect(
            run.output
                == "deleted a, version 7\nerror SHAPE_NOT_FOUND for b: Told to\nerror SHAPE_NOT_FOUND for a: Told to\n")
    }

    @Test func `a cursor follows the points of a file or of standard input`() {
        let run = script(
            #"printf '1 2\n# three\n\n3,4\n' >path; "$sessionctl" board cursor --path path --rate 1000 && "#
                + #"seq 3 | sed 's/$/ 7/' | "$sessionctl" board cursor --path - --rate 1000"#)
        #expect(
            run.output == "cursor at 1,2\ncursor at 3,4\ncursor at 1,7\ncursor at 2,7\ncursor at 3,7\n", "\(run.errors)"
        )
        #expect(run.status == 0)
        let bad = script(#"printf '1 2\n3\n' | "$sessionctl" board cursor --path -"#)
        #expect(bad.status == 65 && bad.errors.contains("line 2 3: write two numbers"), "\(bad.errors)")
    }

    @Test func `what is stored is waited for`() {
        let stored = run("draw text 1 2 --wait-stored")
        #expect(stored.status == 0 && stored.output == "s1\nstored, version 7\n", "\(stored.errors)")
        let never = run("draw text 1 2 --wait-stored --room unstored --timeout 300ms")
        #expect(never.status == 75 && never.output == "s1\n")
        #expect(run("draw text 1 2 --wait-stored --room seed").status == 1)
    }

    @Test func `a server of the seed is understood`() {
        let run = script(
            #"for line in 'draw text 1 2' 'move a 5 6' 'delete a'; do "$sessionctl" board $line --room seed; done"#)
        #expect(run.output == "s1\nchanged a\ndeleted a\n", "\(run.errors)")
        #expect(self.run("move nothing 1 2 --room seed").status == 1)
    }

    @Test(
        arguments: [
            ("draw text 1 2 --room deny-FORBIDDEN", 77), ("draw text 1 2 --room deny-ROOM_FULL", 1),
            ("move b 1 2", 1), ("draw text 1 2 --room deny-STORE_UNAVAILABLE", 75),
            ("draw text 1 2 --room close-4503", 75), ("draw text 1 2 --room close-1000", 1),
            ("draw text 1 2 --room silent --timeout 200ms", 75), ("draw text 1 2 --token bad", 77),
            ("draw text 1 2 --room rate", 0), ("draw text 1 2 --expect-json '{\"version\":8}'", 1),
            ("watch --room close-4508", 69), ("watch --room close-4401", 77), ("watch --room close-1000", 0),
            ("watch --room close-4513 --expect-close 4513", 0), ("watch --once", 0), ("watch -N 2 --for 100ms", 1),
            ("watch --expect-json '{\"version\":6}'", 0), ("watch --expect-json '{\"version\":7}' --within 100ms", 1),
            ("watch --expect-none 300ms", 0), ("watch --room silent --timeout 200ms", 75), ("watch --token bad", 77),
            ("export --room silent --timeout 200ms", 75), ("export -o /dev/null/x", 74), ("import nothing", 66),
        ] as [(String, Int32)])
    func `every end has its status`(command: String, status: Int32) {
        let run = run(command)
        #expect(run.status == status, "\(run.errors)")
    }

    @Test(
        arguments: [
            ("draw", 64), ("draw text 1", 64), ("draw Text 1 2", 64), ("draw text a 2", 64), ("draw text 1e8 2", 64),
            ("draw text 1 2 --fill '#1'", 64), ("draw text 1 2 --width -1", 64), ("draw text 1 2 --rotation x", 64),
            ("move a", 64), ("move a 1", 64), ("move a 1 2 --text x --no-text", 64), ("move 'a b' 1 2", 64),
            ("delete", 64), ("cursor", 64), ("cursor 1", 64), ("cursor 1 2 --path x", 64),
            ("cursor --path nothing", 66),
            ("cursor --path /dev/null", 65), ("import - </dev/null", 65), ("watch --view picture", 64),
            ("watch --expect-json '{'", 64), ("watch --user 'a b'", 64), ("watch --room ''", 64),
            ("watch :1", 64), ("flush", 64),
        ] as [(String, Int32)])
    func `what cannot be sent is said before anything is sent`(command: String, status: Int32) {
        let words = command.split(separator: " <", maxSplits: 1)
        let run = SpawnedProgram(
            script: #""$1" board \#(words[0]) --url http://127.0.0.1:1 \#(words.count > 1 ? "<" + words[1] : "")"#)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output == "")
    }

    // MARK: Who connects

    @Test func `an open server is told user and room in the query, and a token goes into the handshake`() {
        let open = run("draw text 1 2 --user 'ü' --room 'a/b'")
        #expect(open.errors.contains(##""target": "/?userId=%C3%BC&roomId=a%2Fb""##), "\(open.errors)")
        let token = run("draw text 1 2 --token-file <(echo secret)")
        #expect(token.errors.contains(#""authorization": "Bearer secret""#), "\(token.errors)")
        let query = run("draw text 1 2 --token secret --query-token")
        #expect(query.errors.contains(#""target": "/?token=secret""#) && !query.errors.contains("authorization"))
        let refused = run("watch --token bad --query-token --room x --user bad --timeout 1s --for 50ms")
        #expect(!refused.errors.split(separator: "\n").filter { !$0.hasPrefix("{") }.joined().contains("token=bad"))
    }

    @Test func `a token for another room is refused before anybody draws there`() {
        let run = script(
            #"export XDG_STATE_HOME=$PWD; "#
                + #"token=$(JWT_SECRET=0123456789abcdef0123456789abcdef "$sessionctl" token issue --user u --room r1); "#
                + #""$sessionctl" board draw text 1 2 --token "$token" --room r2; echo $?; "#
                + #""$sessionctl" board draw text 1 2 --token "$token" --room r1"#)
        #expect(run.output == "64\ns1\n", "\(run.errors)")
        #expect(run.errors.contains("the token is for room r1; leave --room out"), "\(run.errors)")
    }

    // MARK: watch

    @Test func `a pipe gets the server's messages, and after a loss what was missed`() throws {
        let run = run("watch --room drop --reconnect -N 3 -q")
        #expect(run.status == 0)
        let messages = try ClientScript.objects(run.output)
        #expect(messages.map { $0["version"]?.integer } == [6, 7, 8])
        #expect(messages.map { $0["type"]?.string } == ["snapshot", "patch", "patch"])
        #expect(run.errors.contains(#""target": "/?roomId=drop&epoch=e1&since=7""#), "\(run.errors)")
    }

    @Test func `where the server begins anew a program is told of the gap`() throws {
        let run = run("watch --room lost --reconnect -N 4 -q")
        let messages = try ClientScript.objects(run.output)
        #expect(messages.map { $0["type"]?.string } == ["snapshot", "patch", nil, "snapshot"])
        #expect(messages[2]["event"]?.string == "gap" && messages[2]["since"]?.string == "e1:7")
    }

    @Test func `a pipe gets a picture or a list where it asks for one`() {
        let canvas = run("watch --view canvas")
        #expect(canvas.status == 0)
        #expect(canvas.output.split(separator: "\n").map { $0.drop { $0 == " " } }.first?.hasPrefix("┌───") == true)
        #expect(canvas.output.contains("◤guest") && !canvas.output.contains("\u{1b}"))
        let ascii = run("watch --view canvas --ascii")
        #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 } && ascii.output.contains("@guest"))
        let list = run("watch --view list")
        #expect(
            list.output == """
                ID  TYPE       X  Y  WIDTH  HEIGHT  TURNED  FILL  STROKE  USER  TEXT
                a   rectangle  1  2     30       8       0  -     -       u     -

                CURSOR  X  Y
                guest   5  4

                """)
    }

    // MARK: Files

    @Test func `a board is exported, and imported again`() throws {
        let run = script(
            #""$sessionctl" board export -o board.json && "$sessionctl" board import board.json --json && "#
                + #""$sessionctl" board export --format svg | head -c 5; sed 1d sent >&2"#)
        #expect(run.output == "{\"imported\":1,\"shapes\":[\"s1\"]}\n<svg ", "\(run.errors)")
        #expect(run.errors.contains("wrote 1 shape to board.json\n"))
        #expect(
            run.errors.contains(
                #"{"type":"shape_create","shapeType":"rectangle","x":1,"y":2,"width":30,"height":8,"id":1}"#))
        let bad = script(#"printf '[\n{"type":"text","x":1,"y":2},\n{]' | "$sessionctl" board import -"#)
        #expect(bad.status == 65 && bad.errors.contains("standard input:3:2: expected a key or '}'"), "\(bad.errors)")
        let full = script(
            #"printf '[{"type":"text","x":1,"y":2}]' | "$sessionctl" board import - --room deny-ROOM_FULL"#)
        #expect(full.status == 1 && full.errors.contains("ROOM_FULL: Told to"), "\(full.errors)")
    }

    @Test func `rooms are listed and stored through the admin API`() throws {
        let list = run("list --url $SESSIONCTL_URL --json")
        #expect(try JSONValue.parse(list.output)["total"] == 0)
        let flush = run("flush a/b --url $SESSIONCTL_URL --json")
        #expect(try JSONValue.parse(flush.output)["target"]?.string == "/admin/boards/a%2Fb/flush")
        #expect(try JSONValue.parse(flush.output)["method"]?.string == "POST")
    }
}
