import Glibc
import Testing

/// What scripts leave in /tmp: nothing, however they end.
@Suite struct LeftoverTests {
    @Test(arguments: ["", "exit 3", "exec true", "kill -9 $$", "serve --listen awareness=127.0.0.1:0 --lb-wait 0"])
    func `the folder of a server's script goes with it`(ending: String) {
        let run = ServerScript.run("echo \"$dir\"; " + ending)
        #expect(isGone(run.output), "\(run.output)")
    }

    @Test(arguments: ["", "kill -9 $server; exec true", "kill -9 $server $$"])
    func `the folder of a client's script goes with it`(ending: String) {
        let run = ClientScript.run("pwd; " + ending)
        #expect(isGone(run.output), "\(run.output)")
    }

    @Test func `the home of a terminal goes with it`() throws {
        let folder = try TerminalScene().folder
        #expect(isGone(folder))
    }

    private func isGone(_ text: String) -> Bool {
        let path = text.prefix { $0 != "\n" }
        return path.hasPrefix("/tmp/") && access(String(path), F_OK) != 0
    }
}
