import Glibc
import TestSupport
import Testing

/// The interactive client on a pseudo-terminal: the real binary, a real server, keys and a screen.
@Suite(.serialized) struct ClientTerminalTests {
    @Test func `a thousand frames leave the typed line alone`() throws {
        let scene = try TerminalScene(serveOptions: "--rate-limit off")
        scene.type(#"{"type":"register","payload":{"userId":"u","windowId":"w","caseId":"C"}}"# + "\n/json off\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("< {\"type\":\"registered\"") } })
        let typed = #"{"type":"focus","payload":{"userId":"u","windowId":"typed while frames come"#
        let flood = scene.inBackground(
            #"""
            for i in $(seq 500); do
              printf '{"type":"register","payload":{"userId":"u","windowId":"x","caseId":"D%s"}}\n' $i
            done | "$sessionctl" connect "$url" -q -w 500ms >/dev/null
            """#)
        for character in typed {
            scene.type(String(character))
            usleep(10_000)
        }
        #expect(scene.finish(flood) == 0)
        let frames = "\"type\":\"multi-case\""
        #expect(scene.waits { $0.joined().components(of: frames) == 500 })
        let rows = scene.rows
        #expect(rows.joined().components(of: "\"type\":\"case-mismatch\"") == 500)
        #expect(rows.last { !$0.isEmpty } == "> " + typed)
        #expect(scene.terminal.screen.cursorColumn == typed.count + 2)
        scene.type("\u{3}")
        #expect(scene.waits { $0.last { !$0.isEmpty } == ">" })
        scene.type("\u{3}")
        #expect(scene.end() == 130)
    }

    @Test func `commands, completion and the history work, and secrets are not kept`() throws {
        let scene = try TerminalScene()
        scene.type("/ping\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("* pong after ") } })
        scene.type("{\"ty\tpi\t}\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("< {\"type\":\"pong\"") } })
        #expect(scene.rows.contains(#"> {"type":"ping"}"#))
        scene.type("{\"token\":\"hunter2\"}\n/headers\n/nonsense\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("* /nonsense is no command") } })
        #expect(scene.rows.contains { $0.hasPrefix("  Sec-WebSocket-Accept: ") })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
        let history = scene.folder + "/.local/state/sessionctl/history"
        let text = try TemporaryText.read(history)
        #expect(text == "/ping\n{\"type\":\"ping\"}\n/headers\n/nonsense\n")
        var status = stat()
        #expect(stat(history, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func `messages whose types are numbers are completed, listed and answered`() throws {
        let scene = try TerminalScene(profile: "sync", serveOptions: "--dev")
        scene.type("/json off\n/types\n/types 5\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("  5  STATE_UPDATE") } })
        #expect(scene.waits { $0.contains { $0.contains(#"{"type":5,"payload":{"key":"","operation":"SET"}}"#) } })
        scene.type("{\t7,\t\"device_i\td1\"}}\n")
        #expect(scene.waits { $0.joined().contains(#"< {"type":8,"#) && $0.joined().contains(#""device_id":"d1","r"#) })
        scene.type("{\t5,\t\"k\tk\",\"v\t1,\"o\tS\t}}\n{\t3,\"payload\":{}}\n")
        #expect(scene.waits { $0.joined().contains(#""state_data":{"k":1}"#) })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a server that closes ends the session with its status`() throws {
        let scene = try TerminalScene()
        scene.stopServer()
        #expect(scene.end() == 69)
        #expect(scene.rows.contains { $0.hasPrefix("* closed 1001 going_away") })
    }

    @Test func `Ctrl-Z gives the terminal back until the session goes on`() throws {
        let scene = try TerminalScene()
        let edited = scene.terminal.isEchoing
        #expect(!edited)
        scene.type("half")
        // Ctrl-Z makes the terminal forget what nobody has read yet.
        #expect(scene.waits { $0.last { !$0.isEmpty } == "> half" })
        scene.type("\u{1A}")
        #expect(scene.waitsForStop())
        #expect(scene.terminal.isEchoing)
        scene.goOn()
        #expect(scene.waits { _ in !scene.terminal.isEchoing })
        scene.type(" typed")
        #expect(scene.waits { $0.last { !$0.isEmpty } == "> half typed" })
    }

    @Test func `what a peer sends never steers the terminal`() throws {
        let scene = try TerminalScene(profile: "echo")
        scene.type("a\u{16}\u{1B}]0;owned\u{16}\u{07}b\n")
        #expect(scene.waits { $0.contains("< a\\x1b]0;owned\\x07b") })
        scene.type("/close 4000 bye\n")
        #expect(scene.end() == 0)
        #expect(!String(decoding: scene.terminal.written, as: UTF8.self).contains("\u{1B}]0;"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
