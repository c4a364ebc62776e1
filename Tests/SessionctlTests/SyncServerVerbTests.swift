import SessionCodec
import Testing

/// The verbs of sync against a real server: what is stored, told, refused, and what survives.
@Suite struct SyncServerVerbTests {
    private static let session = "550e8400-e29b-41d4-a716-446655440000"

    /// Runs a script beside a server; `$s` is a session, `ctl` the binary without its remarks, `status` runs it and prints
    /// its exit status alone, `field NAME` picks one of a record.
    private func run(_ options: String = "--dev", body: String) -> SpawnedProgram {
        ServerScript.run(
            #"""
            unset SESSIONCTL_TOKEN SESSIONCTL_URL SESSIONCTL_API_KEY
            cd "$dir"; s=\#(Self.session)
            start() { serve --listen sync=${address:-127.0.0.1:0} --data-dir "$dir/data" --lb-wait 0 --drain-duration 0 "$@"; }
            start \#(options)
            export SESSIONCTL_URL=http://$address
            ctl() { "$bin" "$@"; }
            status() { "$bin" "$@" >/dev/null 2>>errors; echo $?; }
            field() { sed -n "s/^$1\t//p"; }
            watching() { grep -q '^watching' "$1"; }
            """# + "\n" + body)
    }

    // MARK: States

    @Test func `a state is written, read, changed, settled and deleted`() throws {
        let run = run(
            body: #"""
                echo '{"progress":75,"mood":"calm"}' | ctl snapshot put $s - --user u --device phone | field created
                ctl snapshot get $s | field user_id
                ctl snapshot get $s --state
                ctl snapshot patch $s --set progress=80 --delete mood --user u --base-version 1 | field version
                echo '{"mood":"gay","progress":1}' | ctl snapshot resolve $s - --version 1 --strategy merge --user u | field version
                ctl snapshot get $s --json | grep -c '"version":3'
                ctl snapshot delete $s | field session_id
                status snapshot get $s
                """#)
        #expect(
            run.output == """
                true
                u
                {"progress":75,"mood":"calm"}
                2
                3
                1
                \(Self.session)
                1

                """, "\(run.errors)")
    }

    @Test func `a conflict is 1, names the keys, and may be merged where they differ`() {
        let run = run(
            body: #"""
                echo '{"a":1,"b":1}' | status snapshot put $s - --user u
                status snapshot patch $s --set a=2 --user u --base-version 1
                "$bin" snapshot patch $s --set a=3 --user u --base-version 1 2>&1 | grep -o '(server_version.*)'
                status snapshot patch $s --set a=3 --user u --base-version 1 --on-conflict auto-merge
                ctl snapshot patch $s --set b=3 --user u --base-version 1 --on-conflict auto-merge | field merged
                echo '{}' | status snapshot put $s - --user u --if-match 1
                echo '{}' | status snapshot put $s - --user u --version 9
                echo '{}' | ctl snapshot put $s - --user u --if-match 3 | field version
                """#)
        #expect(run.output.contains("server_version 2") && run.output.contains("conflicting_keys a"), "\(run.output)")
        let lines = run.output.split(separator: "\n").filter { !$0.hasPrefix("(") }
        #expect(lines == ["0", "0", "1", "true", "1", "1", "4"], "\(run.errors)")
    }

    @Test func `what the server cannot take is bad data`() {
        let run = run(
            body: #"""
                head -c 1100000 /dev/zero | tr '\0' x >text; { printf '{"k":"'; cat text; printf '"}'; } >large
                status snapshot put $s large --user u
                status snapshot put no-uuid large --user u
                echo '{}' | status snapshot put no-uuid - --user u
                cat errors
                """#)
        #expect(run.output.hasPrefix("65\n65\n65\n"), "\(run.output)")
        #expect(run.output.contains("HTTP 413 SNAPSHOT_TOO_LARGE"))
        #expect(run.output.contains("HTTP 400 INVALID_SESSION_ID"))
    }

    // MARK: Live changes

    @Test func `every change is acknowledged with its version, and told to who watches`() throws {
        let run = run(
            body: #"""
                "$bin" state watch --session $s --user u --json -N 5 >events 2>watch.log & watch=$!
                wait_for watching watch.log
                act() { ctl state "$@" --session $s --user u | field version; }
                act set a 1; act set b calm --string; act merge c '{"x":1}'; act increment a --by 2; act delete b
                wait $watch; echo "watch $?"
                ctl snapshot get $s --state
                status state increment c --session $s --user u
                status state set a 9 --base-version 1 --session $s --user u
                sed 's/"t":[^,]*,//' events >&2
                """#)
        #expect(
            run.output == """
                1
                2
                3
                4
                5
                watch 0
                {"a":3,"c":{"x":1}}
                65
                1

                """, "\(run.errors)")
        let events = try ClientScript.objects(run.errors)
        #expect(events.map { $0["operation"]?.string } == ["SET", "SET", "MERGE", "INCREMENT", "DELETE"])
        #expect(events.map { $0["version"]?.integer } == [1, 2, 3, 4, 5])
        #expect(events.allSatisfy { $0["event"]?.string == "state_update" })
    }

    @Test func `a watch sees writes over HTTP, and ends with what it expects`() {
        let run = run(
            body: #"""
                echo '{}' | status snapshot put $s - --user u
                "$bin" state watch k --session $s --user u --expect-json '{"key":"k","value":5}' --within 20s \
                    >events 2>watch.log & watch=$!
                wait_for watching watch.log
                status snapshot patch $s --set k=4 --set other=1 --user u
                status snapshot patch $s --set k=5 --user u
                wait $watch; echo $?
                cat events
                """#)
        #expect(
            run.output == """
                0
                0
                0
                0
                version 2: SET k 4
                version 3: SET k 5

                """, "\(run.errors)")
    }

    @Test func `a lost server is 69, and one that comes back is watched again`() {
        let run = run(
            body: #"""
                "$bin" state watch --session $s --user u -N 1 >once 2>once.log & once=$!
                "$bin" state watch --session $s --user u --device d2 --reconnect --expect-json '{"key":"k"}' --within 30s \
                    >events 2>watch.log & watch=$!
                wait_for watching once.log; wait_for watching watch.log
                kill -9 $pid; wait $pid 2>/dev/null; pid=
                wait $once; echo "once $?"
                start --dev
                again() { grep -q 'watching again\|is lost' watch.log events; }
                wait_for again
                status state set k 1 --session $s --user u
                wait $watch; echo "watch $?"
                grep -c '^version 1: SET k 1' events
                """#)
        #expect(run.output == "once 69\n0\nwatch 0\n1\n", "\(run.errors)")
    }

    @Test func `a watch that is told to reconnect misses nothing`() {
        let run = run(
            body: #"""
                "$bin" state watch --session $s --user u --device phone --reconnect -N 3 >events 2>watch.log & watch=$!
                wait_for watching watch.log
                echo '{"k":1}' | status snapshot put $s - --user u
                status snapshot patch $s --set k=2 --user u
                status admin kick --user u --code 4513 --yes
                status snapshot patch $s --set k=3 --user u
                wait $watch; echo "watch $?"
                cat events
                grep -c 'connecting again' watch.log
                """#)
        #expect(
            run.output == """
                0
                0
                0
                0
                watch 0
                version 1: the whole state was replaced
                version 2: SET k 2
                version 3: SET k 3
                1

                """, "\(run.errors)")
    }

    @Test func `an answer can be expected`() {
        let run = run(
            body: #"""
                echo '{"a":1}' | status snapshot put $s - --user u --device d
                status snapshot get $s --expect-json '{"version":1,"state_data":{"a":1}}'
                status snapshot get $s --state --expect-json '{"state_data":{"a":2}}'
                status device list $s --expect-json '{"count":1,"devices":[{"device_id":"d","status":"offline"}]}'
                status device list $s --expect-json '{"count":0}'
                cat errors >&2
                """#)
        #expect(run.output == "0\n0\n1\n0\n1\n", "\(run.errors)")
        #expect(run.errors.contains("the answer is not as expected: state_data.a: expected 2, got 1"))
    }

    // MARK: Devices and handoff

    @Test func `devices are listed as a table, and sent away`() {
        let run = run(
            body: #"""
                "$bin" state watch --session $s --user u --device phone >events 2>watch.log & watch=$!
                wait_for watching watch.log
                ctl device list $s | cut -f 1,4
                script -qec '"'"$bin"'" device list '$s /dev/null </dev/null | tr -d '\r' | grep -c '^.*DEVICE  *TYPE'
                ctl device disconnect $s phone | field connections_closed
                wait $watch; echo $?
                status device disconnect $s nobody
                """#)
        #expect(run.output == "phone\tonline\n1\n1\n1\n1\n", "\(run.errors)")
    }

    @Test func `a session moves from one device to another`() {
        let run = run(
            body: #"""
                echo '{"a":1}' | status snapshot put $s - --user u --device phone
                "$bin" handoff watch --session $s --user u --device tablet -N 1 >offer 2>tablet.log & tablet=$!
                "$bin" handoff watch --session $s --user u --device phone -N 1 --json >done 2>phone.log & phone=$!
                wait_for watching tablet.log; wait_for watching phone.log
                token=$(ctl handoff start $s phone tablet | field token); echo ${#token}
                wait $tablet; grep -c '^handoff_offer.*token \*\*\*' offer; grep -c "$token" offer
                status handoff start $s phone tablet
                status handoff start $s phone phone
                status handoff start $s unknown tablet --json
                ctl handoff accept $s "$token" --peek | field valid
                status handoff accept $s "$token" --device desk
                echo "$token" | ctl handoff accept $s --device tablet | tail -n 1
                wait $phone; grep -c '"event":"handoff_completed"' done
                status handoff accept $s "$token"
                status handoff accept $s no-such-token
                cat errors offer done | grep -c "$token"
                """#)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "0", "43", "1", "0", "1", "65", "0", "true", "77", #"{"a":1}"#, "1", "1",
                "1", "0",
            ], "\(run.errors)")
    }

    // MARK: Credentials

    @Test func `a server that asks for tokens refuses who has none, or a bad one`() {
        let run = run(
            "",
            body: #"""
                status snapshot get $s
                status snapshot get $s --token abc
                status state set k 1
                status state set k 1 --token abc
                status state watch --token abc
                cat errors >&2
                """#)
        #expect(run.output == "77\n77\n77\n77\n77\n", "\(run.errors)")
        #expect(run.errors.contains("HTTP 401") && run.errors.contains("INVALID_TOKEN"))
        #expect(!run.errors.contains("abc"))
    }

    @Test func `tokens are asked for, judged, and kept out of every output`() {
        let run = run(
            "",
            body: #"""
                status snapshot get $s
                status state set k 1
                issue() { "$bin" token issue --data-dir "$dir/data" "$@"; }
                issue --user u1 --device d1 >u1; issue --user u2 --device d2 >u2
                echo '{}' | status snapshot put $s - --token-file u1
                ctl snapshot get $s --token-file u1 | field user_id
                status snapshot get $s --token-file u2
                echo '{}' | status snapshot put $s - --token-file u1 --user u2
                status state set k 1 --session $s --token-file u1
                status state set k 1 --session $s --token-file u2 --device d2
                status state set k 1 --token abc
                status snapshot get $s --token abc
                cat errors >&2; grep -c "$(cat u1)" errors
                """#)
        #expect(run.output == "77\n77\n0\nu1\n1\n77\n0\n77\n77\n77\n0\n", "\(run.errors)")
        #expect(run.errors.contains("INVALID_TOKEN"))
        #expect(run.errors.contains("SESSION_NOT_FOUND"))
    }
}
