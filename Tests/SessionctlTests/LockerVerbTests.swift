import SessionCodec
import Testing

/// The commands of lockers against a server that answers as it is told.
@Suite struct LockerVerbTests {
    // MARK: emit

    @Test(
        arguments: [
            (
                "locker emit state locker-123 closed open kiosk-1", "/api/websocket/events/locker-state",
                ["lockerId": "locker-123", "oldState": "closed", "newState": "open", "kioskId": "kiosk-1"]
            ),
            (
                "locker emit help-status 1 open assigned --room-scope", "/api/websocket/events/help-status",
                ["id": 1, "old_status": "open", "new_status": "assigned", "room_scope": true]
            ),
            (
                #"locker emit test_event '{"message":"Hello world"}' --room kiosk-1"#, "/api/websocket/broadcast",
                [
                    "namespace": "/ws/lockers", "event": "test_event", "data": ["message": "Hello world"],
                    "room": "kiosk-1",
                ]
            ),
            (
                "locker emit ping --namespace events", "/api/websocket/broadcast",
                ["namespace": "/ws/events", "event": "ping", "data": [:]]
            ),
            (
                "locker emit list - --namespace /ws/help < <(echo '[1]')", "/api/websocket/broadcast",
                ["namespace": "/ws/help", "event": "list", "data": [1]]
            ),
        ] as [(String, String, JSONValue)])
    func `an event is one request with the seed's fields`(command: String, target: String, body: JSONValue) throws {
        let sent = try CannedServices.request(command)
        #expect(sent["method"]?.string == "POST" && sent["target"]?.string == target)
        #expect(sent["body"] == body)
    }

