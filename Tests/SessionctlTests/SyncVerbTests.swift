import SessionCodec
import TestSupport
import Testing

/// The verbs of sync against a server that answers as it is told: what they send, what they print, how they end.
@Suite struct SyncVerbTests {
    /// Runs a script beside the canned server; `$sessionctl` and `$url` are there, `sent` holds what clients sent.
    static func run(_ body: String) -> SpawnedProgram {
        CannedServices.run(beside: "canned_sync.py", body)
    }

    /// What a request looked like to the server.
    private func request(_ command: String) throws -> JSONValue {
        let run = Self.run(#""$sessionctl" "# + command + #" --url "$url" --json"#)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONValue.parse(run.output)
    }

    // MARK: Refusals

    @Test(
        arguments: [
            ("400-INVALID_SESSION_ID", 65), ("401-UNAUTHORIZED", 77), ("403-IDENTITY_MISMATCH", 77),
            ("403-HANDOFF_WRONG_DEVICE", 77), ("404-SESSION_NOT_FOUND", 1), ("404-DEVICE_NOT_FOUND", 1),
            ("409-VERSION_CONFLICT", 1), ("409-HANDOFF_PENDING", 1), ("409-SESSION_LIMIT", 1),
            ("410-HANDOFF_EXPIRED", 1), ("410-HANDOFF_CONSUMED", 1), ("412-VERSION_CONFLICT", 1),
            ("413-SNAPSHOT_TOO_LARGE", 65), ("429-RATE_LIMITED", 75), ("500-INTERNAL", 69),
            ("503-STORE_UNAVAILABLE", 75), ("405-METHOD_NOT_ALLOWED", 76),
        ] as [(String, Int32)])
    func `a status of the API is an exit status, and the error names the server's code`(refusal: String, status: Int32)
    {
        let run = Self.run(#""$sessionctl" snapshot get \#(refusal) --url "$url""#)
        #expect(run.status == status)
        #expect(run.output == "")
        let code = refusal.dropFirst(4)
        #expect(run.errors.contains(" answers HTTP \(refusal.prefix(3)) \(code): Told to"), "\(run.errors)")
        #expect(run.errors.hasPrefix("sessionctl snapshot: "))
    }

    @Test(arguments: ["get S", "put S -", "delete S", "resolve S - --version 1 --strategy merge"])
    func `nobody there is 69, a silent server 75, an unknown host 68`(verb: String) {
        let words = verb.split(separator: " ", maxSplits: 1)
        let command = "snapshot \(words.joined(separator: " "))"
        let run = Self.run(
            #"""
            listen() { python3 -c 'import socket,time;s=socket.create_server(("127.0.0.1",0));print(s.getsockname()[1],flush=True);time.sleep(9)' >port & silent=$!; }
            listen; for i in $(seq 200); do [ -s port ] && break; sleep 0.05; done
            for place in 127.0.0.1:1 "127.0.0.1:$(cat port)" no-such-host.invalid; do
                echo '{}' | "$sessionctl" \#(command) --url "http://$place" --timeout 300ms; echo $?
            done
            kill -9 $silent; wait $silent 2>/dev/null
            """#)
        #expect(run.output == "69\n75\n68\n", "\(run.errors)")
    }

    @Test func `a conflict shows version and keys, to people and to programs`() throws {
        let run = Self.run(
            #""$sessionctl" snapshot patch 409-VERSION_CONFLICT --set a=1 --base-version 1 --url "$url/409-VERSION_CONFLICT" --json"#
        )
        #expect(run.status == 1)
        #expect(run.errors.contains("(server_version 3, conflicting_keys mood); read it again"))
        #expect(!run.errors.contains("server_state"))
        let value = try JSONValue.parse(run.output)
        #expect(value["error"]?.string == "VERSION_CONFLICT")
        #expect(value["details"]?["server_state"]?["mood"]?.string == "calm")
    }

    @Test func `no message holds a credential`() {
        let run = Self.run(
            #"""
            export SESSIONCTL_TOKEN=secret-token
            for command in 'snapshot get 401-UNAUTHORIZED' 'handoff start 409-HANDOFF_PENDING a b' \
                'handoff accept 410-HANDOFF_CONSUMED secret-token' 'state set k 1 --timeout 1ms'; do
                "$sessionctl" $command --url "$url"
                "$sessionctl" $command --url http://127.0.0.1:1
            done
            "$sessionctl" snapshot get S --token 'secret-token x' --url "$url"; echo $?
            """#)
        // A millisecond may be enough for the change, whose result then stands above.
        #expect(run.output.hasSuffix("64\n") && !run.output.contains("secret"), "\(run.output)")
        #expect(!run.errors.isEmpty)
        #expect(!run.errors.contains("secret"), "\(run.errors)")
    }

    // MARK: Requests

    @Test func `put sends the state with its conditions`() throws {
        let sent = try request(#"snapshot put S <(echo '{"a":1.50}') --user u --device d --version 4 --if-match 3"#)
        #expect(sent["method"]?.string == "POST" && sent["target"]?.string == "/session/snapshot")
        #expect(sent["fields"]?["if-match"]?.string == #""3""#)
        let body: JSONValue = [
            "session_id": "S", "user_id": "u", "device_id": "d", "state_data": ["a": 1.5], "version": 4,
        ]
        #expect(sent["body"] == body)
    }

    @Test func `patch reads the version that it changes where none is named`() throws {
        let sent = try request(#"snapshot patch S --set a=1 --set 'b={"c":null}' --delete d --on-conflict auto-merge"#)
        let body: JSONValue = [
            "session_id": "S", "user_id": "anonymous", "base_version": 4, "changes": ["a": 1, "b": ["c": nil]],
            "deleted_keys": ["d"], "on_conflict": "auto_merge",
        ]
        #expect(sent["body"] == body)
        let texts = try request("snapshot patch S --set a=b=1 --string --base-version 2")
        #expect(texts["body"]?["changes"] == ["a": "b=1"])
        #expect(texts["body"]?["base_version"]?.integer == 2)
    }

    @Test func `resolve sends its strategy as the API spells it`() throws {
        let sent = try request("snapshot resolve S <(echo '{}') --version 2 --strategy client-wins --deep")
        #expect(sent["target"]?.string == "/session/conflict/resolve")
        #expect(sent["body"]?["resolution_strategy"]?.string == "client_wins")
        #expect(sent["body"]?["merge_depth"]?.string == "deep")
    }

    @Test(
        arguments: [
            ("snapshot delete S", "DELETE", "/session/S"), ("device list S", "GET", "/session/S/devices"),
            ("device disconnect S a/b", "DELETE", "/session/S/device/a%2Fb"),
            ("handoff start S a b", "POST", "/session/S/handoff"),
            ("handoff accept S t --device b", "POST", "/session/S/handoff/t/accept"),
            ("handoff accept S t --peek", "GET", "/session/S/handoff/t?peek=1"),
        ])
    func `each verb is one request`(command: String, method: String, target: String) throws {
        let sent = try request(command)
        #expect(sent["method"]?.string == method)
        #expect(sent["target"]?.string == target)
        if command.contains("--device") { #expect(sent["fields"]?["x-device-id"]?.string == "b") }
    }

    @Test func `a handoff can replace and disconnect, and its token can come from a pipe`() throws {
        let sent = try request("handoff start S a b --replace --disconnect-source")
        let body: JSONValue = [
            "source_device": "a", "target_device": "b", "replace": true, "disconnect_source": true,
        ]
        #expect(sent["body"] == body)
        #expect(try request("handoff accept S < <(echo tok)")["target"]?.string == "/session/S/handoff/tok/accept")
    }

    @Test func `a token comes from a file, standard input or the environment, and names the user`() throws {
        // {"alg":"none"} . {"sub":"u7"} . x: what is not verified here is not trusted here either.
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1NyJ9.eA"
        for way in ["--token-file <(echo \(token))", "--token-file - < <(echo \(token))", "--token \(token)"] {
            let sent = try request("snapshot put S <(echo '{}') \(way)")
            #expect(sent["fields"]?["authorization"]?.string == "Bearer \(token)")
            #expect(sent["body"]?["user_id"]?.string == "u7")
        }
        let run = Self.run(
            "export SESSIONCTL_TOKEN=\(token) SESSIONCTL_URL=$url/ws\n" + #""$sessionctl" device list S --json"#)
        let sent = try JSONValue.parse(run.output)
        #expect(sent["fields"]?["authorization"]?.string == "Bearer \(token)")
        #expect(sent["target"]?.string == "/session/S/devices")
    }

    // MARK: Bad command lines

    @Test(
        arguments: [
            ("snapshot put S /nowhere/state", 66), ("snapshot put S <(echo '[1]')", 65),
            ("snapshot put S <(echo '{')", 65), ("snapshot patch S", 64), ("snapshot patch S --set a", 64),
            ("snapshot patch S --set a=x", 64), ("snapshot patch S --set a=1 --delete a", 64),
            ("snapshot resolve S -", 64), ("snapshot get S --expect-json '{'", 64),
            ("snapshot resolve S - --version 1 --strategy all", 64),
            ("snapshot get S --token-file /nowhere/token", 66), ("handoff accept S </dev/null", 65),
            ("state set k x", 64), ("state set k", 64), ("state merge k 5", 64), ("state increment k --by x", 64),
            ("state set '' 1", 64), ("state watch --expect-json '{'", 64), ("state set k 1 --device 'a b'", 64),
        ] as [(String, Int32)])
    func `what cannot be sent is said before anything is sent`(command: String, status: Int32) {
        let run = SpawnedProgram(script: #""$1" "# + command + " --url http://127.0.0.1:1")
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output == "")
    }
}
