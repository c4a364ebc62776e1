import Glibc
import SessionTerminal
import TestSupport
import Testing

/// Serialized, because there is one readline in a process.
@Suite(.serialized) struct LineEditorTests {
    /// An editor on a pseudo-terminal, and the person before it.
    private final class Desk {
        let terminal: PseudoTerminal
        let editor: LineEditor

        init(columns: Int = 40, configure: (inout LineEditor.Configuration) -> Void = { _ in }) {
            setenv("TERM", "xterm", 1)
            setenv("INPUTRC", "/dev/null", 1)
            terminal = PseudoTerminal(columns: columns)
            var configuration = LineEditor.Configuration()
            configure(&configuration)
            Self.awaitLowDescriptor(like: terminal.slave)
            editor = LineEditor(
                inputDescriptor: terminal.slave, outputDescriptor: terminal.slave, configuration: configuration)
            editor.start()
            terminal.show()
        }

        deinit { editor.stop() }

        /// Waits until the editor's copy of a descriptor has a number that readline's `select` takes, which ends the process
        /// from 1,024 on: the other suites of this process may have that many sockets open for a moment.
        private static func awaitLowDescriptor(like descriptor: Int32) {
            for _ in 0..<1200 {
                let copy = dup(descriptor)
                close(copy)
                if (0..<900).contains(copy) { return }
                usleep(50_000)
            }
        }

        @discardableResult
        func type(_ text: String) -> [LineEditor.Event] {
            terminal.type(text)
            let events = editor.readInput()
            terminal.show()
            return events
        }

        func print(_ text: String) {
            editor.printAbove(Array(text.utf8))
            terminal.show()
        }

        var currentRow: String { terminal.screen.rows[terminal.screen.cursorRow] }
    }

    @Test func `a typed line is one message`() {
        let desk = Desk()
        #expect(desk.type("hello\n") == [.line("hello")])
        #expect(desk.terminal.screen.rows == ["> hello", ">"])
    }

    @Test func `two lines typed at once are two messages`() {
        let desk = Desk()
        #expect(desk.type("a\nb\n") == [.line("a"), .line("b")])
    }

    @Test func `a frame prints above the half-typed line`() {
        let desk = Desk()
        desk.type("hel")
        desk.print("< incoming")
        #expect(desk.terminal.screen.rows == ["< incoming", "> hel"])
        #expect(desk.terminal.screen.cursorColumn == 5)
        #expect(desk.type("lo\n") == [.line("hello")])
    }

    @Test(arguments: [16, 40, 200])
    func `a thousand frames never corrupt the line being typed`(columns: Int) {
        let desk = Desk(columns: columns)
        let message = "{\"type\":\"focus\",\"payload\":{\"userId\":\"ü-1\"}}"
        var typed = ""
        for (index, character) in message.enumerated() {
            typed.append(character)
            desk.type(String(character))
            for frame in 0..<1000 / message.count + 1 { desk.print("< \(index).\(frame)") }
            let line = Array("> " + typed)
            let rowCount = (line.count + columns - 1) / columns
            let shown = desk.terminal.screen.rows.suffix(rowCount + 1).joined().hasSuffix(
                String(line).trimmingSpaces)
            #expect(shown, "after \(index): \(desk.terminal.screen.rows.suffix(4))")
        }
        let frames = desk.terminal.screen.rows.filter { $0.hasPrefix("< ") }
        #expect(frames.count == message.count * (1000 / message.count + 1))
        #expect(Set(frames).count == frames.count)
        #expect(desk.type("\n") == [.line(message)])
    }

    @Test func `the cursor stays where it was inside the line`() {
        let desk = Desk(columns: 20)
        desk.type("abcdefghijklmnopqrstuvwxyz\u{1}\u{6}\u{6}")
        desk.print("< one\n< two")
        #expect(desk.terminal.screen.cursorColumn == 4)
        desk.type("X")
        #expect(desk.terminal.screen.rows.suffix(2) == ["> abXcdefghijklmnopq", "rstuvwxyz"])
        #expect(desk.type("\n") == [.line("abXcdefghijklmnopqrstuvwxyz")])
    }

    @Test func `open braces go on behind a second prompt`() {
        let desk = Desk()
        #expect(desk.type("{\"type\":\n") == [])
        #expect(desk.currentRow == ".")
        #expect(desk.type("\"ping\"}\n") == [.line("{\"type\":\n\"ping\"}")])
        #expect(desk.currentRow == ">")
    }

    @Test func `an empty further line sends a broken message`() {
        let desk = Desk()
        desk.type("{\"type\":\n")
        #expect(desk.type("\n") == [.line("{\"type\":\n")])
    }

    @Test func `Ctrl-C clears the line, and leaves where there is none`() {
        let desk = Desk()
        desk.type("{\n\"half")
        #expect(desk.editor.interrupt() == .cleared)
        desk.terminal.show()
        #expect(desk.currentRow == ">")
        #expect(desk.type("x\n") == [.line("x")])
        #expect(desk.editor.interrupt() == .leave)
    }

    @Test func `Ctrl-C ends a search in the history`() {
        let desk = Desk()
        desk.type("first\n")
        desk.type("\u{12}fir")
        #expect(desk.editor.interrupt() == .cleared)
        desk.terminal.show()
        #expect(desk.type("second\n") == [.line("second")])
    }

    @Test func `Ctrl-D leaves on an empty line only`() {
        let desk = Desk()
        #expect(desk.type("ab\u{2}\u{4}\n") == [.line("a")])
        #expect(desk.type("\u{4}") == [.left])
    }

    @Test func `the history brings a message back`() {
        let desk = Desk()
        desk.type("first\n")
        desk.type("second\n")
        #expect(desk.type("\u{1B}[A\u{1B}[A\n") == [.line("first")])
    }

    @Test func `Tab completes from the closure and never from files`() {
        var asked: [LineEditor.CompletionRequest] = []
        let desk = Desk { configuration in
            configuration.complete = { request in
                asked.append(request)
                return ["\"register\"", "\"registered\"", "\"ping\""]
            }
        }
        desk.type("{\"type\":\"re\t")
        #expect(asked == [LineEditor.CompletionRequest(before: "{\"type\":", word: "\"re")])
        #expect(desk.currentRow == "> {\"type\":\"register")
        #expect(desk.type("ed\t}\n") == [.line("{\"type\":\"registered\"}")])
        #expect(desk.type("/et\t\n") == [.line("/et")])
    }

    @Test func `a smaller terminal redraws the line`() {
        let desk = Desk(columns: 40)
        desk.type("hello")
        desk.editor.resize()
        desk.terminal.show()
        #expect(desk.currentRow == "> hello")
    }

    @Test func `what is printed after the editor stopped is plain`() {
        let desk = Desk()
        desk.editor.stop()
        desk.print("done")
        #expect(desk.terminal.screen.rows.contains { $0.hasSuffix("done") })
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
