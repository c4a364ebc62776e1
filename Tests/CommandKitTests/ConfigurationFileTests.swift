import CommandKit
import Testing

@Suite struct ConfigurationFileTests {
    private func read(_ text: String) -> ConfigurationFile {
        ConfigurationFile(text, path: "f.conf", options: Sample.keys)
    }

    @Test func `a line is a key and a value, and comments are left out`() {
        let file = read("# head\n\nping-interval 5s\n\tlimit\t7   # tail\r\nfile /a#b\nheader a b\nheader c")
        #expect(file.problems.isEmpty)
        #expect(file.entries.map(\.key) == ["ping-interval", "limit", "file", "header", "header"])
        #expect(file.entries.map(\.text) == ["5s", "7", "/a#b", "a b", "c"])
        #expect(file.entries.map(\.line) == [3, 4, 5, 6, 7])
    }

    @Test(arguments: [" #x", "a #b", "\"q\"", "back\\slash #", "\ttab\t", "# ", "plain", "a#b"])
    func `every value survives quoting`(value: String) {
        let file = read("file \(ConfigurationFile.quote(value))")
        #expect(file.problems.isEmpty)
        #expect(file.entries.first?.text == value)
    }

    @Test(arguments: [
        ("ping-intervall 5s", "f.conf:1: unknown key ping-intervall; did you mean ping-interval?"),
        ("colour red", "f.conf:1: unknown key colour; 'sessionctl config print' lists the keys"),
        ("--limit 5", "f.conf:1: unknown key --limit; did you mean limit?"),
        ("\nlimit 0", "f.conf:2: limit 0: write a whole number from 1 to 100 or off"),
        ("limit 5 6", "f.conf:1: limit 5 6: write a whole number from 1 to 100 or off"),
        ("limit", "f.conf:1: limit: the value is missing; write 'limit N|off'"),
        ("dev", "f.conf:1: dev: the value is missing; write 'dev on|off'"),
        ("dev yes", "f.conf:1: dev yes: write on or off"),
        ("limit 5\nlimit 5", "f.conf:2: limit: line 1 sets it already; keep one of the two"),
        ("file \"a", "f.conf:1: file: the closing quote is missing"),
        ("file \"a\" b", "f.conf:1: file: only a comment may follow the closing quote"),
    ])
    func `a bad line is named with its place and the way out`(text: String, message: String) {
        #expect(read(text).problems == [CommandError(.configuration, message)])
    }

    @Test func `every bad line is reported and good ones are kept`() {
        let file = read("limit 0\nping-interval 5s\ndev maybe")
        #expect(file.problems.count == 2)
        #expect(file.entries.map(\.key) == ["ping-interval"])
    }

    @Test func `options that are no keys are unknown`() {
        #expect(ConfigurationFile("quiet on", path: "f", options: [Sample.quiet.spec]).problems.count == 1)
    }

    @Test func `a secret is never shown in an error`() {
        let option = Option<Int?>.integer("pin", "PIN", 1...9).secret()
        let file = ConfigurationFile("pin 1234", path: "f", options: [option.spec].asKeys())
        #expect(file.problems.first?.message == "f:1: pin: write a whole number from 1 to 9")
    }
}
