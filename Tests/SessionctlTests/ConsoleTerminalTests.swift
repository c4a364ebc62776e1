import Glibc
import TestSupport
import Testing

/// The admin console on a pseudo-terminal: the real binary, a real server, keys and a screen.
@Suite(.serialized) struct ConsoleTerminalTests {
    private static let prompt = "admin>"

    /// Two windows that stay until the test ends, and their connections' ids.
    private func register(_ users: String..., in scene: TerminalScene) -> [pid_t] {
        users.map { user in
            scene.inBackground(#"exec "$sessionctl" register "$url" --user \#(user) --window w --case C -q >/dev/null"#)
        }
    }

    private func end(_ processes: [pid_t], in scene: TerminalScene) {
        for process in processes { kill(process, SIGTERM) }
        for process in processes { _ = scene.finish(process) }
    }

    @Test func `verbs, completion and the history work, and secrets are not kept`() throws {
        let scene = try TerminalScene(.console())
        let windows = register("dr.house", "nurse", in: scene)
        #expect(scene.repeats("connections --columns id,user\n") { $0.contains("2 of 2") })
        // Tab completes the verb, then its option, then a user who is there.
        scene.type("kick --dry\tXX\u{3}")
        scene.type("conn\t--co\tid,user --where user=nurse\n")
        #expect(scene.waits { $0.contains(Self.prompt + " connections --columns id,user --where user=nurse") })
        scene.type("kick --user dr\t--dry-run\n")
        #expect(scene.waits { $0.contains(Self.prompt + " kick --user dr.house --dry-run") })
        scene.type("broadcast 'the password is swordfish'\nkik\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("* kik is no verb; did you mean kick?") } })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
        let history = try TemporaryText.read(scene.folder + "/.local/state/sessionctl/console-history")
        #expect(history.contains("kick --user dr.house --dry-run\n"))
        #expect(!history.contains("swordfish"))
        end(windows, in: scene)
    }

    @Test func `what touches several connections is asked about, and only yes or the count does it`() throws {
        let scene = try TerminalScene(.console())
        let windows = register("a", "b", in: scene)
        #expect(scene.repeats("connections\n") { $0.contains("2 of 2") })
        scene.type("kick --all\n")
        #expect(scene.waits { $0.last { !$0.isEmpty }?.hasPrefix("This will close 2 connections.") == true })
        scene.type("no\n")
        #expect(scene.waits { $0.contains("* nothing was done: it was not confirmed") })
        scene.type("kick --all\n")
        #expect(scene.waits { $0.last { !$0.isEmpty }?.hasPrefix("This will close 2 connections.") == true })
        scene.type("2\n")
        #expect(scene.waits { $0.contains("closed 2 connections") })
        for window in windows { #expect(scene.finish(window) == 1) }
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt })
        scene.type("quit\n")
        #expect(scene.end() == 0)
    }

    @Test func `Ctrl-C clears the line, then stops what runs, and never leaves`() throws {
        let scene = try TerminalScene(.console())
        scene.type("half a li")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + " half a li" })
        scene.type("\u{3}")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt })
        scene.type("watch 0.1 connections\n")
        #expect(scene.waits { $0.contains("* every 100 ms: connections  (Ctrl-C stops it)") })
        scene.type("typed")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + " typed" })
        scene.type("\u{3}")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt })
        scene.type("\u{3}")
        #expect(scene.waits { $0.contains("* watch has stopped") })
        scene.type("\u{3}")
        #expect(scene.waits { $0.contains("* Ctrl-D leaves") })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a server that goes away is told once, and the console stays`() throws {
        let scene = try TerminalScene(.console())
        scene.type("half")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + " half" })
        scene.stopServer(SIGKILL)
        #expect(scene.waits { $0.contains { $0.hasPrefix("* the server has gone away") } })
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + " half" })
        // Ctrl-C makes the terminal forget what nobody has read yet.
        scene.type("\u{3}")
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt })
        scene.type("status\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("* cannot connect to unix:") } })
        #expect(scene.rows.count { $0.hasPrefix("* the server has gone away") } == 1)
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a thousand frames of a real connection leave the typed line alone`() throws {
        let scene = try TerminalScene(.console(), serveOptions: "--rate-limit off")
        let flood = scene.inBackground(
            #"""
            { while [ ! -e "$HOME/go" ]; do sleep 0.05; done; for i in $(seq 500); do echo '{"type":"ping"}'; done; } |
                "$sessionctl" connect "$url" -q -N 500 > /dev/null
            """#)
        #expect(scene.repeats("connections --columns profile\n") { $0.contains("1 of 1") })
        // Tab knows the one connection there is.
        scene.type("trace \t\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix("tracing connection ") } })
        let typed = "kick --where 'idle > 60s' --dry-run"
        #expect(creat(scene.folder + "/go", 0o600) >= 0)
        for character in typed {
            scene.type(String(character))
            usleep(10_000)
        }
        #expect(scene.finish(flood) == 0)
        #expect(scene.waits { $0.contains { $0.hasPrefix("closed 1000") } })
        #expect(scene.rows.count { $0.contains(#" {"type":"ping"}"#) } == 500)
        #expect(scene.rows.count { $0.contains(#" {"type":"pong""#) } == 500)
        #expect(scene.waits { $0.last { !$0.isEmpty } == Self.prompt + " " + typed })
        scene.type("\n")
        #expect(scene.waits { $0.contains("0 of 0") || $0.contains { $0.contains("no open connection") } })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `on a terminal admin asks before it touches several connections`() throws {
        let scene = try TerminalScene(
            .shell(
                #"""
                for user in a b; do "$1" register "$2" --user $user --window w --case C > "$HOME/$user" 2>&1 & done
                until [ "$("$1" admin connections | grep -c .)" = 2 ]; do sleep 0.05; done
                "$1" admin kick --all; echo "first $?"
                "$1" admin kick --all; echo "second $?"
                "$1" admin kick --all; echo "third $?"
                """#))
        let question = "This will close 2 connections. Type 2 or yes to go on:"
        #expect(scene.waits { $0.contains { $0.hasPrefix(question) } })
        scene.type("n\n")
        #expect(scene.waits { $0.contains("first 1") && $0.count { $0.hasPrefix(question) } == 2 })
        #expect(scene.rows.contains("sessionctl admin: nothing was done: it was not confirmed"))
        scene.type("yes\n")
        #expect(scene.waits { $0.contains("closed 2 connections") && $0.contains("second 0") })
        #expect(scene.waits { $0.contains("third 1") })
        #expect(scene.end() == 0)
    }
}
