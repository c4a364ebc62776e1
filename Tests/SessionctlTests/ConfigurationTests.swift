import CommandKit
import Testing
import sessionctl

/// The rules of PROTOCOLS §1.10 on the real catalogue.
@Suite struct ConfigurationTests {
    @Test(arguments: [
        ["serve", "awareness", "-p", "9000", "-h", "127.0.0.1", "-t", "60000", "-c", "30000", "-m", "5"],
        [
            "serve", "awareness", "--port", "9000", "--host", "127.0.0.1", "--heartbeat-timeout", "60000",
            "--cleanup-interval", "30000", "--max-connections", "5",
        ],
        [
            "serve", "--awareness-port=9000", "--host=127.0.0.1", "--awareness-heartbeat-timeout=1m",
            "--awareness-cleanup-interval=30s", "--awareness-max-connections=5",
        ],
    ])
    func `the command line of the awareness seed works, short, long and with the profile's name`(
        arguments: [String]
    ) throws {
        let settings = try serveSettings(arguments)
        #expect(settings[ServeOptions.awarenessPort] == 9000)
        #expect(settings[ServeOptions.host] == "127.0.0.1")
        #expect(settings[ServeOptions.awarenessHeartbeatTimeout] == .seconds(60))
        #expect(settings[ServeOptions.awarenessCleanupInterval] == .seconds(30))
        #expect(settings[ServeOptions.awarenessMaxConnections] == 5)
        #expect(settings[ServeOptions.profile].contains(.awareness))
    }

    @Test(arguments: [
        "memory", "sqlite", "none", "sqlite:/tmp/s.db", "redis://localhost/1", "rediss://:secret@h:1", "localhost:6379",
    ])
    func `a store can be named by option, file and the seed's variable`(store: String) throws {
        #expect(try serveSettings(["serve", "--store", store])[ServeOptions.store] == store)
        #expect(try serveSettings(["serve"], environment: ["REDIS_ADDR": store])[ServeOptions.store] == store)
        #expect(try serveSettings(["serve"], file: "store \(store)")[ServeOptions.store] == store)
    }

    @Test func `a store that is none is refused, and a password is not repeated`() {
        for store in ["nowhere", "sqlite:", "redis://:hunter2@host:port"] {
            do throws(CommandError) {
                _ = try serveSettings(["serve", "--store", store])
                Issue.record("\(store) was accepted")
            } catch {
                #expect(error.status == .usage)
                #expect(!error.message.contains("hunter2"))
            }
        }
    }

    @Test func `the environment of the awareness seed works`() throws {
        let environment = [
            "PORT": "9000", "HOST": "127.0.0.1", "HEARTBEAT_TIMEOUT": "1000", "CLEANUP_INTERVAL": "500",
            "MAX_CONNECTIONS": "3",
        ]
        let settings = try serveSettings(["serve", "awareness"], environment: environment)
        #expect(settings[ServeOptions.awarenessPort] == 9000)
        #expect(settings[ServeOptions.host] == "127.0.0.1")
        #expect(settings[ServeOptions.awarenessHeartbeatTimeout] == .seconds(1))
        #expect(settings[ServeOptions.awarenessCleanupInterval] == .milliseconds(500))
        #expect(settings[ServeOptions.awarenessMaxConnections] == 3)
    }

    @Test func `every key has a variable, and its file line is read`() throws {
        for option in ServeOptions.keys where option.defaultText != nil {
            let text = try #require(option.defaultText)
            let variable = try #require(option.variable)
            let file = ConfigurationFile("\(option.key) \(text)", path: "f", options: ServeOptions.all)
            #expect(file.problems.isEmpty, "\(option.key)")
            #expect(throws: Never.self) { try serveSettings(["serve"], environment: [variable: text]) }
        }
    }

    @Test func `a bare number is milliseconds for the times of the seeds only`() {
        for option in ServeOptions.all {
            guard case .duration(let rule, _) = option.kind else { continue }
            let isSeeds = [
                "awareness-heartbeat-timeout", "awareness-cleanup-interval", "channels-connection-timeout",
                "channels-cleanup-interval", "channels-ping-interval",
            ].contains(option.key)
            #expect(rule.bareMilliseconds == isSeeds, "\(option.key)")
        }
    }

