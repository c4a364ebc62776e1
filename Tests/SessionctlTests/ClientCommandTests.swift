import SessionCodec
import Testing

/// The client commands as scripts use them: standard output, exit statuses, signals (PROTOCOLS §1.10, §1.11).
@Suite struct ClientCommandTests {
    @Test func `each line of a pipe is one message and each payload one line`() {
        let run = ClientScript.run(#"printf 'a\n\nü\nlast' | "$sessionctl" connect "$url" -N 4"#, profile: "echo")
        #expect(run.output == "a\n\nü\nlast\n")
        #expect(run.status == 0)
        #expect(run.errors.contains("connected to ws://"))
        #expect(run.errors.contains("closed 1000 normal by us"))
    }

    @Test func `a file is read like a pipe, and silence ends it`() {
        let run = ClientScript.run(
            #"seq 5000 >lines; "$sessionctl" connect "$url" -w 300ms -q <lines | cmp - lines"#, profile: "echo")
        #expect(run.output == "")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func `a line that is no UTF-8 is bad data`() {
        let run = ClientScript.run(#"printf 'a\n\377\n' | "$sessionctl" connect "$url""#, profile: "echo")
        #expect(run.status == 65)
        #expect(run.errors.contains("line 2 of standard input is not UTF-8"))
    }

    @Test(
        arguments: [
            (#"send "$url" '{"type":"ping"}' --expect-json '{"type":"pong"}'"#, 0),
            (#"send "$url" '{"type":"ping"}' --expect-json '{"type":"nope"}' --within 200ms"#, 1),
            (#"send "$url" '{"type":"ping"}' --expect-none 200ms"#, 1),
            (#"send "$url" '{"type":"ping"}' -N 2 -w 200ms"#, 1),
            (#"send "$url" x --expect-close 4441 --within 200ms"#, 1),
            (#"send "$url" x --raw-frame ff00 --expect-close 1002"#, 0),
            (#"send "$url" x --raw-frame ff00"#, 76),
            (#"connect "$url" --header 'Origin: http://elsewhere.example'"#, 77),
            (#"connect ws://127.0.0.1:1/"#, 69),
            (#"connect "wss://$address/""#, 69),
            (#"connect "wss://$address/" --cacert /nowhere/ca.pem"#, 66),
            (#"connect ws://no-such-host.invalid/"#, 68),
            (#"connect gopher://x/"#, 64),
            (#"connect "$url" --header nonsense"#, 64),
            (#"connect "$url" --raw-frame 1"#, 64),
            (#"send "$url" x --expect-json '{'"#, 64), (#"send "$url""#, 64), ("send :1/", 64),
            ("send unix:/none:/", 64),
            (#"wait "$url" --for ready"#, 0),
            (#"wait "$url" --for open"#, 0),
            (#"wait ws://127.0.0.1:1/ --timeout 100ms"#, 75),
            (#"ping "$url" -N 2 --interval 10ms"#, 0),
            (#"register "$url" --user u --window w --case C --once"#, 0),
            (#"register "$url" --user 'u v' --window w --case C"#, 1),
            (#"heartbeat "$url" --user u --window w --case C --every 20ms --for 100ms"#, 0),
            (#"focus "$url" --user u --window w --case C"#, 0),
            (#"deregister "$url" --user u --window w --case C"#, 0),
            (#"deregister "$url" --user u --window w --case C -s sessionctl.awareness.v2"#, 0),
        ] as [(String, Int32)])
    func `the exit status says what happened`(command: String, status: Int32) {
        let run = ClientScript.run(#""$sessionctl" "# + command + " </dev/null")
        #expect(run.status == status, "\(run.errors)")
        if status >= 64 { #expect(!run.errors.isEmpty) }
    }

    @Test func `two windows with two cases are warned`() {
        let run = ClientScript.run(
            #"""
            register() { printf '{"type":"register","payload":{"userId":"u","windowId":"%s","caseId":"%s"}}' "$1" "$2"; }
            multi='{"type":"warning","payload":{"type":"multi-case"}}'
            mismatch='{"type":"warning","payload":{"type":"case-mismatch","cases":[{"caseId":"C1"},{"caseId":"C2"}]}}'
            "$sessionctl" connect "$url" -q -x "$(register w1 C1)" \
                --expect-json "$multi" --expect-json "$mismatch" >one </dev/null & first=$!
            for i in $(seq 100); do grep -qs registered one && break; sleep 0.05; done
            "$sessionctl" connect "$url" -q -x "$(register w2 C2)" --expect-json "$multi" >two </dev/null & second=$!
            wait $first; echo "first $?"
            wait $second; echo "second $?"
            grep -c case-mismatch one two
            """#)
        #expect(run.output == "first 0\nsecond 0\none:1\ntwo:0\n")
        #expect(run.errors == "")
    }

    @Test func `a failed expectation shows what came instead`() {
        let run = ClientScript.run(
            #""$sessionctl" send "$url" '{"type":"nope"}' --expect-json "#
                + #"'{"type":"error","payload":{"code":"NOPE"}}' --within 200ms"#)
        #expect(run.status == 1)
        #expect(run.errors.contains(#"payload.code: expected "NOPE", got "UNKNOWN_TYPE""#))
    }

    @Test func `NDJSON tells both directions with nanoseconds`() throws {
        let run = ClientScript.run(#""$sessionctl" send "$url" 'hello' --json -N 1"#, profile: "echo")
        let objects = try ClientScript.objects(run.output)
        #expect(objects.map { $0["event"]?.string ?? $0["dir"]?.string } == ["open", "out", "in", "closed"])
        #expect(objects[2]["data"]?.string == "hello")
        #expect(objects[3]["code"]?.integer == 1000)
        for object in objects {
            #expect(object["t"]?.string?.utf8.count == "2026-11-21T11:27:47.123456789Z".utf8.count)
        }
        let times = objects.compactMap { $0["mono_ns"]?.integer }
        #expect(times == times.sorted() && times.count == 4)
        #expect(run.errors == "")
    }

    @Test func `a failure is an NDJSON event too`() throws {
        let run = SpawnedProgram([SpawnedProgram.binary, "send", "ws://127.0.0.1:1/", "x", "--json"])
        #expect(run.status == 69)
        #expect(try ClientScript.objects(run.output).first?["error"]?["code"]?.string == "unreachable")
    }

    @Test(arguments: [("INT", 130), ("TERM", 143)] as [(String, Int32)])
    func `a signal closes cleanly`(signal: String, status: Int32) {
        let run = ClientScript.run(
            #"""
            "$sessionctl" register "$url" --user u --window w --case C >out 2>err & client=$!
            for i in $(seq 100); do grep -q registered out && break; sleep 0.05; done
            kill -\#(signal) $client; wait $client; status=$?
            cat err >&2; exit $status
            """#)
        #expect(run.status == status)
        #expect(run.errors.contains("closed 1000 normal by us"))
    }

    @Test func `a server that is killed is 69 with a sentence`() {
        let run = ClientScript.run(
            #"""
            "$sessionctl" register "$url" --user u --window w --case C -q >out & client=$!
            for i in $(seq 100); do grep -q registered out && break; sleep 0.05; done
            kill -KILL $server; wait $client
            """#)
        #expect(run.status == 69)
        #expect(run.errors.contains("closed 1006 abnormal \"the peer went away without a Close frame\""))
    }

    @Test func `a client that may come back does`() {
        let run = ClientScript.run(
            #"""
            "$sessionctl" connect "$url" --reconnect --on-connect '{"type":"ping"}' -w forever -N 2 </dev/null >out & client=$!
            for i in $(seq 100); do grep -q pong out && break; sleep 0.05; done
            kill -KILL $server; wait $server 2>/dev/null
            "$sessionctl" serve --listen "awareness=$address" >listening2 2>serve2.log & server=$!
            wait $client; echo $?; grep -c pong out
            """#)
        #expect(run.output == "0\n2\n", "\(run.errors)")
        #expect(run.errors.contains("connecting again in "))
    }

    @Test func `a reader that goes away ends it silently`() {
        let run = ClientScript.run(
            #"seq 100000 | "$sessionctl" connect "$url" -q | head -1; echo ${PIPESTATUS[1]}"#, profile: "echo")
        #expect(run.output == "1\n141\n")
        #expect(run.errors == "")
    }

    @Test func `an echo answers in kind and leaves with the peer`() {
        // Two clients cannot talk to each other; the conformance suite drives the echo. Here: its end.
        let run = ClientScript.run(
            #"""
            "$sessionctl" connect "$url" --echo 2>err & client=$!
            for i in $(seq 100); do grep -q connected err && break; sleep 0.05; done
            kill -TERM $server; wait $client
            """#)
        #expect(run.status == 0)
    }

    @Test func `round trips are told one by one`() throws {
        let run = ClientScript.run(#""$sessionctl" ping "$url" -N 3 --interval 1ms --json"#)
        let trips = try ClientScript.objects(run.output).filter { $0["event"]?.string == "round_trip" }
        #expect(trips.map { $0["number"]?.integer } == [1, 2, 3])
        #expect(trips.allSatisfy { $0["took_ns"]?.integer ?? 0 > 0 })
        for line in try ClientScript.objects(run.output) {
            #expect(line["t"]?.string?.hasSuffix("Z") == true)
            #expect(line["mono_ns"]?.integer ?? 0 > 0)
        }
    }
}
