import CommandKit
import Testing

@Suite struct SettingsTests {
    @Test func `flag beats environment beats file beats default`() throws {
        let environment = ["TOOL": "x", "SESSIONCTL_PING_INTERVAL": "2s"]
        let file = "ping-interval 3s"
        let flag = try Sample.settings(["serve", "--ping-interval", "1s"], environment: environment, file: file)
        #expect(flag[Sample.interval] == .seconds(1))
        #expect(flag.origin(of: Sample.interval) == .option("--ping-interval"))
        let variable = try Sample.settings(["serve"], environment: environment, file: file)
        #expect(variable[Sample.interval] == .seconds(2))
        #expect(variable.origin(of: Sample.interval) == .environment("SESSIONCTL_PING_INTERVAL"))
        let line = try Sample.settings(["serve"], file: file)
        #expect(line[Sample.interval] == .seconds(3))
        #expect(line.origin(of: Sample.interval) == .file(path: "f.conf", line: 1))
        let standard = try Sample.settings(["serve"])
        #expect(standard[Sample.interval] == .seconds(25))
        #expect(standard.origin(of: Sample.interval) == .standard)
        #expect(!standard.isSet(Sample.interval))
    }

    @Test func `a stronger source replaces a whole list`() throws {
        let settings = try Sample.settings(["serve", "--profile", "b"], file: "profile a\nprofile b")
        #expect(settings[Sample.profile] == ["b"])
        #expect(try Sample.settings(["serve"], file: "profile a\nprofile b")[Sample.profile] == ["a", "b"])
    }

    @Test func `the program's own variable beats the published one, and both are read`() throws {
        let both = ["TIMEOUT": "1000", "SESSIONCTL_SYNC_TIMEOUT": "2000"]
        #expect(try Sample.settings(["serve"], environment: both)[Sample.timeout] == .seconds(2))
        let one = try Sample.settings(["serve"], environment: ["TIMEOUT": "1000"])
        #expect(one[Sample.timeout] == .seconds(1))
        #expect(one.origin(of: Sample.timeout) == .environment("TIMEOUT"))
    }

    @Test func `an empty variable is none`() throws {
        #expect(try Sample.settings(["serve"], environment: ["TIMEOUT": ""])[Sample.timeout] == .seconds(60))
    }

    @Test func `a list in a variable is separated by commas`() throws {
        let settings = try Sample.settings(["serve"], environment: ["SESSIONCTL_HEADER": "a,b"])
        #expect(settings[Sample.header] == ["a", "b"])
    }

    @Test func `a shared variable applies where it is admitted`() throws {
        let environment = ["PORT": "9"]
        #expect(try Sample.settings(["serve"], environment: environment)[Sample.port] == 9)
        let refused = try Sample.settings(["serve"], environment: environment) { _, _ in false }
        #expect(refused[Sample.port] == 80)
        let bad = try Sample.settings(["serve"], environment: ["PORT": "tcp://x"]) { _, _ in false }
        #expect(bad[Sample.port] == 80)
    }

    @Test func `a bad variable is named and is a configuration error`() {
        let message =
            "environment variable TIMEOUT is 5x: write a duration such as 250ms, 5s, 2m, 1h or 7d"
            + ", or a bare number of milliseconds"
        #expect(throws: CommandError(.configuration, message)) {
            try Sample.settings(["serve"], environment: ["TIMEOUT": "5x"])
        }
    }

    @Test func `a bad line of the file is a configuration error`() {
        #expect(throws: CommandError(.configuration, "f.conf:1: limit 0: write a whole number from 1 to 100 or off")) {
            try Sample.settings(["serve"], file: "limit 0")
        }
    }

    @Test func `a word stands for no number`() throws {
        #expect(try Sample.settings(["serve"])[Sample.limit] == 50)
        #expect(try Sample.settings(["serve", "--limit", "off"])[Sample.limit] == nil)
    }

    @Test func `an error about a value carries the status of its origin`() throws {
        let flag = try Sample.settings(["serve", "--file", "x"])
        #expect(flag.error(Sample.file, "it is a folder") == CommandError(.usage, "--file x: it is a folder"))
        let line = try Sample.settings(["serve"], file: "file x")
        #expect(line.error(Sample.file, "it is a folder").status == .configuration)
    }

    @Test func `printed settings are a file that says the same`() throws {
        let arguments = ["serve", "--ping-interval", "90s", "--profile", "b", "--limit", "off", "--file", "a #b"]
        let settings = try Sample.settings(arguments, environment: ["PORT": "9", "SESSIONCTL_HEADER": "x: y,z"])
        let text = ConfigurationText.print(settings, options: Sample.keys)
        let again = try Sample.settings(["serve"], file: text)
        #expect(ConfigurationText.changedKeys(settings, again, options: Sample.keys).isEmpty)
        #expect(text.contains("# --ping-interval\n"))
        #expect(text.contains("# environment PORT\n"))
        #expect(text.contains("# default\n"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("header ") }.count == 2)
    }

    @Test func `printed settings hide secrets`() throws {
        let settings = try Sample.settings(["serve", "--secret", "hunter2"])
        let text = ConfigurationText.print(settings, options: Sample.keys)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("# secret ********"))
        #expect(settings.error(Sample.secret, "too short").message == "--secret: too short")
    }

    @Test(arguments: [
        ("redis://user:hunter2@host:6379/0", "redis://user:********@host:6379/0"),
        ("redis://hunter2@host", "redis://********@host"),
        ("rediss://:hunter2@host/1?x=@", "rediss://:********@host/1?x=@"),
    ])
    func `the password of a URL is shown nowhere`(url: String, shown: String) throws {
        let settings = try Sample.settings(["serve", "--file", url])
        let text = ConfigurationText.print(settings, options: Sample.keys)
        #expect(text.contains("# file \(shown)"))
        #expect(
            ConfigurationText.differences(try Sample.settings(["serve"]), settings, options: Sample.keys) == [
                "+file \(shown)"
            ])
        #expect(settings.error(Sample.file, "no such file").message == "--file \(shown): no such file")
    }

    @Test func `a URL without a password is shown as it is`() throws {
        let settings = try Sample.settings(["serve", "--file", "redis://host:6379/0?user=a@b"])
        #expect(ConfigurationText.print(settings, options: Sample.keys).contains("\nfile redis://host:6379/0?user=a@b"))
    }

    @Test func `differences name both values`() throws {
        let old = try Sample.settings(["serve"])
        let new = try Sample.settings(["serve", "--dev", "--file", "x"])
        #expect(
            ConfigurationText.differences(old, new, options: Sample.keys) == ["-dev off", "+dev on", "+file x"])
        #expect(ConfigurationText.differences(old, old, options: Sample.keys).isEmpty)
    }
}
