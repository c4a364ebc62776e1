import SessionCodec
import Testing

/// `state …` against a server that answers as it is told: AUTH, the change, its acknowledgement or its refusal.
@Suite struct StateVerbTests {
    private func state(_ command: String) -> SpawnedProgram {
        SyncVerbTests.run(
            #""$sessionctl" state "# + command + #" --url "$url"; status=$?; sed 1d sent >&2; exit $status"#)
    }

    @Test func `AUTH comes first, then the change, and the acknowledgement is the result`() throws {
        let run = state(#"set k '{"a": [1.50, null]}' --user u --session S --device d --base-version 3 --json"#)
        #expect(run.status == 0)
        let result: JSONValue = [
            "session_id": "550e8400-e29b-41d4-a716-446655440000", "key": "k", "operation": "SET",
            "value": ["a": [1.5, nil]], "version": 7, "device_id": "d",
        ]
        #expect(try JSONValue.parse(run.output) == result)
        let sent = try ClientScript.objects(run.errors)
        #expect(sent.map { $0["type"]?.integer } == [7, 5])
        #expect(sent[0]["user_id"]?.string == "u" && sent[0]["session_id"]?.string == "S")
        #expect(sent[0]["payload"]?["device_id"]?.string == "d" && sent[0]["payload"]?["token"] == nil)
        #expect(sent[1]["payload"]?["base_version"]?.integer == 3)
        #expect(sent[1]["correlation_id"]?.string?.isEmpty == false)
    }

    @Test(
        arguments: [
            ("set k calm --string", "SET", "calm"), ("set k -- -5", "SET", -5), ("set k - < <(echo 8)", "SET", 8),
            ("delete k", "DELETE", nil), (#"merge k '{"a":1}'"#, "MERGE", ["a": 1]), ("increment k", "INCREMENT", 1),
            ("increment k --by -0.5", "INCREMENT", -0.5),
        ] as [(String, String, JSONValue?)])
    func `each verb is one operation`(command: String, operation: String, value: JSONValue?) throws {
        // What stands behind `--` is no option, so that the URL comes from the environment.
        let run = SyncVerbTests.run(
            "export SESSIONCTL_URL=$url\n" + #""$sessionctl" state "# + command
                + "; status=$?; sed 1,2d sent >&2; exit $status")
        #expect(run.status == 0)
        let sent = try JSONValue.parse(run.errors)
        #expect(sent["payload"]?["operation"]?.string == operation)
        #expect(sent["payload"]?["value"] == value)
        #expect(run.output.contains("operation\t\(operation)\nversion\t7\n"))
    }

    @Test func `the token goes into AUTH and nowhere else`() throws {
        let run = state("set k 1 --token-file <(echo t.o.k)")
        #expect(try ClientScript.objects(run.errors).first?["payload"]?["token"]?.string == "t.o.k")
        #expect(!run.output.contains("t.o.k"))
    }

    @Test(
        arguments: [
            ("INVALID_TOKEN", 77), ("TOKEN_EXPIRED", 77), ("TOKEN_REVOKED", 1), ("DEVICE_REQUIRED", 77),
            ("DEVICE_LIMIT", 75), ("AUTH_TIMEOUT", 75), ("SESSION_NOT_FOUND", 77),
        ] as [(String, Int32)])
    func `a failed AUTH is told with its code`(code: String, status: Int32) throws {
        let run = SyncVerbTests.run(#""$sessionctl" state set k 1 --token \#(code) --url "$url" --json"#)
        #expect(run.status == status)
        #expect(run.errors.contains(" answers \(code): Told to"), "\(run.errors)")
        #expect(try JSONValue.parse(run.output)["error"]?.string == code)
    }

    @Test(
        arguments: [
            ("INVALID_MESSAGE", 65), ("INVALID_OPERATION", 65), ("STATE_TOO_LARGE", 65), ("NOT_AUTHENTICATED", 77),
            ("IDENTITY_MISMATCH", 77), ("FORBIDDEN", 77), ("SESSION_NOT_FOUND", 1), ("VERSION_CONFLICT", 1),
            ("RATE_LIMITED", 75), ("STORE_UNAVAILABLE", 75), ("INTERNAL", 69),
        ] as [(String, Int32)])
    func `a refused change is told with its code`(code: String, status: Int32) {
        let run = SyncVerbTests.run(#""$sessionctl" state set \#(code) 1 --url "$url""#)
        #expect(run.status == status)
        #expect(run.output == "")
        #expect(run.errors.contains(" answers \(code): Told to"), "\(run.errors)")
    }

    @Test(
        arguments: [("close-1000", 1), ("close-4409", 1), ("close-4508", 69), ("close-1011", 69)] as [(String, Int32)])
    func `a close before the acknowledgement is a failure`(key: String, status: Int32) {
        let run = SyncVerbTests.run(#""$sessionctl" state set \#(key) 1 --url "$url""#)
        #expect(run.status == status)
        #expect(run.errors.contains("before the change was acknowledged"), "\(run.errors)")
    }

    @Test func `a watch ends in time, and by a signal`() {
        let run = SyncVerbTests.run(
            #"""
            "$sessionctl" state watch --for 100ms --url "$url" -q; echo $?
            "$sessionctl" state watch --expect-json '{}' --within 100ms --url "$url" -q 2>/dev/null; echo $?
            "$sessionctl" state watch --url "$url" 2>err & watch=$!
            for i in $(seq 200); do grep -q '^watching' err && break; sleep 0.05; done
            kill -INT $watch; wait $watch; echo $?
            """#)
        #expect(run.output == "0\n1\n130\n")
    }
}