    @Test func `a bad value has the status of where it came from`() {
        #expect(InProcess("serve", "--ping-interval", "5x").status == .usage)
        #expect(InProcess("config", "print", environment: ["SESSIONCTL_PING_INTERVAL": "5x"]).status == .configuration)
        let run = InProcess("config", "print", environment: ["HEARTBEAT_TIMEOUT": "soon"])
        #expect(run.status == .configuration)
        #expect(
            run.errors.hasPrefix("sessionctl config: environment variable HEARTBEAT_TIMEOUT is soon: write a duration"))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func `only an open awareness is accepted as yet`() {
        #expect(throws: CommandError.self) {
            try serveSettings(["serve", "--awareness-auth", "open", "--dev", "--host", "1.2.3.4"])
        }
        for mode in ["optional", "required"] {
            do throws(CommandError) {
                _ = try serveSettings(["serve", "awareness", "--auth", mode])
                Issue.record("\(mode) was accepted")
            } catch {
                #expect(error.status == .configuration)
                #expect(error.message.contains("asks for no tokens"))
            }
        }
    }

    @Test func `a certificate needs its key, and a client authority needs both`() {
        #expect(throws: CommandError(.usage, "--tls-cert c.pem: it needs --tls-key beside it")) {
            try serveSettings(["serve", "--tls-cert", "c.pem"])
        }
        #expect(throws: CommandError(.configuration, "f.conf:1: tls-key k.pem: it needs --tls-cert beside it")) {
            try serveSettings(["serve"], file: "tls-key k.pem")
        }
        #expect(throws: CommandError.self) { try serveSettings(["serve", "--tls-client-ca", "ca.pem"]) }
        #expect(throws: Never.self) { try serveSettings(["serve", "--tls-cert", "c.pem", "--tls-key", "k.pem"]) }
    }

    @Test func `state lives where the option, XDG or HOME say, in this order`() throws {
        let environment = ["XDG_STATE_HOME": "/state", "HOME": "/home/x"]
        let settings = try serveSettings(["serve"])
        #expect(try StateFolder.dataDirectory(settings) { environment[$0] } == "/state/sessionctl")
        #expect(
            try StateFolder.dataDirectory(settings) { ["HOME": "/home/x"][$0] } == "/home/x/.local/state/sessionctl")
        let named = try serveSettings(["serve", "--data-dir", "d"])
        #expect(try StateFolder.dataDirectory(named) { environment[$0] } == "d")
        #expect(throws: CommandError.self) { try StateFolder.dataDirectory(settings) { _ in nil } }
    }
}

/// `config check|print|diff`.
@Suite struct ConfigCommandTests {
    @Test func `print is a valid file that changes nothing`() throws {
        let environment = [
            "PORT": "9000", "SESSIONCTL_PROFILE": "awareness,sync",
            "SESSIONCTL_ORIGIN": "https://a.example,https://b.example",
        ]
        let printed = InProcess("config", "print", environment: environment)
        #expect(printed.status == .success)
        let settings = try serveSettings(["serve"], environment: environment)
        let again = try serveSettings(["serve"], file: printed.output)
        #expect(ConfigurationText.changedKeys(settings, again, options: ServeOptions.all).isEmpty)
        #expect(printed.output.contains("# environment PORT\n"))
    }

