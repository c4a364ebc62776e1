import SessionTerminal
import Testing

/// Pictures of cells: writing, lines, boxes, and what a terminal is told of them.
@Suite struct CellGridTests {
    private func lines(_ grid: CellGrid) -> [String] { grid.lines(.none) }

    // MARK: Text

    @Test func `what lies outside is cut off`() {
        var grid = CellGrid(columns: 4, rows: 2)
        grid.put("a", column: -1, row: 0)
        grid.put("b", column: 4, row: 0)
        grid.put("c", column: 3, row: 2)
        grid.put("宽", column: 3, row: 1)
        grid.write("abcdef", column: -2, row: 1)
        #expect(lines(grid) == ["", "cdef"])
    }

    @Test func `a text that is too long ends in an ellipsis, and one that fits does not`() {
        var grid = CellGrid(columns: 6, rows: 3)
        grid.write("abcdef", column: 0, row: 0)
        grid.write("abcdefg", column: 0, row: 1)
        grid.write("abcdefg", column: 1, row: 2, limit: 3, ellipsis: "~")
        #expect(lines(grid) == ["abcdef", "abcde…", " ab~"])
    }

    @Test func `a wide character takes two cells, and half of one is a blank`() {
        var grid = CellGrid(columns: 6, rows: 3)
        grid.write("宽a", column: 0, row: 0)
        grid.write("宽a", column: 0, row: 1)
        grid.put("x", column: 1, row: 1)
        grid.write("a宽b", column: 0, row: 2)
        grid.put("宽", column: 0, row: 2)
        #expect(lines(grid) == ["宽a", " xa", "宽 b"])
        #expect(CharacterWidth.columns(of: "e\u{301}宽🙂x") == 6)
    }

    // MARK: Lines

    @Test func `a box runs along its cells, and a flat one is a line`() {
        var grid = CellGrid(columns: 9, rows: 4)
        grid.box(columns: 0...3, rows: 0...2, nil, .unicode)
        grid.box(columns: 5...5, rows: 0...2, nil, .unicode)
        grid.box(columns: 0...3, rows: 3...3, nil, .unicode)
        grid.box(columns: 7...7, rows: 1...1, nil, .unicode)
        #expect(lines(grid) == ["┌──┐ │", "│  │ │ ▪", "└──┘ │", "────"])
        var plain = CellGrid(columns: 4, rows: 3)
        plain.box(columns: 0...3, rows: 0...2, nil, .ascii)
        #expect(lines(plain) == ["+--+", "|  |", "+--+"])
    }

    @Test func `a box that is larger than the picture shows the edges that are in it`() {
        var grid = CellGrid(columns: 4, rows: 3)
        grid.box(columns: -5...2, rows: 1...90, nil, .unicode)
        #expect(lines(grid) == ["", "──┐", "  │"])
        grid = CellGrid(columns: 4, rows: 3)
        grid.box(columns: 10...20, rows: 0...2, nil, .unicode)
        #expect(lines(grid) == ["", "", ""])
    }

    @Test func `dots of several lines share a cell`() {
        var grid = CellGrid(columns: 2, rows: 1)
        grid.plot(x: 0, y: 0, nil)
        grid.plot(x: 1, y: 3, nil)
        grid.plot(x: 2, y: 4, nil)
        #expect(lines(grid) == ["⢁"])
    }

    @Test(
        arguments: [
            (PlanePoint(0, 0), PlanePoint(3.9, 0), ["----"]), (PlanePoint(0, 0), PlanePoint(0, 2.9), ["|", "|", "|"]),
            (PlanePoint(0, 0), PlanePoint(2.9, 2.9), ["\\", " \\", "  \\"]),
            (PlanePoint(0, 2.9), PlanePoint(2.9, 0), ["  /", " /", "/"]),
        ])
    func `lines in ASCII lean as they go`(start: PlanePoint, end: PlanePoint, rows: [String]) {
        var grid = CellGrid(columns: 4, rows: rows.count)
        grid.line(from: start, to: end, nil, .ascii)
        #expect(lines(grid) == rows)
    }

