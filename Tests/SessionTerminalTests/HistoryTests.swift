import Glibc
import SessionTerminal
import TestSupport
import Testing

@Suite struct HistoryTests {
    @Test func `lines are kept oldest first up to the limit`() {
        var history = History(limit: 2)
        for line in ["a", "b", "c"] { history.add(line) }
        #expect(history.lines == ["b", "c"])
    }

    @Test func `an empty or repeated line is forgotten`() {
        var history = History()
        #expect(history.add("a") == .keep("a"))
        #expect(history.add("a") == .forget)
        #expect(history.add(" \n ") == .forget)
    }

    @Test func `the lines of one message become one line`() {
        var history = History()
        #expect(history.add("{\n  \"type\": \"ping\"\n}") == .keep("{ \"type\": \"ping\" }"))
    }

    @Test(
        arguments: [
            "{\"type\":\"AUTH\",\"token\":\"x\"}", "{\"accessToken\":\"x\"}", "{\"passWord\":\"x\"}",
            "/headers Authorization: Basic eA==", "Bearer abc", "x-api-key: 1", "{\"api_key\":1}",
            "{\"session-id\":\"x\"}", "Cookie: a=b", "eyJhbGciOiJIUzI1NiJ9.e30.x", "{\"client_secret\":\"x\"}",
        ])
    func `a secret is never kept`(line: String) {
        var history = History()
        #expect(history.add(line) == .forget)
        #expect(history.lines.isEmpty)
    }

    @Test(arguments: ["{\"type\":\"register\",\"payload\":{\"userId\":\"u\"}}", "/close 1000", "hello"])
    func `ordinary lines are kept`(line: String) {
        #expect(!History.carriesSecret(line))
    }
}

@Suite struct HistoryFileTests {
    private func withFolder(_ body: (String) throws -> Void) rethrows {
        let folder = TemporaryFolder()
        try body(folder.path)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `the file and its folder belong to the owner alone`() {
        withFolder { folder in
            let file = HistoryFile(path: folder + "/state/sessionctl/history")
            file.append("one")
            #expect(mode(file.path) == 0o600)
            #expect(mode(folder + "/state/sessionctl") == 0o700)
            chmod(file.path, 0o644)
            file.append("two")
            #expect(mode(file.path) == 0o600)
            #expect(file.load().lines == ["one", "two"])
        }
    }

    @Test func `a file that grew too long is shortened`() {
        withFolder { folder in
            let file = HistoryFile(path: folder + "/history")
            for index in 0..<9 { file.append("line \(index)") }
            #expect(file.load(limit: 4).lines == ["line 5", "line 6", "line 7", "line 8"])
            #expect(file.load(limit: 100).lines.count == 4)
            #expect(mode(file.path) == 0o600)
        }
    }

    @Test func `a missing file is an empty history`() {
        #expect(HistoryFile(path: "/nowhere/history").load().lines.isEmpty)
    }
}

@Suite struct OpenBracesTests {
    @Test(arguments: ["{", "[1,", "{\"a\":{\"b\":1}", "  {\"a\":\"}\"", "{\"a\":\"\\\"\""])
    func `an object that is not closed goes on`(text: String) {
        #expect(OpenBraces.areLeft(in: text))
    }

    @Test(arguments: ["", "{}", "plain {", "/close", "{\"a\":\"b", "}{", "[{}]", "{\"a\":\"\\\\\"}", "\"{"])
    func `everything else is complete`(text: String) {
        #expect(!OpenBraces.areLeft(in: text))
    }
}
