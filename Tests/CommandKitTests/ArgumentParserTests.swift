import CommandKit
import Testing

@Suite struct ArgumentParserTests {
    @Test(arguments: [["--count", "3"], ["--count=3"], ["-N", "3"], ["-N3"], ["-qkN3"], ["-qN", "3"]])
    func `a value is taken in every spelling`(arguments: [String]) throws {
        let settings = try Sample.settings(["send"] + arguments + ["m"])
        #expect(settings[Sample.count] == 3)
    }

    @Test func `the last of several values counts, and lists keep all in order`() throws {
        let settings = try Sample.settings(["send", "-N", "1", "--count=2", "-H", "a", "--header=b", "m"])
        #expect(settings[Sample.count] == 2)
        #expect(settings[Sample.header] == ["a", "b"])
    }

    @Test func `a value may start with a dash, and hold an equals sign`() throws {
        #expect(try Sample.settings(["send", "-H", "-x", "--header=a=b", "m"])[Sample.header] == ["-x", "a=b"])
    }

    @Test(
        arguments: [
            (["--backend"], "b:1"), (["--backend", "--dev"], "b:1"), (["--backend", "c:2"], "c:2"),
            (["--backend=c:2", "--dev"], "c:2"), (["--dev"], nil),
        ] as [([String], String?)])
    func `an option that implies a value may stand without one, at the end or before another option`(
        arguments: [String], value: String?
    ) throws {
        let backend = Option.text("backend", "A backend", "[URL]").implied("b:1")
        let root = CommandSpec("tool", "A tool") { CommandDetails(options: [backend.spec, Sample.dev.spec].asKeys()) }
        let parsed = try ArgumentParser.parse(arguments, root: root)
        let settings = try SettingsResolver(options: parsed.details.options) { _ in nil }.resolve(parsed)
        #expect(settings[backend] == value)
        #expect(settings[Sample.dev] == arguments.contains("--dev"))
        let file = ConfigurationFile("backend\n", path: "f", options: parsed.details.options)
        #expect(file.problems.isEmpty && file.entries.map(\.text) == ["b:1"])
    }

    @Test func `switches can be grouped`() throws {
        let settings = try Sample.settings(["send", "-qk", "m"])
        #expect(settings[Sample.quiet])
        #expect(settings[Sample.insecure])
    }

    @Test(arguments: [
        (["--dev"], true), (["--dev", "on"], true), (["--dev", "off"], false), (["--dev=off"], false), ([], false),
    ])
    func `a yes or no setting may be said in three ways`(arguments: [String], expected: Bool) throws {
        #expect(try Sample.settings(["serve"] + arguments)[Sample.dev] == expected)
    }

    @Test func `a switch that is no setting leaves the next word alone`() throws {
        let parsed = try Sample.parse("send", "--quiet", "on")
        #expect(parsed.operands("MESSAGE") == ["on"])
    }

    @Test func `options and operands may be mixed, and two dashes end options`() throws {
        let parsed = try Sample.parse("send", "a", "-q", "b", "--", "-k", "--count")
        #expect(parsed.operands("MESSAGE") == ["a", "b", "-k", "--count"])
        #expect(parsed.given.map(\.key) == ["quiet"])
    }

    @Test func `a single dash is an operand`() throws {
        #expect(try Sample.parse("send", "-").operands("MESSAGE") == ["-"])
    }

    @Test func `an optional operand before others takes only what looks like it`() throws {
        #expect(try Sample.parse("send", "m", "n").operand("URL") == nil)
        #expect(try Sample.parse("send", ":80/x", "n").operand("URL") == ":80/x")
        #expect(try Sample.parse("send", "ws://h", "n").operands("MESSAGE") == ["n"])
        #expect(try Sample.parse("send", ":80").operands("MESSAGE") == [":80"])
    }

    @Test func `values split at commas where the list says so`() throws {
        #expect(try Sample.settings(["serve", "--profile", "a,b"])[Sample.profile] == ["a", "b"])
        #expect(Sample.failure("serve", "--profile", "a,")?.message == "--profile a,: the value is empty; write one")
    }

