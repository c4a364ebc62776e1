import Glibc
import TestSupport
import Testing

/// `board watch` on a pseudo-terminal: the real binary, a real server, keys and a screen.
@Suite(.serialized) struct BoardTerminalTests {
    private func scene(_ options: String = "") throws -> TerminalScene {
        try TerminalScene(
            .shell(#""$1" board watch "$2" --room r --user ann \#(options); echo "status $?""#), profile: "board",
            serveOptions: "--dev")
    }

    private func draws(_ scene: TerminalScene, _ words: String) -> Bool {
        scene.finish(scene.inBackground(#""$sessionctl" board \#(words) --url "$url" --room r --user bob >/dev/null"#))
            == 0
    }

    @Test func `a board is drawn as it changes, and q gives the terminal back`() throws {
        let scene = try scene()
        #expect(scene.waits { $0.contains { $0.hasPrefix(" room r, version ") } })
        #expect(scene.terminal.screen.isAlternate && !scene.terminal.screen.isCursorVisible)
        #expect(!scene.terminal.isEchoing)
        #expect(draws(scene, "draw rectangle 0 0 --width 60 --height 20 --text 'Hello World'"))
        #expect(scene.waits { $0.contains { $0.contains("│") && $0.contains("Hello World") } })
        #expect(scene.waits { $0.contains { $0.contains(", 1 shape, ") } })
        let pointing = scene.inBackground(
            #""$sessionctl" board cursor 30 4 --for 20s --url "$url" --room r --user bob >/dev/null"#)
        #expect(scene.waits { $0.contains { $0.contains("◤bob") } })
        kill(pointing, SIGTERM)
        #expect(scene.finish(pointing) == 143)
        #expect(scene.waits { !$0.contains { $0.contains("◤bob") } })
        scene.type("q")
        #expect(scene.waits { $0.contains("status 0") })
        #expect(!scene.terminal.screen.isAlternate && scene.terminal.screen.isCursorVisible)
        #expect(scene.terminal.isEchoing)
        #expect(!scene.rows.contains { $0.contains("Hello World") })
    }

    @Test func `another size of the terminal is another picture, and Ctrl-C leaves`() throws {
        let scene = try scene("--view list --ascii")
        #expect(scene.waits { $0.contains("no shapes") })
        #expect(draws(scene, "draw text 1 2 --text one"))
        #expect(scene.waits { $0.contains { $0.hasSuffix("bob   one") } })
        scene.terminal.resize(columns: 40, rows: 3)
        #expect(scene.waits { $0.count >= 3 && $0[2].hasPrefix(" room r, version ") })
        scene.type("\u{3}")
        #expect(scene.waits { $0.contains("status 130") })
        #expect(!scene.terminal.screen.isAlternate)
    }

    @Test func `Ctrl-Z gives the terminal back until the board goes on`() throws {
        let scene = try TerminalScene(
            .shell(#"exec "$1" board watch "$2" --room r --user ann"#), profile: "board", serveOptions: "--dev")
        #expect(scene.waits { $0.contains { $0.hasPrefix(" room r, version ") } })
        scene.type("\u{1a}")
        #expect(scene.waitsForStop())
        #expect(!scene.terminal.screen.isAlternate && scene.terminal.isEchoing)
        scene.goOn()
        #expect(
            scene.waits { rows in
                scene.terminal.screen.isAlternate && rows.contains { $0.hasPrefix(" room r, version ") }
            })
        #expect(!scene.terminal.isEchoing)
        scene.type("q")
        #expect(scene.end() == 0)
    }

    @Test func `a lost connection is told below the board, and one that stays lost behind it`() throws {
        let scene = try scene("--max-attempts 1")
        #expect(scene.waits { $0.contains { $0.hasPrefix(" room r, version ") } })
        scene.stopServer(SIGKILL)
        #expect(scene.waits { $0.contains("status 69") })
        #expect(!scene.terminal.screen.isAlternate && scene.terminal.isEchoing)
        #expect(scene.rows.contains { $0.contains("cannot connect to") }, "\(scene.rows)")
    }

    @Test func `a refusal is read on the main screen`() throws {
        let scene = try TerminalScene(
            .shell(#""$1" board watch "$2"; echo "status $?""#), profile: "board",
            serveOptions: "--data-dir \"$HOME/data\"")
        #expect(scene.waits { $0.contains("status 77") })
        #expect(!String(decoding: scene.terminal.written, as: UTF8.self).contains("?1049h"))
    }
}
