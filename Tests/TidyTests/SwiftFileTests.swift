import Testing

/// The rules are worth as much as the reader behind them.
@Suite struct SwiftFileTests {
    @Test func `code, comments and the insides of literals are told apart`() {
        let file = SwiftFile(
            path: "Sources/Target/Name.swift",
            text: #"""
                let a = "print(\"x\") // no comment" // comment
                /* block /* nested */ still
                block */ let b = 1
                let c = """
                    unsafe // text
                    """ + d
                func `a sentence with unsafe words`() {}
                """#)
        #expect(file.lines.map(\.code) == ["let a = \" ", "", " let b = 1", "let c = ", "", " + d", "func `() {}"])
        #expect(file.lines.map { !$0.comment.isEmpty } == [true, true, true, false, false, false, false])
        #expect(file.stem == "Name")
        #expect(file.target == "Target")
    }

    @Test func `attributes alone on their line are recognised`() {
        let lines = SwiftFile(
            path: "Sources/T/N.swift", text: "@inlinable\n@available(*, deprecated)\n@Test func x() {}"
        ).lines
        #expect(lines.map(\.isAttribute) == [true, true, false])
    }
}