    @Test func `requests for help and commands have times of their own`() throws {
        let help = try CannedServices.request(
            "locker emit help 1 kiosk-1 access_issue --note 'Cannot open locker' --locker-no 7 --idempotency-key i1")
        #expect(help["fields"]?["idempotency-key"]?.string == "i1")
        #expect(help["body"]?["id"]?.integer == 1 && help["body"]?["status"]?.string == "open")
        #expect(help["body"]?["note"]?.string == "Cannot open locker" && help["body"]?["locker_no"]?.integer == 7)
        #expect(help["body"]?["created_at"]?.string?.hasSuffix("Z") == true)
        let done = try CannedServices.request(
            #"locker emit command open --locker locker-123 --kiosk k1 --parameters '{"force":true}' --message done"#)
        let command: JSONValue = [
            "type": "open", "lockerId": "locker-123", "kioskId": "k1", "parameters": ["force": true],
        ]
        #expect(done["body"]?["command"] == command)
        #expect(done["body"]?["result"]?["success"] == true)
        let failed = try CannedServices.request("locker emit command open --error jammed")
        #expect(failed["body"]?["result"]?["success"] == false)
        #expect(failed["body"]?["result"]?["error"]?.string == "jammed")
    }

    // MARK: watch, join, ack

    @Test func `a namespace and its rooms are heard`() {
        let joined = CannedServices.command("locker join k1 -N 1")
        #expect(joined.status == 0 && joined.output == "locker_state_changed {\"lockerId\":\"l1\"}\n")
        #expect(joined.errors.contains("\nwatching /ws/lockers, room k1\n"), "\(joined.errors)")
        #expect(joined.errors.contains(#"{"type":"join_room","room":"k1"}"#))
        let help = CannedServices.command("locker watch help --for 50ms")
        #expect(help.status == 0 && help.errors.contains(#""target": "/ws/help""#), "\(help.errors)")
        let mounted = CannedServices.command("locker watch help --for 50ms --url $SESSIONCTL_URL/lockers/events")
        #expect(mounted.errors.contains(#""target": "/lockers/help""#), "\(mounted.errors)")
    }

    @Test func `a kiosk that comes back is told what it missed, and of what it cannot be told`() throws {
        let run = CannedServices.command("locker watch --room drop --reconnect -N 3 --json")
        #expect(run.status == 0)
        let events = try ClientScript.objects(run.output)
        #expect(events.compactMap { $0["type"]?.string } == ["locker_state_changed", "event"])
        #expect(events.last?["event"]?.string == "gap" && events.last?["room"]?.string == "drop")
        #expect(run.errors.contains(#""target": "/ws/lockers?since=now""#), "\(run.errors)")
        #expect(run.errors.contains(#""target": "/ws/lockers?since=e%3A5""#), "\(run.errors)")
        #expect(run.errors.contains("/ws/lockers is at e:6; --since goes on there\n"))
    }

    @Test(
        arguments: [
            ("locker watch --session bad", 77), ("locker join deny-FORBIDDEN", 77),
            ("locker join deny-INVALID_ROOM", 65),
            ("locker join deny-ROOM_LIMIT", 1), ("locker ack deny-RATE_LIMITED", 75), ("locker ack c1", 0),
            ("locker join k --expect-json '{\"data\":{\"lockerId\":\"l1\"}}'", 0),
            ("locker join k --expect-json '{\"data\":{\"lockerId\":\"l2\"}}' --within 100ms", 1),
            ("locker watch --expect-none 100ms", 0), ("locker join k --expect-none 5s", 1),
        ] as [(String, Int32)])
    func `every end has its status`(command: String, status: Int32) {
        let run = CannedServices.command(command)
        #expect(run.status == status, "\(run.errors)")
    }

    // MARK: Sessions

    @Test func `a session comes from a file, an option or the environment, and is shown to nobody`() throws {
        for way in ["--session s1", "--session-file <(echo s1)", "--session-file - < <(echo s1)"] {
            let run = CannedServices.command("locker watch --for 50ms " + way)
            #expect(run.errors.contains(#""authorization": "Bearer s1""#), "\(run.errors)")
            #expect(
                try CannedServices.request("locker status " + way)["fields"]?["authorization"]?.string == "Bearer s1")
        }
        let environment = CannedServices.run(
            "export SESSIONCTL_LOCKER_SESSION=s1 SESSIONCTL_TOKEN=t1\n" + #""$sessionctl" locker status --json"#)
        #expect(environment.output.contains("Bearer s1"))
        let token = CannedServices.run(
            "export SESSIONCTL_LOCKER_SESSION=s1\n" + #""$sessionctl" locker status --token t1 --json"#)
        #expect(token.output.contains("Bearer t1"))
        #expect(CannedServices.command("locker status --token t1 --session s1").status == 64)
    }

    @Test(
        arguments: [
            ("session create --user u --expect-json '{\"delivered\":3}'", 1),
            ("session create --user u --expect-json '{'", 64),
            ("session revoke a b --expect-json '{\"revoked\":2}'", 0),
            ("session revoke a b --expect-json '{\"revoked\":3}'", 1),
            ("locker ack c1 --expect-json '{\"type\":\"ack_received\"}'", 0),
            ("locker ack c1 --expect-json '{\"type\":\"pong\"}'", 1), ("locker ack c1 --expect-json '{'", 64),
            ("report cancel slow --expect-json '{\"data\":{\"progress\":40}}'", 0),
            ("report cancel slow --expect-json '{\"data\":{\"progress\":41}}'", 1),
            ("report watch ok --expect-json '{\"data\":{\"progress\":50}}'", 0),
            ("report watch ok --expect-json '{\"data\":{\"progress\":51}}'", 1),
            ("report watch fail --expect-json '{\"data\":{\"status\":\"error\"}}'", 0),
            ("report watch slow --expect-none 100ms", 0), ("report watch ok --expect-none 5s", 1),
        ] as [(String, Int32)])
    func `an answer that is not as expected is exit status 1`(command: String, status: Int32) {
        let run = CannedServices.command(command)
        #expect(run.status == status, "\(run.errors)")
    }

    @Test func `sessions are made, listed and revoked through the admin API`() throws {
        let made = try CannedServices.request(
            "session create --user p1 --role service --namespace help --kiosk k1 --ttl 90m")
        #expect(made["target"]?.string == "/admin/locker-sessions")
        let body: JSONValue = [
            "userId": "p1", "roles": ["service"], "namespaces": ["/ws/help"], "kioskId": "k1", "ttl": "90m",
        ]
        #expect(made["body"] == body)
        let revoked = CannedServices.run(#"printf 'a\nb\n' | "$sessionctl" session revoke -"#)
        #expect(revoked.status == 0 && revoked.output == "revoked 2 sessions\n", "\(revoked.errors)")
        let nobody = CannedServices.run(
            #"unset SESSIONCTL_URL; XDG_RUNTIME_DIR=$PWD XDG_STATE_HOME=$PWD "$sessionctl" session list"#)
        #expect(nobody.status == 69 && nobody.errors.contains("administration socket"))
    }
}