    @Test func `print names every key`() {
        let lines = InProcess("config", "print").output.split(separator: "\n")
        for option in ServeOptions.keys {
            #expect(
                lines.contains { $0.hasPrefix("\(option.key) ") || $0.hasPrefix("# \(option.key) ") }, "\(option.key)")
        }
    }

    @Test func `check names each bad line and its way out`() throws {
        try withFile("ping-intervall 5s\nlimit\ndrain-duration 5\n") { path in
            let run = InProcess("config", "check", path)
            #expect(run.status == .configuration)
            #expect(
                run.errors == """
                    \(path):1: unknown key ping-intervall; did you mean ping-interval?
                    \(path):2: unknown key limit; did you mean connection-limit?
                    \(path):3: drain-duration 5: write a duration such as 250ms, 5s, 2m, 1h or 7d

                    """)
            let json = InProcess("config", "check", path, "--json").output
            #expect(json.hasPrefix("{\"file\":\"\(path)\",\"valid\":false,"))
        }
    }

    @Test func `check finds what contradicts, and praises what is valid`() throws {
        try withFile("listen awareness=127.0.0.1:1\nsingle 8080\n") { path in
            #expect(InProcess("config", "check", path).status == .configuration)
        }
        try withFile("drain-duration 5s # quick\n") { path in
            let run = InProcess("config", "check", path)
            #expect(run.status == .success)
            #expect(run.output == "\(path) is valid: 1 settings\n")
        }
    }

    @Test func `diff shows what changes, also against a default`() throws {
        try withFile("drain-duration 5s\n") { old in
            try withFile("drain-duration 5s\norigin https://a.example\ndev on\n") { new in
                let run = InProcess("config", "diff", old, new)
                #expect(run.status == .failed)
                #expect(run.output == "-dev off\n+dev on\n+origin https://a.example\n")
                #expect(InProcess("config", "diff", old, old).status == .success)
                let json = InProcess("config", "diff", old, new, "--json").output
                #expect(json.hasPrefix("{\"dev\":{\"old\":\"off\",\"new\":\"on\"},\"origin\":{\"old\":[],\"new\":["))
            }
        }
    }

    @Test func `a file that is not there is status 66`() {
        let run = InProcess("config", "check", "/nowhere/x.conf")
        #expect(run.status == .noInput)
        #expect(
            run.errors == "sessionctl config: cannot read /nowhere/x.conf: No such file or directory (ENOENT); "
                + "check the name, or begin a file with 'sessionctl config print'\n")
        #expect(InProcess("config", "check", "/").errors.hasSuffix("; check the path and its permissions\n"))
        #expect(InProcess("config", "print", "--config", "/nowhere/x.conf").status == .noInput)
    }

    @Test func `a mistyped variable is warned of, with the name that was meant`() throws {
        try withFile("drain-duration 5s\n") { path in
            let environment = ["SESSIONCTL_LISTN": "awareness=:1", "SESSIONCTL_QQQ": "1", "SESSIONCTL_LISTEN": "x"]
            let run = InProcess("config", "check", path, environment: environment)
            #expect(run.status == .success)
            #expect(run.output == "\(path) is valid: 1 settings\n")
            #expect(
                run.errors == """
                    sessionctl config: warning: environment variable SESSIONCTL_LISTN is read by nobody; \
                    did you mean SESSIONCTL_LISTEN?
                    sessionctl config: warning: environment variable SESSIONCTL_QQQ is read by nobody; \
                    unset it; 'sessionctl help serve' names those that are read

                    """)
        }
    }

    @Test(arguments: [
        ("SESSIONCTL_STRICT", "1"), ("SESSIONCTL_FUZZ", "1"), ("SESSIONCTL_HISTORY", "/tmp/x"),
        ("SESSIONCTL_LISTN", ""),
        ("SESSIONCTL_PING_INTERVAL", "5s"), ("SESSIONCTLX", "1"), ("SESSIONCTL_SERVICE_HOST", "10.0.0.1"),
        ("SESSIONCTL_PORT", "tcp://10.0.0.1:8765"), ("SESSIONCTL_PORT_8765_TCP_ADDR", "10.0.0.1"),
    ])
    func `a variable that somebody reads or that means nothing is not warned of`(name: String, value: String) throws {
        try withFile("drain-duration 5s\n") { path in
            #expect(InProcess("config", "check", path, environment: [name: value]).errors == "")
        }
    }

    @Test func `the file of the environment is read`() throws {
        try withFile("drain-duration 5s\n") { path in
            let run = InProcess("config", "print", environment: ["SESSIONCTL_CONFIG": path])
            #expect(run.output.contains("# \(path):1\n"))
        }
    }
}
