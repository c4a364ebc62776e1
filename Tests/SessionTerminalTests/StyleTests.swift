import SessionTerminal
import Testing

@Suite struct StyleTests {
    @Test(
        arguments: [
            (true, false, [:], true), (false, false, [:], false), (true, true, [:], false),
            (true, false, ["NO_COLOR": "1"], false), (true, false, ["NO_COLOR": ""], true),
            (true, false, ["TERM": "dumb"], false), (true, false, ["TERM": "xterm"], true),
        ] as [(Bool, Bool, [String: String], Bool)])
    func `colour needs a terminal and nobody who refuses it`(
        isTerminal: Bool, isRefused: Bool, environment: [String: String], isColored: Bool
    ) {
        let style = Style(isTerminal: isTerminal, isRefused: isRefused) { environment[$0] }
        #expect(style.isColored == isColored)
    }

    @Test func `plain text stays plain`() {
        #expect(Style(isColored: false).paint("x", as: .failure) == "x")
    }

    @Test func `coloured text ends its colour`() {
        #expect(Style(isColored: true).paint("x", as: .failure) == "\u{1B}[31mx\u{1B}[0m")
    }
}
