import CommandKit
import SessionCore
import Testing
import sessionctl

/// The options of channels and lockers (PROTOCOLS §1.10, 2-9, 2-17, 4-3, 4-9, 4-22).
@Suite struct TopicOptionTests {
    @Test func `a rule of channels says who may do what`() throws {
        let text = "patients:* subscribe=staff,admin publish=robot history=100 ttl=10m presence=off policy=drop_oldest"
        let file = "channels-rule \(text)\nchannels-rule public:* policy=conflate"
        let rules = try ChannelRule.all(try serveSettings(["serve"], file: file))
        #expect(rules.map(\.pattern) == ["patients:*", "public:*"])
        #expect(rules[0].subscribers == ["staff", "admin"] && rules[0].publishers == ["robot"])
        #expect(rules[0].history == 100 && rules[0].historyLife == .seconds(600) && !rules[0].hasPresence)
        #expect(rules[0].overflow == .dropOldest && rules[1].overflow == .conflate)
        #expect(rules[1].subscribers == nil && rules[1].hasPresence && rules[1].history == 0)
        #expect(try ChannelRule.all(try serveSettings(["serve", "channels", "--rule", text])) == [rules[0]])
    }

    @Test(arguments: [
        ("", "the value is missing"), ("history=1", "begin with a pattern"), ("a b", "b is no KEY=VALUE"),
        ("a:* history=many", "history is a number"), ("a:* history=-1", "history is a number"),
        ("a:* ttl=5", "ttl is a duration"), ("a:* presence=yes", "presence is on or off"),
        ("a:* policy=wait", "policy is disconnect, drop_oldest or conflate"), ("a:* color=red", "color is nothing"),
        ("a:* history=1 history=2", "history is given twice"), ("a:* subscribe=a,,b", "subscribe is a list of roles"),
        ("ä:*", "begin with a channel's name"), ("a::b", "begin with a channel's name"),
    ])
    func `a rule that is wrong is refused with its line and what to write`(rule: String, remedy: String) throws {
        let found = try #require(serveFailure([], file: "# one\nchannels-rule \(rule)"))
        #expect(found.status == .configuration)
        #expect(found.message.hasPrefix("f.conf:2: "), "\(found.message)")
        #expect(found.message.contains(remedy), "\(found.message)")
    }

    @Test func `the second of two rules is the one that is named`() throws {
        let found = try #require(serveFailure([], file: "channels-rule a:*\nchannels-rule b:* history=x"))
        #expect(found.message.hasPrefix("f.conf:2: channels-rule b:* history=x: "))
    }

    @Test func `the variables of the channels seed count in milliseconds and bytes`() throws {
        let environment = [
            "WEBSOCKET_MAX_PAYLOAD": "1048576", "WEBSOCKET_CLEANUP_INTERVAL": "300000",
            "WEBSOCKET_CONNECTION_TIMEOUT": "60000", "WEBSOCKET_PING_INTERVAL": "15000",
        ]
        let settings = try serveSettings(["serve"], environment: environment)
        #expect(settings[ServeOptions.channelsMessageLimit] == 1 << 20)
        #expect(settings[ServeOptions.channelsCleanupInterval] == .seconds(300))
        #expect(settings[ServeOptions.channelsConnectionTimeout] == .seconds(60))
        #expect(settings[ServeOptions.channelsPingInterval] == .seconds(15))
        #expect(settings[ServeOptions.pingInterval] == .seconds(25))
    }

