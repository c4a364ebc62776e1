import CommandKit
import SessionBase
import SessionClient
import SessionCodec
import SessionConsole
import SessionTerminal
import Testing

/// Boards as lists, status lines and files.
@Suite struct BoardTextTests {
    private func board(_ message: String) throws -> BoardReplica {
        var board = BoardReplica()
        let message = try BoardServerMessage.decode(Array(message.utf8).span).message
        let outcome = board.apply(message)
        #expect(outcome == .applied)
        return board
    }

    private let snapshot = #"""
        {"type":"snapshot","room":"r","version":7,"epoch":"e","you":"u","connectedUsers":["u","v"],
        "cursors":[{"userId":"v","x":1.5,"y":-2,"timestamp":"2026-11-21T10:00:00.000Z"}],
        "shapes":[{"id":"a","type":"rectangle","x":1,"y":2,"width":3,"height":4.5,"userId":"u",
        "timestamp":"2026-11-21T10:00:00.000Z","text":"Hi\n\u001b","fill":"#fff","rotation":45,"updatedBy":"v","version":6}]}
        """#

    // MARK: Lists and pictures

    @Test func `a list has one line for each shape and cursor, which cannot steer the terminal`() throws {
        let board = try board(snapshot)
        let lines = BoardListView.lines(shapes: board.shapes, cursors: board.cursors, columns: nil)
        #expect(
            lines == [
                "ID  TYPE       X  Y  WIDTH  HEIGHT  TURNED  FILL  STROKE  USER  TEXT",
                #"a   rectangle  1  2      3     4.5      45  #fff  -       u     Hi\n\x1b"#, "",
                "CURSOR    X   Y", "v       1.5  -2",
            ])
        #expect(BoardListView.lines(shapes: [], cursors: [], columns: 80) == ["no shapes"])
        let cut = BoardListView.lines(shapes: board.shapes, cursors: board.cursors, columns: 30, rows: 3)
        #expect(cut.count == 3 && cut[1].hasSuffix("…") && cut[2] == "3 more lines")
    }

    @Test func `below a picture stands a line about the room, or a remark`() throws {
        var picture = BoardPicture(.canvas, .unicode)
        let board = try board(snapshot)
        let plain = picture.draw(board, columns: 80, rows: 6).lines(.none)
        #expect(plain.count == 6)
        #expect(plain[5].hasPrefix(" room r, version 7, 1 shape, users u v, a column is 2 units"), "\(plain[5])")
        let remark = picture.draw(board, remark: "lost\u{1b}", columns: 80, rows: 6).lines(.none)
        #expect(remark[5].hasPrefix(#" lost\x1b"#))
        #expect(picture.draw(board, columns: 10, rows: 1).lines(.none) == [" room r, …"])
    }

    // MARK: Files

    @Test func `what is exported is imported again`() throws {
        let board = try board(snapshot)
        let text = BoardFile.text(of: board, as: .json)
        #expect(String(decoding: text, as: UTF8.self).split(separator: "\n").count == 3)
        let shapes = try BoardFile.shapes(in: text, of: "f")
        #expect(
            shapes == [
                NewShape(
                    type: "rectangle", x: 1, y: 2, width: 3, height: 4.5, text: "Hi\n\u{1b}", fill: "#fff", rotation: 45
                )
            ])
        #expect(try BoardFile.shapes(in: BoardFile.text(of: BoardReplica(), as: .json), of: "f") == [])
        let svg = String(decoding: BoardFile.text(of: board, as: .svg), as: UTF8.self)
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    }

    @Test(
        arguments: [
            #"[{"type":"text","x":1,"y":2}]"#, #"{"shapes":[{"shapeType":"text","x":1,"y":2,"text":null}]}"#,
            #"{"connectedUsers":[],"cursors":[],"shapes":[{"id":"","type":"text","x":1,"y":2,"width":0}]}"#,
        ])
    func `a shape needs its type and its place alone`(text: String) throws {
        #expect(try BoardFile.shapes(in: Array(text.utf8), of: "f") == [NewShape(type: "text", x: 1, y: 2)])
    }

    @Test(
        arguments: [
            ("", "f:1:1: expected a value"), ("[\n {\"type\" 1}]", "f:2:10: expected ':'"),
            ("{}", "f holds no board: write an array of shapes, or an object with an array \"shapes\""),
            ("[1]", "f: shapes[0] is no object"),
            (
                #"[{"type":"text","x":1,"y":2},{"type":"text","x":1}]"#,
                "f: shapes[1]: field \"y\" is missing or invalid"
            ),
            (#"[{"type":"No type","x":1,"y":2}]"#, "f: shapes[0]: field \"type\" is missing or invalid"),
            (#"[{"type":"text","x":1e8,"y":2}]"#, "f: shapes[0]: field \"x\" is missing or invalid"),
            (##"[{"type":"text","x":1,"y":2,"fill":"#1"}]"##, "f: shapes[0]: field \"fill\" is missing or invalid"),
            (#"[{"type":"text","x":1,"y":2,"width":null}]"#, "f: shapes[0]: field \"width\" is missing or invalid"),
        ])
    func `what is no board is refused with its place`(text: String, message: String) {
        #expect(throws: CommandError(.badData, message)) { try BoardFile.shapes(in: Array(text.utf8), of: "f") }
    }

    @Test(arguments: [("100 200", 100.0, 200.0), (" -1.5,\t2e3 ", -1.5, 2000)])
    func `a line of a path is two numbers`(line: String, x: Double, y: Double) throws {
        let point = try #require(try BoardEditing.point(Array(line.utf8), "line 1"))
        #expect(point.x == x && point.y == y)
        for nothing in ["", "  ", "# comment"] {
            let none = try BoardEditing.point(Array(nothing.utf8), "line 1")
            #expect(none?.x == nil)
        }
        for bad in ["1", "1 2 3", "a b", "1e8 0", "nan 1"] {
            #expect(throws: CommandError.self) { try BoardEditing.point(Array(bad.utf8), "line 1") }
        }
    }
}
