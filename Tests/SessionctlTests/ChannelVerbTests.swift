import SessionCodec
import Testing

/// The commands of channels against a server that answers as it is told: what they send, what they print, how they end.
@Suite struct ChannelVerbTests {
    // MARK: subscribe

    @Test func `each message is one line, with --json as it came`() throws {
        let plain = CannedServices.command("subscribe say:2 -N 2")
        #expect(plain.status == 0)
        #expect(plain.output == "say:2 m {\"n\":1}\nsay:2 m {\"n\":2}\n")
        #expect(plain.errors.contains("\nconnection ws_1, anonymous\nsubscribed to say:2\n"), "\(plain.errors)")
        let json = CannedServices.command("subscribe say:1 -N 1 --json -q")
        let message: JSONValue = [
            "type": "m", "data": ["n": 1], "channel": "say:1", "timestamp": "2026-11-21T10:00:00.000Z",
        ]
        #expect(try JSONValue.parse(json.output) == message)
        #expect(json.errors.hasSuffix("\n{\"type\":\"subscribe\",\"channel\":\"say:1\"}\n"), "\(json.errors)")
    }

    @Test func `a channel that is named twice is refused`() {
        let run = CannedServices.command("subscribe say:1 say:1")
        #expect(run.status == 64)
        #expect(run.errors.contains("a channel is named twice"), "\(run.errors)")
    }

    @Test func `a lost connection comes back for what was missed`() {
        let run = CannedServices.command("subscribe drop:2 --reconnect -N 3")
        #expect(run.status == 0)
        #expect(run.output == "drop:2 m {\"n\":1}\ndrop:2 m {\"n\":2}\ndrop:2 m {\"n\":3}\n")
        #expect(run.errors.contains("subscribed again to drop:2\n"))
        #expect(run.errors.contains("drop:2 is at e:3; --since goes on there\n"))
        #expect(run.errors.contains(#""since":{}}"#) && run.errors.contains(#""since":{"epoch":"e","offset":2}}"#))
    }

    @Test func `what was not recovered is a gap, to people and to programs`() throws {
        let plain = CannedServices.command("subscribe lost:1 --reconnect -N 3 -q")
        #expect(plain.output.contains("\ngap lost:1: the server no longer has all"), "\(plain.output)")
        let json = CannedServices.command("subscribe lost:1 --reconnect -N 3 -q --json")
        let events = try ClientScript.objects(json.output)
        #expect(events.map { $0["type"]?.string } == ["m", nil, "m"])
        #expect(events[1]["event"]?.string == "gap" && events[1]["channel"]?.string == "lost:1")
    }

    @Test(
        arguments: [
            ("subscribe deny:FORBIDDEN", 77), ("subscribe deny:UNAUTHORIZED", 77), ("subscribe deny:LIMIT_EXCEEDED", 1),
            ("subscribe deny:RATE_LIMITED", 75), ("subscribe close:4508", 69), ("subscribe close:4401", 77),
            ("subscribe close:4503", 75), ("subscribe close:1000", 0), ("subscribe close:4513 --expect-close 4513", 0),
            ("subscribe close:1000 --expect-close 4513", 1),
            ("subscribe say:1 --expect-json '{\"data\":{\"n\":1}}'", 0),
            ("subscribe say:1 --expect-json '{\"data\":{\"n\":2}}' --within 100ms", 1),
            ("subscribe say:0 --expect-none 100ms", 0), ("subscribe say:1 --expect-none 5s", 1),
            ("subscribe say:0 --for 100ms", 0), ("subscribe say:1 -N 2 --for 100ms", 1),
            ("subscribe say:0 --token bad", 77), ("subscribe 'a b'", 64), ("subscribe a b --since e:1", 64),
            ("subscribe a --since 5", 64), ("subscribe a --expect-json '{'", 64), ("subscribe", 64),
        ] as [(String, Int32)])
    func `every end of a subscription has its status`(command: String, status: Int32) {
        let run = CannedServices.command(command + " -q")
        #expect(run.status == status, "\(run.errors)")
    }