    @Test func `behind serve channels the profile's own ping interval has the short name`() throws {
        let own = try serveSettings(["serve", "channels", "--ping-interval", "9s"])
        #expect(own[ServeOptions.channelsPingInterval] == .seconds(9))
        #expect(own[ServeOptions.pingInterval] == .seconds(25))
        let general = try serveSettings(["serve", "channels"], file: "ping-interval 7s\nchannels-ping-interval 8s")
        #expect(general[ServeOptions.pingInterval] == .seconds(7))
        #expect(general[ServeOptions.channelsPingInterval] == .seconds(8))
        #expect(
            try serveSettings(["serve", "lockers", "--ping-interval", "6s"])[ServeOptions.pingInterval] == .seconds(6))
    }

    @Test func `options of one profile stand without its name behind serve`() throws {
        let channels = try serveSettings([
            "serve", "channels", "--auth", "required", "--rows", "5", "--strict-ids", "--allow-query-token",
            "--report-retention", "2h", "--idle-counts-pong", "off", "--hook", "http://localhost/h",
        ])
        #expect(channels[ServeOptions.channelsAuth] == .required && channels[ServeOptions.channelsRows] == 5)
        #expect(channels[ServeOptions.channelsStrictIDs] && channels[ServeOptions.channelsAllowQueryToken])
        #expect(!channels[ServeOptions.channelsIdleCountsPong])
        #expect(channels[ServeOptions.channelsReportRetention] == .seconds(7200))
        let lockers = try serveSettings([
            "serve", "lockers", "--auth", "optional", "--history", "0", "--events-scope", "room",
        ])
        #expect(try LockersConfiguration.modes(lockers).profile == .optional)
        #expect(lockers[ServeOptions.lockersHistory] == 0 && lockers[ServeOptions.lockersEventsScope] == .room)
    }

    @Test func `lockers have a mode, and namespaces their own`() throws {
        #expect(try LockersConfiguration.modes(try serveSettings(["serve"])).profile == .required)
        let file =
            "lockers-auth /ws/help=optional\nlockers-auth open\nlockers-namespace /ws/more\n"
            + "lockers-namespace extra\nlockers-auth more=required"
        let settings = try serveSettings(["serve"], file: file)
        let modes = try LockersConfiguration.modes(settings)
        #expect(modes.profile == .open)
        #expect(modes.namespaces == ["/ws/help": .optional, "/ws/more": .required])
        #expect(
            try LockersConfiguration.namespaces(settings)
                == ["/ws/lockers", "/ws/help", "/ws/events", "/ws/more", "/ws/extra"])
    }

    @Test(arguments: [
        ("lockers-auth sometimes", "write open, optional or required"),
        ("lockers-auth /ws/none=open", "there is no such namespace"),
        ("lockers-auth open\nlockers-auth required", "another line says the mode of all namespaces"),
        ("lockers-auth help=open\nlockers-auth /ws/help=required", "another line says the mode of /ws/help"),
        ("lockers-namespace /ws/health", "belongs to channels"), ("lockers-namespace /other/x", "write /ws/NAME"),
        ("lockers-room-rule kiosk-*", "write join=ROLE"), ("lockers-room-rule * join=", "is no KEY=VALUE"),
        ("lockers-room-rule a/b join=x", "begin with a room's name"),
        ("lockers-session-provider redis", "--lockers-session-redis"),
        ("lockers-session-provider static", "--lockers-session-file"),
        ("lockers-session-provider http", "--lockers-session-url"),
        ("lockers-session-file x.json", "write lockers-session-provider static too"),
        ("lockers-session-provider http\nlockers-session-url ftp://x", "write a URL such as"),
        ("channels-hook nowhere", "write a URL such as"), ("channels-hook-secret x", "it needs --channels-hook"),
        ("channels-hook http://h/\nchannels-hook-secret x\nchannels-hook-secret-file y", "leave one out"),
    ])
    func `what cannot be is refused with its line and the way out`(file: String, remedy: String) throws {
        let found = try #require(serveFailure([], file: file))
        #expect(found.status == .configuration)
        #expect(found.message.hasPrefix("f.conf:\(file.split(separator: "\n").count): "), "\(found.message)")
        #expect(found.message.contains(remedy), "\(found.message)")
        #expect(!found.message.contains("secret x"))
    }

    @Test func `rules of rooms name who may join`() throws {
        let rules = try RoomRule.all(try serveSettings(["serve"], file: "lockers-room-rule kiosk-* join=kiosk,staff"))
        #expect(rules == [RoomRule(pattern: "kiosk-*", members: ["kiosk", "staff"])])
    }

    @Test func `sessions may be where the store is`() throws {
        let file = "store redis://localhost\nlockers-session-provider redis"
        #expect(serveFailure([], file: file) == nil)
        #expect(serveFailure(["--lockers-session-provider", "redis", "--lockers-session-redis", "redis://h:1"]) == nil)
    }

    @Test func `a hook's secret is printed nowhere`() throws {
        let run = InProcess(
            "config", "print",
            environment: [
                "SESSIONCTL_CHANNELS_HOOK": "http://h/", "SESSIONCTL_CHANNELS_HOOK_SECRET": "hunter2",
                "SESSIONCTL_LOCKERS_SESSION_PROVIDER": "redis",
                "SESSIONCTL_LOCKERS_SESSION_REDIS": "redis://:hunter2@h:1",
            ])
        #expect(run.status == .success)
        #expect(run.output.contains("channels-hook http://h/") && !run.output.contains("hunter2"))
    }
}