    @Test func `of a line that is far longer than the picture its part is drawn, and of one beside it nothing`() {
        var grid = CellGrid(columns: 4, rows: 1)
        grid.line(from: PlanePoint(-1e9, 0.5), to: PlanePoint(1e9, 0.5), nil, .ascii)
        #expect(lines(grid) == ["----"])
        grid = CellGrid(columns: 4, rows: 1)
        grid.line(from: PlanePoint(-1e9, 5), to: PlanePoint(1e9, 5), nil, .ascii)
        grid.line(from: PlanePoint(.infinity, 0), to: PlanePoint(0, 0), nil, .ascii)
        #expect(lines(grid) == [""])
    }

    // MARK: Sending

    @Test func `only what changed is sent, from its own place on`() {
        var first = CellGrid(columns: 5, rows: 2)
        first.write("hello", column: 0, row: 0)
        var second = first
        second.write("y", column: 4, row: 0)
        second.write("ab", column: 1, row: 1)
        #expect(second.update(from: first, .none) == "\u{1b}[1;5Hy\u{1b}[2;2Hab")
        #expect(second.update(from: second, .none) == "")
        #expect(first.update(from: nil, .none) == "\u{1b}[0m\u{1b}[2J\u{1b}[1;1Hhello")
        #expect(first.update(from: CellGrid(columns: 4, rows: 2), .none).contains("\u{1b}[2J"))
    }

    @Test func `behind a character of uncertain width the place is said anew`() {
        var grid = CellGrid(columns: 5, rows: 1)
        grid.write("宽ab", column: 0, row: 0)
        #expect(grid.update(from: CellGrid(columns: 5, rows: 1), .none) == "\u{1b}[1;1H宽\u{1b}[1;3Hab")
    }

    @Test func `a rendition is said once for its cells, and ended`() {
        var grid = CellGrid(columns: 6, rows: 1)
        grid.write("ab", column: 0, row: 0, CellStyle(foreground: CellColor(0xFF0000), isBold: true))
        grid.fill(column: 3, row: 0, CellColor(0x0000FF))
        #expect(
            grid.lines(.direct) == ["\u{1b}[0;1;38;2;255;0;0mab\u{1b}[0m \u{1b}[0;48;2;0;0;255m \u{1b}[0m"])
        #expect(grid.lines(.none) == ["ab"])
    }

    // MARK: Colours

    @Test(
        arguments: [
            ("#f00", 0xFF0000), ("#3b82f6", 0x3B82F6), ("#3b82f680", 0x3B82F6), ("#0f08", 0x00FF00), ("Red", 0xFF0000),
            ("rebeccapurple", 0x663399),
        ] as [(String, UInt32)])
    func `colours are read as CSS writes them`(text: String, digits: UInt32) {
        #expect(CellColor(css: text) == CellColor(digits))
    }

    @Test(arguments: ["", "#", "#12", "#12345", "#gggggg", "#12345600", "transparent", "none", "nonsense"])
    func `what is no colour that can be seen is none`(text: String) {
        #expect(CellColor(css: text) == nil)
    }

    @Test func `a terminal is sent the nearest colour it has`() {
        var grid = CellGrid(columns: 1, rows: 1)
        grid.put("x", column: 0, row: 0, CellStyle(foreground: CellColor(0x3B82F6)))
        #expect(grid.lines(.direct) == ["\u{1b}[0;38;2;59;130;246mx\u{1b}[0m"])
        #expect(grid.lines(.indexed) == ["\u{1b}[0;38;5;69mx\u{1b}[0m"])
        #expect(grid.lines(.basic) == ["\u{1b}[0;94mx\u{1b}[0m"])
        #expect(grid.lines(.none) == ["x"])
    }

    @Test func `the terminal's variables tell how many colours it has`() {
        func depth(_ variables: [String: String], isColored: Bool = true) -> ColorDepth {
            ColorDepth(Style(isColored: isColored)) { variables[$0] }
        }
        #expect(depth(["TERM": "xterm"]) == .basic)
        #expect(depth(["TERM": "xterm-256color"]) == .indexed)
        #expect(depth(["TERM": "xterm-256color", "COLORTERM": "truecolor"]) == .direct)
        #expect(depth(["TERM": "xterm-256color"], isColored: false) == .none)
    }
}