    @Test func `a credential goes into the handshake and nowhere else`() {
        let run = CannedServices.command("subscribe say:0 --for 50ms --token-file <(echo secret) --api-key k3y")
        #expect(run.errors.contains(#""authorization": "Bearer secret", "x-api-key": "k3y""#), "\(run.errors)")
        #expect(
            run.errors.contains(#""sec-websocket-protocol": "sessionctl.channels.v1""#) || run.errors.contains("v1"))
        let refused = CannedServices.run(
            #""$sessionctl" subscribe a --token bad --url "$SESSIONCTL_URL/ws?token=secret""#)
        #expect(refused.status == 77 && !refused.errors.contains("secret"), "\(refused.errors)")
        #expect(refused.errors.contains("; give a token with --token-file, or SESSIONCTL_TOKEN"))
    }

    // MARK: publish

    @Test(
        arguments: [
            (#"publish a:b '{"type":"m"}'"#, "/api/v1/ws/broadcast", ["channel": "a:b", "message": ["type": "m"]]),
            (
                #"publish a '{"type":"m"}' --exclude ws_1"#, "/api/v1/ws/broadcast",
                ["channel": "a", "message": ["type": "m"], "exclude": "ws_1"]
            ),
            (#"publish --user u/1 '{"type":"m"}'"#, "/api/v1/ws/users/u%2F1", ["message": ["type": "m"]]),
            (#"publish --connection ws_1 '{"type":"m"}'"#, "/api/v1/ws/connections/ws_1", ["message": ["type": "m"]]),
            (
                "publish a --type note --string hello", "/api/v1/ws/broadcast",
                ["channel": "a", "message": ["type": "note", "data": "hello"]]
            ),
            (
                "publish a 5 --type note", "/api/v1/ws/broadcast",
                ["channel": "a", "message": ["type": "note", "data": 5]]
            ),
        ] as [(String, String, JSONValue)])
    func `a message goes to a channel, a user or a connection`(command: String, target: String, body: JSONValue) throws
    {
        let sent = try CannedServices.request(command)
        #expect(sent["method"]?.string == "POST" && sent["target"]?.string == target)
        #expect(sent["body"] == body)
    }

    @Test func `lines of standard input are one batch where they come at once`() throws {
        let run = CannedServices.run(
            #"printf '%s\n' '{"type":"m"}' '' '{"type":"n","bad":1}' '{"type":"o"}' | "$sessionctl" publish a; "#
                + "echo $?; sed 1d sent")
        let lines = run.output.split(separator: "\n")
        #expect(
            lines.prefix(4) == [
                "delivered 1, channel a, offset 0", "error INVALID_CHANNEL: Told to",
                "delivered 1, channel a, offset 2",
                "1",
            ])
        let batch = try JSONValue.parse(String(lines[4]))
        #expect(batch["items"]?.elements?.map { $0["message"]?["type"]?.string } == ["m", "n", "o"])
    }

    @Test func `more than a hundred lines are several batches, none lost`() throws {
        let run = CannedServices.run(
            #"seq 250 | "$sessionctl" publish a --type n --json | wc -l; sed 1d sent"#)
        let lines = run.output.split(separator: "\n")
        #expect(lines.first?.filter(\.isNumber) == "250")
        let batches = try lines.dropFirst().map { try JSONValue.parse(String($0))["items"]?.elements ?? [] }
        #expect(batches.allSatisfy { $0.count <= 100 })
        let numbers = batches.flatMap { $0 }.map { $0["message"]?["data"]?.integer }
        #expect(numbers == (1...250).map { Int64($0) })
    }

    @Test func `over a socket each message is answered`() throws {
        let run = CannedServices.run(
            #"printf '%s\n' '{"type":"m"}' '{"type":"n"}' | "$sessionctl" publish a --socket --json; echo $?"#)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 3 && lines.last == "0")
        #expect(try JSONValue.parse(String(lines[0]))["delivered"]?.integer == 3)
        #expect(CannedServices.command(#"publish deny:FORBIDDEN '{"type":"m"}' --socket"#).status == 77)
    }

    @Test(
        arguments: [
            ("publish", 64), ("publish a 5", 65), ("publish a '{\"a\":1}'", 65), ("publish a 'no json'", 65),
            ("publish a '{\"type\":1}'", 65), ("publish a x --string", 64),
            ("publish --user u --connection c '{}'", 64),
            ("publish a b --user u", 64), ("publish a '{\"type\":\"m\"}' --exclude c --user u", 64),
            ("publish --user u '{\"type\":\"m\"}' --socket", 64), ("publish a - < <(echo 5)", 65),
            ("publish a '{\"type\":\"m\"}' --socket --expect-json '{}'", 64), ("stream push t 5", 65),
            ("stream push t '[1]'", 65), ("stream watch t --interval 1ms", 64), ("stream watch t --batch", 64),
            ("stream watch t --filter a", 64), ("report progress r", 64), ("report progress r 101", 64),
            ("report complete r", 64), ("notify alert", 64), ("notify alert hi --level bad", 64),
            ("notify maintenance hi --start soon", 64), ("notify alert hi --user u --channel c", 64),
            ("locker watch 'a b'", 64), ("locker join 'a b'", 64), ("locker watch --since x", 64),
            ("locker ack 'a b'", 64), ("locker emit help x k c", 64), ("locker emit e '{'", 65),
            ("locker emit e --namespace 'a b'", 64), ("session create", 64), ("session revoke - </dev/null", 65),
        ] as [(String, Int32)])
    func `what cannot be sent is said before anything is sent`(command: String, status: Int32) {
        let words = command.split(separator: " < ", maxSplits: 1)
        let run = SpawnedProgram(script: #""$1" "# + command + " --url http://127.0.0.1:1")
        #expect(run.status == status, "\(words) \(run.errors)")
        #expect(run.output == "")
    }

    // MARK: notify

    @Test(arguments: [("info", "reports:system"), ("warning", "reports:alerts"), ("critical", "reports:alerts")])
    func `an alert goes where its level belongs`(level: String, channel: String) throws {
        let sent = try CannedServices.request("notify alert 'High load' --level \(level) --action 'Wait'")
        let body: JSONValue = [
            "channel": .string(channel),
            "message": [
                "type": "system_alert",
                "data": ["level": .string(level), "message": "High load", "action": "Wait"],
            ],
        ]
        #expect(sent["body"] == body)
    }

    @Test func `a maintenance notice is that of the seed`() throws {
        let sent = try CannedServices.request(
            "notify maintenance 'Scheduled maintenance in 30 minutes' --start 2024-01-07T11:00:00Z --duration 30m "
                + "--service report-generation --service data-sources")
        let body: JSONValue = [
            "channel": "reports:maintenance",
            "message": [
                "type": "maintenance_notice",
                "data": [
                    "message": "Scheduled maintenance in 30 minutes", "startTime": "2024-01-07T11:00:00.000Z",
                    "duration": "PT30M", "affectedServices": ["report-generation", "data-sources"],
                ],
            ],
        ]
        #expect(sent["body"] == body)
        #expect(
            try CannedServices.request("notify alert hi --user u1")["body"]?["channel"]?.string == "user:u1:reports")
    }

    // MARK: report

    @Test(
        arguments: [
            (
                "ok", 0,
                "pending 0% Waiting\nrunning 50% Reading data\ncompleted 100%\ndownload /files/r.pdf (pdf, 7 bytes)\n"
            ),
            ("fail", 1, "pending 0% Waiting\nrunning 50% Reading data\nerror 50% No data\nerror Told to\n"),
            ("cancelled", 1, "pending 0% Waiting\ncancelled 50%\n"), ("none", 1, ""),
            ("slow --for 100ms", 75, "pending 0% Waiting\n"), ("drop", 69, "pending 0% Waiting\n"),
            (
                "drop --reconnect", 0,
                "pending 0% Waiting\nrunning 50% Reading data\ncompleted 100%\ndownload /files/r.pdf (pdf, 7 bytes)\n"
            ),
        ] as [(String, Int32, String)])
    func `a report's end is the status of who watches it`(report: String, status: Int32, output: String) {
        let run = CannedServices.command("report watch \(report)")
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output == output)
    }

    @Test func `a report is told of, asked for and cancelled`() throws {
        let progress = try CannedServices.request("report progress r/1 40 --message 'Reading data' --owner u1 --reset")
        #expect(progress["method"]?.string == "PUT" && progress["target"]?.string == "/api/v1/reports/r%2F1/status")
        let body: JSONValue = [
            "status": "running", "progress": 40, "message": "Reading data", "ownerId": "u1", "reset": true,
        ]
        #expect(progress["body"] == body)
        #expect(try CannedServices.request("report progress r1 --status error")["body"] == ["status": "error"])
        let complete = try CannedServices.request(
            "report complete r1 --download-url /f --format pdf --size 1KiB")
        #expect(complete["body"] == ["downloadUrl": "/f", "format": "pdf", "fileSize": 1024])
        #expect(try CannedServices.request("report status r1")["target"]?.string == "/api/v1/reports/r1/status")
        let cancel = CannedServices.command("report cancel slow --reason 'too late'")
        #expect(cancel.status == 0 && cancel.output == "cancelled 40%\n")
        #expect(cancel.errors.contains(#"{"type":"cancel_report","reason":"too late"}"#))
        let over = CannedServices.command("report cancel over --json")
        #expect(over.status == 1)
        #expect(try JSONValue.parse(over.output)["error"]?.string == "REPORT_NOT_CANCELLABLE")
    }

    // MARK: stream

    @Test func `rows are pushed and watched`() throws {
        let sent = try CannedServices.request(#"stream push sales '{"v":1}' '{"v":2}'"#)
        #expect(sent["target"]?.string == "/api/v1/reports/stream/sales")
        #expect(sent["body"] == ["rows": [["v": 1], ["v": 2]]])
        let piped = try CannedServices.request(#"stream push sales - < <(printf '%s\n' '{"v":1}' '{"v":2}')"#)
        #expect(piped["body"] == ["rows": [["v": 1], ["v": 2]]])
        let watch = CannedServices.command("stream watch t -N 2")
        #expect(watch.status == 0 && watch.output == "{\"v\":1,\"s\":\"b\"}\n{\"v\":2,\"s\":\"a\"}\n")
        let filtered = CannedServices.command("stream watch t --filter s=a --filter v=2 --interval 250ms -N 2 --json")
        #expect(
            try ClientScript.objects(filtered.output).map { $0["row"]?["v"]?.integer } == [2, 3], "\(filtered.errors)")
        #expect(filtered.errors.contains(#"{"type":"apply_filter","filter":{"s":"a","v":2}}"#))
        #expect(filtered.errors.contains(#"{"type":"update_interval","interval":250}"#))
    }

    @Test(
        arguments: [
            ("report status", "404-REPORT_NOT_FOUND", 1), ("report progress", "409-REPORT_STATE --status running", 1),
            ("stream push", "413-TOO_LARGE '{}'", 65), ("locker acks", "404-NOT_FOUND", 1),
            ("session revoke", "409-SESSIONS_ELSEWHERE", 1), ("session revoke", "401-UNAUTHORIZED", 77),
        ] as [(String, String, Int32)])
    func `a refusal over HTTP is told with its code`(command: String, rest: String, status: Int32) {
        let run = CannedServices.command("\(command) \(rest)")
        #expect(run.status == status, "\(run.errors)")
        let code = rest.dropFirst(4).prefix { $0 != " " }
        #expect(run.errors.contains(" answers HTTP \(rest.prefix(3)) \(code): Told to"), "\(run.errors)")
    }
}
