import SessionBase
import SessionCodec
import SessionConsole
import SessionTerminal
import Testing

/// What `board watch` draws: shapes as cells, cursors, the part of the board that is shown.
@Suite struct BoardCanvasTests {
    private func shape(
        _ type: String, _ x: Double, _ y: Double, _ width: Double = 0, _ height: Double = 0, text: String? = nil,
        fill: String? = nil, stroke: String? = nil, rotation: Double = 0
    ) -> Shape {
        Shape(
            id: "a", type: type, x: x, y: y, width: width, height: height, user: "u",
            timestamp: Timestamp(milliseconds: 0), text: text, fill: fill, stroke: stroke, rotation: rotation)
    }

    private func grid(
        _ shapes: [Shape], cursors: [BoardCursor] = [], columns: Int = 20, rows: Int = 8,
        _ material: LineMaterial = .unicode
    ) -> CellGrid {
        var canvas = BoardCanvas(material)
        return canvas.draw(shapes: shapes, cursors: cursors, columns: columns, rows: rows)
    }

    private func picture(
        _ shapes: [Shape], cursors: [BoardCursor] = [], columns: Int = 20, rows: Int = 8,
        _ material: LineMaterial = .unicode
    ) -> String {
        "\n"
            + grid(shapes, cursors: cursors, columns: columns, rows: rows, material).lines(.none)
            .joined(separator: "\n") + "\n"
    }

    // MARK: Shapes

    @Test func `a rectangle with its text in the middle`() {
        #expect(
            picture([shape("rectangle", 0, 0, 15, 9, text: "Hello\nyou")]) == """



                   ┌──────────────┐
                   │    Hello     │
                   │     you      │
                   │              │
                   └──────────────┘


                """)
    }

    @Test func `the same in ASCII`() {
        #expect(
            picture([shape("rectangle", 0, 0, 15, 5, text: "Hello world, how are you?")], rows: 5, .ascii) == """



                   +--------------+
                   |Hello world, ~|
                   +--------------+

                """)
    }

    @Test func `an ellipse is made of dots, and a line and an arrow lead to the opposite corner`() {
        #expect(
            picture([shape("ellipse", 0, 0, 10, 11), shape("arrow", 12, 0, 5, 11)]) == """



                   ⡠⠒⠉⠉⠉⠉⠒⢄   ⢣
                  ⡜        ⢣   ⢣
                  ⡇        ⢸⡀   ⢣
                  ⡇        ⢸    ⠈⢆
                  ⠘⢄      ⡠⠃     ⠈⢆
                    ⠉⠒⠒⠖⠒⠉        ⠈▼

                """)
    }

    @Test func `later shapes hide those before them where they are filled`() {
        let below = shape("rectangle", 0, 0, 12, 8)
        let above = shape("rectangle", 4, 3, 12, 8, fill: "#fff")
        #expect(
            picture([below, above]) == """



                  ┌───────────┐
                  │   ┌───────────┐
                  │   │           │
                  │   │           │
                  └───│           │
                      └───────────┘

                """)
    }

    @Test func `a text cannot steer the terminal, and its lines are kept`() {
        let text = picture([shape("text", 0, 0, text: "a\u{1b}[2Jb\nc")])
        #expect(text.contains(#"a\x1b[2Jb"#) && text.contains("\n          c"), "\(text)")
    }

    @Test func `fill is behind the text, and the text can be read on it`() {
        let dark = grid([shape("rectangle", 0, 0, 15, 9, text: "x", fill: "#111", stroke: "red")])
        let cells = (0..<8).flatMap { row in (0..<20).map { dark[$0, row] } }
        let letter = cells.first { $0.glyph == .character("x") }
        #expect(letter?.foreground == .white && letter?.background == CellColor(0x111111))
        #expect(cells.first { $0.glyph == .character("┌") }?.foreground == CellColor(0xFF0000))
        let bright = grid([shape("rectangle", 0, 0, 15, 9, text: "x", fill: "yellow")])
        let found = (0..<8).flatMap { row in (0..<20).map { bright[$0, row] } }
        #expect(found.first { $0.glyph == .character("x") }?.foreground == .black)
    }

    @Test func `a turned rectangle is made of dots, and one that is turned by a right angle of frames`() {
        let turned = picture([shape("rectangle", 0, 0, 12, 8, rotation: 30)])
        #expect(!turned.contains("│") && turned.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
        #expect(picture([shape("rectangle", 0, 0, 12, 4, rotation: 90)]).contains("┌───┐"))
    }

    @Test func `shapes without an extent are dots, and those that nobody knows are boxes`() {
        #expect(picture([shape("rectangle", 0, 0)]).contains("▪"))
        #expect(picture([shape("sticky-note", 0, 0, 9, 8)]).contains("┌"))
    }

    // MARK: Cursors

    @Test func `a cursor has its user's name and colour`() {
        let cursor = BoardCursor(user: "alice\u{9b}", x: 3, y: 2)
        let drawn = grid([], cursors: [cursor], columns: 40)
        #expect(drawn.lines(.none).contains { $0.hasSuffix(#"◤alice\u{9b}"#) })
        let cells = (0..<8).flatMap { row in (0..<40).map { drawn[$0, row] } }
        #expect(cells.first { $0.glyph == .character("◤") }?.foreground == BoardCanvas.color(of: "alice\u{9b}"))
        #expect(picture([], cursors: [cursor], .ascii).contains("@alice"))
        #expect(
            picture([], cursors: [BoardCursor(user: String(repeating: "n", count: 40), x: 0, y: 0)], columns: 60)
                .contains("nnn…\n"))
    }

    // MARK: The part that is shown

    @Test(
        arguments: [
            (0.0, 0.0, 10.0, 10.0), (-1e7, -1e7, 1e6, 1e6), (1e7, 1e7, 0, 0), (500, -300, 900, 1), (3, 4, 0.5, 0.25),
        ])
    func `everything can be seen, however large or far away it is`(x: Double, y: Double, width: Double, height: Double)
    {
        let cells = picture([shape("rectangle", x, y, width, height)], columns: 30, rows: 10)
        #expect(cells.contains("┌") && cells.contains("┘") || cells.contains("▪") || cells.contains("─"))
    }

    @Test func `a cursor that moves within the picture does not move the board, one that leaves it does`() {
        var canvas = BoardCanvas(.unicode)
        let box = shape("rectangle", 0, 0, 30, 10)
        func draw(_ x: Double) -> [String] {
            let cursor = BoardCursor(user: "u", x: x, y: 0)
            return canvas.draw(shapes: [box], cursors: [cursor], columns: 40, rows: 10).lines(.none)
                .map { String($0.map { "◤u".contains($0) ? " " : $0 }) }
        }
        let first = draw(2).dropFirst(4)
        #expect(draw(4).dropFirst(4) == first && canvas.unitsPerColumn == 1)
        #expect(draw(200).dropFirst(4) != first)
        #expect(canvas.unitsPerColumn == 10)
        #expect(draw(4).count == 10 && canvas.unitsPerColumn == 1)
    }

    @Test func `an empty board is an empty picture, and no terminal is too small`() {
        #expect(grid([]).lines(.none) == [String](repeating: "", count: 8))
        for (columns, rows) in [(1, 1), (0, 0), (2, 1), (1, 5)] {
            let drawn = grid(
                [shape("ellipse", 0, 0, 50, 50, text: "x", fill: "red"), shape("line", 0, 0, 9, 9)],
                cursors: [BoardCursor(user: "u", x: 0, y: 0)], columns: columns, rows: rows)
            #expect(drawn.columns == columns && drawn.rows == rows)
        }
    }
}
