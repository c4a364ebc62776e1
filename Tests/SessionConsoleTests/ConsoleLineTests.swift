import CommandKit
import SessionConsole
import SessionTerminal
import Testing

@Suite struct ConsoleWordsTests {
    @Test(
        arguments: [
            ("a b  c", ["a", "b", "c"]), ("", []), ("   ", []), ("'a b' c", ["a b", "c"]), (#""a b" c"#, ["a b", "c"]),
            (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]), (#""a\"b""#, [#"a"b"#]), (#""\.x""#, [#"\.x"#]),
            ("''", [""]), ("a''b", ["ab"]), (#"'idle>60s and user~"^dr"'"#, [#"idle>60s and user~"^dr""#]),
            (#"it"'"s"#, ["it's"]), (#"a\"#, [#"a\"#]), ("ü 'ß x'", ["ü", "ß x"]),
        ] as [(String, [String])])
    func `words are cut as a shell does`(line: String, words: [String]) throws {
        #expect(try ConsoleWords.split(line) == words)
    }

    @Test func `an open quote is a mistake`() {
        #expect(throws: CommandError.usage("the quote ' is not closed")) { try ConsoleWords.split("kick 'x") }
    }
}

@Suite struct ConsoleLineTests {
    private func name(_ line: String) throws -> String {
        switch try ConsoleLine.parse(line) {
        case .nothing: "nothing"
        case .verb(let verb, _): verb.spec.name
        case .help(let name): "help \(name ?? "")"
        case .watch(let interval, let line): "watch \(interval) \(line)"
        case .unwatch: "unwatch"
        case .untrace(let id): "untrace \(id ?? "")"
        case .quit: "quit"
        }
    }

    @Test(arguments: [
        ("", "nothing"), ("  # a comment", "nothing"), ("connections --limit 3", "connections"),
        ("admin kick 7", "kick"), ("sessionctl admin kick 7", "kick"), ("help", "help "), ("help kick", "help kick"),
        ("kick --help", "help kick"), ("? kick", "help kick"), ("quit", "quit"), ("exit", "quit"),
        ("watch 2 connections --where 'idle > 1s'", "watch 2.0 seconds connections --where 'idle > 1s'"),
        ("watch 0.5s status", "watch 0.5 seconds status"), ("watch off", "unwatch"), ("untrace", "untrace "),
        ("untrace 7", "untrace 7"),
    ])
    func `a line means what it says`(line: String, meaning: String) throws {
        #expect(try name(line) == meaning)
    }

    @Test(arguments: [
        ("kik 7", "kik is no verb; did you mean kick?"), ("zzz", "zzz is no verb; help lists them"),
        ("watch 2", "write 'watch N COMMAND' with N in seconds, from 0.1, or 'watch off'"),
        ("watch 0 status", "write 'watch N COMMAND' with N in seconds, from 0.1, or 'watch off'"),
        ("watch 2 watch 2 status", "watch repeats a verb"), ("watch 2 quit", "watch repeats a verb"),
        ("untrace 1 2", "write 'untrace [ID]'"), ("kick --urgent", "unknown option --urgent; see 'admin kick --help'"),
    ])
    func `a mistake is told with what to write`(line: String, message: String) {
        #expect(throws: CommandError.usage(message)) { try ConsoleLine.parse(line) }
    }

    @Test func `every verb explains itself and has an example`() {
        for verb in AdminVerbs.group.verbs {
            #expect(!verb.spec.summary.isEmpty && !verb.spec.summary.hasSuffix("."), "\(verb.spec.name)")
            #expect(!verb.spec.details.examples.isEmpty, "\(verb.spec.name)")
        }
        let names = AdminVerbs.group.verbs.map(\.spec.name) + ConsoleLine.builtins.map(\.name)
        #expect(Set(names).count == names.count)
    }
}

@Suite struct ConsoleCompletionTests {
    private let completion = ConsoleCompletion { kind in
        switch kind {
        case .connections: ["7", "12"]
        case .users: ["dr.house"]
        case .sessions: ["8e6f"]
        case .channels: ["test:a", "reports:progress"]
        }
    }

    private func words(_ line: String) -> [String] {
        let word = line.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let request = LineEditor.CompletionRequest(before: String(line.dropLast(word.count)), word: word)
        return completion.words(for: request).filter { $0.hasPrefix(word) }
    }

    @Test(
        arguments: [
            ("ki", ["kick "]), ("un", ["undrain ", "untrace "]), ("admin ki", ["kick "]), ("help tra", ["trace "]),
            ("kick ", ["7 ", "12 "]), ("kick 1", ["12 "]), ("kick --us", ["--user "]), ("kick --user ", ["dr.house "]),
            ("kick --code ", ["4410 ", "4513 "]), ("metrics s", ["sessions ", "snapshots "]),
            ("trace ", ["7 ", "12 "]),
            ("untrace ", ["7 ", "12 "]), ("revoke --session ", ["8e6f "]), ("watch 2 metr", ["metrics "]),
            ("sessions --sort -si", ["-size "]), ("closed --columns co", ["code "]),
            ("broadcast x --target us", ["user:"]),
            ("publish te", ["test:a "]), ("presence ", ["test:a ", "reports:progress "]),
            ("channels --sort -su", ["-subscribers "]), ("nonsense ", []), ("quit ", []),
        ] as [(String, [String])])
    func `Tab offers what may stand there`(line: String, offered: [String]) {
        #expect(words(line) == offered)
    }
}
