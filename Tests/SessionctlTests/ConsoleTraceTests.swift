import Glibc
import TestSupport
import Testing

/// Traces in the admin console on a pseudo-terminal, from a server that gives as many frames as it is told.
@Suite(.serialized) struct ConsoleTraceTests {
    private static let prompt = "admin> "

    /// A scene whose console speaks to the canned server.
    private func scene(_ options: String...) throws -> (TerminalScene, pid_t) {
        let folder = TemporaryFolder()
        let path = folder.path + "/canned.sock"
        let script = SpawnedProgram.sources + "/Tests/SessionctlTests/Scripts/canned_admin.py"
        let server = TerminalScene.spawn(["python3", script, path], home: folder.path)
        for _ in 0..<400 where access(path, F_OK) != 0 { usleep(25_000) }
        let scene = try TerminalScene(.console(arguments: ["--url", "unix:\(path)"] + options), keeping: folder)
        return (scene, server)
    }

    private func end(_ server: pid_t) {
        kill(server, SIGKILL)
        waitpid(server, nil, 0)
    }

    @Test func `a thousand lines of a trace leave the typed line alone`() throws {
        let (scene, server) = try scene()
        defer { end(server) }
        let typed = "kick --where 'idle > 60s and user ~ \"^dr\"' --dry-run"
        scene.type("trace 1000\n")
        for character in typed {
            scene.type(String(character))
            usleep(4_000)
        }
        #expect(scene.waits { $0.contains("closed 1000 bye") })
        let rows = scene.rows
        let frames = rows.filter { $0.hasPrefix("10:00:00.") }
        #expect(frames.count == 1000)
        #expect(
            frames.enumerated().allSatisfy {
                $1.hasSuffix("in  text   \($0 < 10 ? 19 : $0 < 100 ? 20 : 21) {\"type\": 5, \"n\": \($0)}")
            })
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + typed })
        #expect(scene.terminal.screen.cursorColumn == (Self.prompt + typed).count)
        // The line is not only shown but whole: it is understood.
        scene.type("\n")
        #expect(scene.waits { $0.contains { $0.contains("dr.house") } })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `traces go on beside other verbs until somebody ends them`() throws {
        let (scene, server) = try scene()
        defer { end(server) }
        scene.type("trace endless\n")
        #expect(scene.waits { $0.contains("tracing connection endless (sync, user dr.house)") })
        scene.type("connections --columns id,user\n")
        #expect(scene.waits { $0.contains("2 of 2") })
        scene.type("untrace 99\nuntrace endless\n")
        #expect(scene.waits { $0.contains("* no longer tracing endless") })
        #expect(scene.rows.contains("* there is no trace of connection 99"))
        scene.type("trace endless\n")
        #expect(scene.waits { $0.count { $0.hasPrefix("tracing connection endless") } == 2 })
        scene.type("\u{3}")
        #expect(scene.waits { $0.count { $0 == "* no longer tracing endless" } == 2 })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a trace that breaks off is told, and nothing in a frame steers the terminal`() throws {
        let (scene, server) = try scene()
        defer { end(server) }
        scene.type("trace cut\n")
        #expect(
            scene.waits {
                $0.contains { $0.hasPrefix("* the trace of connection cut broke off: the connection to unix:") }
            })
        scene.type("trace garbage\n")
        #expect(scene.waits { $0.contains { $0.contains(#"\x1b]0;owned\x07\nadmin> quit"#) } })
        #expect(scene.waits { $0.contains("closed 1000 bye") })
        #expect(!String(decoding: scene.terminal.written, as: UTF8.self).contains("\u{1B}]0;"))
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `Ctrl-C ends a request that nobody answers, and what else runs goes on`() throws {
        let (scene, server) = try scene()
        defer { end(server) }
        scene.type("trace endless\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("tracing connection endless") } })
        scene.type("config\n")
        usleep(200_000)
        scene.type("\u{3}")
        #expect(scene.waits { $0.contains("* interrupted") })
        scene.type("untrace\n")
        #expect(scene.waits { $0.contains("* no longer tracing endless") })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a console that gets JSON prints events and answers as objects`() throws {
        let (scene, server) = try scene("--json")
        defer { end(server) }
        scene.type("trace 2\nconnections --where user=nurse\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix(#"{"event":"closed","code":1000"#) } })
        #expect(scene.waits { $0.contains { $0.contains(#""matched":1,"total":2}"#) } })
        scene.type("quit\n")
        #expect(scene.end() == 0)
    }
}