    @Test func `a command below a command has its own spellings and settles values`() throws {
        let settings = try Sample.settings(["serve", "--dev", "sync", "-t", "5000", "-h", "9s"])
        #expect(settings[Sample.timeout] == .seconds(5))
        #expect(settings[Sample.interval] == .seconds(9))
        #expect(settings[Sample.profile] == ["a"])
        #expect(settings.origin(of: Sample.profile) == .command("serve sync"))
        #expect(settings[Sample.dev])
        #expect(try Sample.settings(["serve", "sync", "--sync-timeout", "5s"])[Sample.timeout] == .seconds(5))
    }

    @Test func `help is asked for in two lengths`() throws {
        #expect(try Sample.parse("send", "-h").help == .short)
        #expect(try Sample.parse("send", "--help").help == .long)
        #expect(try Sample.parse("-h").path == ["tool"])
        #expect(try Sample.parse("config", "check", "--help").path == ["tool", "config", "check"])
        #expect(try Sample.parse("serve", "sync", "--help").help == .long)
    }

    @Test(arguments: [
        (["serve", "--ping-intervall", "5s"], "unknown option --ping-intervall; did you mean --ping-interval?"),
        (["serve", "--timeout", "5s"], "unknown option --timeout; did you mean --sync-timeout?"),
        (["serve", "--colour"], "unknown option --colour; see 'tool serve --help'"),
        (["serve", "--no-dev"], "unknown option --no-dev; write --dev=off"),
        (["serve", "-x"], "unknown option -x; see 'tool serve --help'"),
        (["serve", "-t", "5s", "sync"], "-t stands behind the command that has it, as in 'tool serve sync -t'"),
        (["send", "-qx", "m"], "unknown option -x; see 'tool send --help'"),
        (["serve", "--ping-interval"], "--ping-interval needs a value: write --ping-interval DURATION"),
        (
            ["serve", "--ping-interval", "5x"],
            "--ping-interval 5x: write a duration such as 250ms, 5s, 2m, 1h or 7d"
        ),
        (["serve", "--limit=0"], "--limit 0: write a whole number from 1 to 100 or off"),
        (["serve", "--dev=maybe"], "--dev maybe: write on or off"),
        (["serve", "--file", ""], "--file \"\": the value is empty; write one"),
        (["send", ""], "MESSAGE \"\": the value is empty; write one"),
        (["serve", ""], "'serve' has no profile \"\"; see 'tool serve --help'"),
        (["", "x"], "unknown command \"\"; see 'tool --help'"),
        (["config", "chekc"], "'config' has no command 'chekc'; did you mean 'check'?"),
        (["serve", "--secret="], "--secret: the value is empty; write one"),
        (["serve", "--help=x"], "--help takes no value"),
        (["serv"], "unknown command 'serv'; did you mean 'serve'?"),
        (["fly"], "unknown command 'fly'; see 'tool --help'"),
        (["serve", "snyc"], "'serve' has no profile 'snyc'; did you mean 'sync'?"),
        (["config"], "'config' needs one of check"),
        (["config", "check"], "KIND is missing; write 'tool config check KIND'"),
        (["config", "check", "mann"], "KIND mann: did you mean man? write man or bash"),
        (["config", "check", "man", "x"], "'config check' takes no further operand; leave 'x' out"),
        (["config", "check", "man", ""], "'config check' takes no further operand; leave \"\" out"),
        (["send"], "MESSAGE is missing; write 'tool send [URL] MESSAGE...'"),
        (["serve", "--profile", "a", "sync"], "--profile and 'serve sync' say two things; leave one out"),
    ])
    func `a mistake is one line that says what, where and what to do`(arguments: [String], message: String) {
        do throws(CommandError) {
            _ = try ArgumentParser.parse(arguments, root: Sample.root)
            Issue.record("\(arguments) was accepted")
        } catch {
            #expect(error == CommandError(.usage, message))
        }
    }

    @Test func `control characters and long values are kept out of messages`() {
        let message = Sample.failure("serve", "--limit", "\u{1B}[31m" + String(repeating: "x", count: 500))?.message
        #expect(message?.contains("\u{1B}") == false)
        #expect((message?.count ?? 500) < 200)
    }

    @Test func `an option that is required and missing is named`() throws {
        let options = [Sample.user.spec]
        let resolver = SettingsResolver(options: options, environment: { _ in nil })
        let settings = Settings()
        #expect(throws: CommandError(.usage, "'register' needs --user ID")) {
            try resolver.requireAll(settings, command: "register")
        }
    }
}
