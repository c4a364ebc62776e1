import SessionCodec
import Testing

/// The verbs of `admin` and scripts of `console` against a running server, as a shell uses them.
@Suite struct AdminVerbTests {
    /// Awareness with three windows: of dr.house, dr.who and nurse, whose connections are open once `admin` sees them.
    private static let windows = """
        serve --listen awareness=127.0.0.1:0 --lb-wait 0s --drain-duration 0s
        admin() { "$bin" admin "$@"; }
        for user in dr.house dr.who nurse; do
            "$bin" register "ws://$address/" --user $user --window w --case C -q --for 20s > "$dir/$user" 2>&1 &
        done
        all_are_here() { [ "$("$bin" admin connections | wc -l)" = 3 ]; }
        wait_for all_are_here

        """

    private func run(_ script: String) -> SpawnedProgram { ServerScript.run(Self.windows + script + "\nstop\n") }

    // MARK: Lists

    @Test func `a filter, an order and columns choose what is listed, separated by tabs`() {
        let run = run(
            """
            admin connections --where 'user ~ "^dr" and idle < 1h' --sort -user --columns profile,user
            admin connections --sort user --columns user --limit 1
            """)
        #expect(run.output == "awareness\tdr.who\nawareness\tdr.house\ndr.house\n")
        #expect(run.errors == "")
    }

    @Test func `a program gets one object with the server's items`() throws {
        let run = run(#"admin connections --where 'user = nurse' --json"#)
        let value = try JSONValue.parse(run.output)
        #expect(value["total"] == 3 && value["matched"] == 1)
        #expect(value["items"]?[0]?["user_id"] == "nurse")
        #expect(value["items"]?[0]?["bytes_in"]?.integer ?? 0 > 0)
        #expect(run.output.filter { $0 == "\n" }.count == 1)
    }

    /// A command line, its exit status, and what its one line on standard error contains.
    private static let mistakes: [(command: String, status: Int, message: String)] = [
        ("connections --where 'usr = x'", 64, "--where: character 1: usr is no field here; did you mean user?"),
        ("closed --where 'idle > 1s'", 64, "--where: character 1: idle is no field here"),
        ("connections --sort zzz", 64, "--sort zzz: no such field; there are id, profile"),
        ("connections --columns id,usr", 64, "--columns usr: no such field; did you mean user?"),
        ("kick", 64, "say whom to kick in one way"), ("kick 1 --all", 64, "say whom to kick in one way"),
        ("kick 999", 1, "HTTP 404 NOT_FOUND"), ("kick --user nobody", 1, "no open connection matches"),
        ("trace 999", 1, "HTTP 404 NOT_FOUND"), ("revoke", 64, "say what to revoke in one way"),
        ("revoke --issued-before 2026-01-01T00:00:00Z", 64, "say --yes"), ("kick --all", 64, "close 3 connections"),
        ("drain", 64, "end all 3 connections"), ("broadcast x --data '{'", 65, "--data { is no JSON"),
        ("slow --url http://127.0.0.1:1", 69, "cannot connect to 127.0.0.1:1"),
        ("slow --url http://no-such-host.invalid", 68, "cannot find the host"),
        ("slow --url ftp://x", 64, "is no URL"), ("slow --token-file /nowhere", 66, "cannot read /nowhere"),
        ("metrics nonsense", 64, "ABOUT nonsense"), ("kik", 64, "did you mean 'kick'?"),
    ]

    @Test func `a mistake is one line and its status`() {
        let commands = Self.mistakes.map { "admin \($0.command) < /dev/null 2>&1 || echo $?" }
        let lines = run(commands.joined(separator: "\n")).output.split(separator: "\n")
        #expect(lines.count == 2 * Self.mistakes.count)
        for (place, mistake) in Self.mistakes.enumerated() where 2 * place + 1 < lines.count {
            #expect(lines[2 * place].hasPrefix("sessionctl admin: "))
            #expect(lines[2 * place].contains(mistake.message))
            #expect(lines[2 * place + 1] == "\(mistake.status)", "\(mistake.command)")
        }
    }

    @Test func `an expectation decides the status, and the answer is shown in either case`() {
        let run = run(
            #"""
            admin connections --where user=nurse --columns user --expect-json '{"matched":1}'; echo $?
            admin connections --where user=nurse --columns user --expect-json '{"matched":2}'; echo $?
            admin status --expect-json '{"drain_state":"serving","connections":{"awareness":3}}' > "$dir/figures"; echo $?
            admin status --expect-json '{'; echo $?
            """#)
        #expect(run.output == "nurse\n0\nnurse\n1\n0\n64\n")
        #expect(run.errors.contains("the answer is not as expected: "))
    }

    @Test func `a refusal is the one value of a program, too`() throws {
        let run = run(#"admin kick 999 --json; echo $?"#)
        let lines = run.output.split(separator: "\n")
        #expect(try JSONValue.parse(String(lines[0]))["error"] == "NOT_FOUND")
        #expect(lines[1] == "1")
    }

    // MARK: Acting

    @Test func `kick closes whom the filter finds, and the closed list tells it`() {
        let run = run(
            #"""
            admin kick --where 'user ~ "^dr"' --dry-run | wc -l
            admin kick --where 'user ~ "^dr"' --yes --json
            both_are_closed() { [ "$("$bin" admin closed | wc -l)" = 2 ]; }
            wait_for both_are_closed
            admin closed --columns user,code,reason --sort user
            admin kick --user nurse --code 4513
            admin closed --columns code --limit 1
            """#)
        #expect(
            run.output == """
                2
                {"disconnected":2}
                dr.house\t4410\tkicked
                dr.who\t4410\tkicked
                closed 1 connection
                4513

                """)
    }

    @Test func `a drain that is meant ends the server`() {
        let run = ServerScript.run(Self.windows + "admin drain --yes; wait $pid; echo $?; pid=\nadmin status; echo $?")
        #expect(run.output == "status\tdraining\n0\n69\n")
        #expect(run.errors.contains("no server of yours has its administration socket"))
    }

    @Test func `of two servers one must be named`() {
        let run = run(
            #"""
            "$bin" serve --listen awareness=127.0.0.1:0 > "$dir/second" & second=$!
            wait_for grep -q listening "$dir/second"
            admin slow; echo $?
            admin status --url "unix:$dir/sessionctl/$second.sock" | grep ^pid | grep -c $second
            kill $second; wait $second 2> /dev/null
            """#)
        #expect(run.output == "64\n1\n")
        #expect(run.errors.contains("2 servers run here; name one with --url: unix:"))
    }

    // MARK: Tracing

    @Test func `a trace shows the frames as they pass, with credentials masked`() throws {
        let run = run(
            #"""
            id=$(admin connections --where user=nurse --columns id)
            admin trace $id --for 10s -N 2 --json > "$dir/trace" & tracer=$!
            wait_for grep -q start "$dir/trace"
            printf '%s\n' '{"type":"ping","token":"hunter2"}' | "$bin" connect "ws://$address/" -N 1 -q > /dev/null
            mkfifo "$dir/input"; "$bin" connect "ws://$address/" -q < "$dir/input" > "$dir/replies" &
            exec 3> "$dir/input"
            fourth() { admin connections --where 'user = ""' --columns id | grep .; }
            wait_for fourth
            admin trace $(fourth) -N 2 > "$dir/frames" & frames=$!
            wait_for grep -q tracing "$dir/frames"
            printf '%s\n' '{"type":"ping","token":"hunter2"}' >&3
            wait $frames; echo $?
            exec 3>&-; kill $tracer; wait $tracer; echo $?
            cut -d ' ' -f 2- "$dir/frames"; grep -c . "$dir/trace"
            """#)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "0" && lines.dropFirst().first == "143")
        #expect(run.output.contains(#"in  text   33 {"type":"ping","token":"***"}"#), "\(run.output)")
        #expect(run.output.contains(#"out text"#) && run.output.contains(#"{"type":"pong""#))
        #expect(!run.output.contains("hunter2"))
        #expect(lines.last == "1")
    }

    @Test func `a trace ends with its connection`() {
        let run = run(
            #"""
            id=$(admin connections --where user=nurse --columns id)
            admin trace $id > "$dir/trace" & tracer=$!
            wait_for grep -q tracing "$dir/trace"
            admin kick $id
            wait $tracer; echo $?; tail -n 1 "$dir/trace"
            """#)
        #expect(run.output == "closed 1 connection\n0\nclosed 4410 kicked\n")
    }

    // MARK: Scripts of the console

    @Test func `lines of a pipe are verbs, comments and quotes`() {
        let run = run(
            #"""
            printf '%s\n' '# who?' '' 'connections --where "user~house" --columns user' "admin slow" quit nonsense |
                "$bin" console; echo $?
            """#)
        #expect(run.output == "dr.house\n0\n")
        #expect(run.errors == "")
    }

    @Test func `the first line that fails ends a script, unless it keeps going`() {
        let run = run(
            #"""
            printf '%s\n' 'kick 999' 'kik' 'connections --columns user --where user=nurse' > "$dir/script"
            "$bin" console -f "$dir/script"; echo $?
            "$bin" console -f "$dir/script" --keep-going; echo $?
            "$bin" console -c 'kick --all' -c slow; echo $?
            "$bin" console -f /nowhere; echo $?
            "$bin" console -c 'connections --where user=nurse' --json | grep -c '"matched":1'
            """#)
        #expect(run.output == "1\nnurse\n1\n64\n66\n1\n")
        #expect(run.errors.contains("sessionctl console: line 1 of ") && run.errors.contains("/script: unix:"))
        #expect(run.errors.contains("kik is no verb; did you mean kick?"))
        #expect(run.errors.contains("--command: this will close 3 connections; nobody can be asked here"))
    }

    @Test func `watch repeats a verb until a signal`() {
        let run = run(
            #"""
            "$bin" console -c 'watch 0.1 connections --columns user --where user=nurse' > "$dir/watched" & watcher=$!
            three_times() { [ "$(wc -l < "$dir/watched")" -ge 3 ]; }
            wait_for three_times
            kill -INT $watcher; wait $watcher; echo $?
            sort -u "$dir/watched"
            """#)
        #expect(run.output == "130\nnurse\n")
    }
}

/// The part of the admin API that sync brings.
@Suite struct AdminSyncTests {
    private static let session = "550e8400-e29b-41d4-a716-446655440000"

    private func run(_ options: String, _ script: String) -> SpawnedProgram {
        ServerScript.run(
            """
            unset SESSIONCTL_TOKEN SESSIONCTL_URL SESSIONCTL_X_API_KEY
            serve --listen sync=127.0.0.1:0 --lb-wait 0s --drain-duration 0s \(options)
            url=http://$address; session=\(Self.session)
            admin() { "$bin" admin "$@"; }
            \(script)
            stop
            """)
    }

    @Test func `sessions, figures and broadcasts`() throws {
        let run = run(
            "--dev",
            #"""
            echo '{"mood":"calm"}' | "$bin" snapshot put $session - --user u1 --url $url > /dev/null
            admin sessions --where 'version >= 1 and created < 1h' --columns session,user,version
            admin metrics snapshots | grep total_snapshots
            "$bin" connect "ws://$address/ws" -q --expect-json '{"type":13,"payload":{"event":"message"}}' --within 20s \
                -x '{"type":7,"user_id":"u1","payload":{"device_id":"d1","token":"x"}}' < /dev/null > "$dir/device" &
            device=$!
            wait_for grep -q heartbeat_interval "$dir/device"
            admin broadcast 'back at 10' --target all --yes --data '{"n":1}'
            wait $device; echo $?; grep -c 'back at 10' "$dir/device"
            """#)
        #expect(
            run.output == "\(Self.session)\tu1\t1\ntotal_snapshots\t1\nsent to 1\n0\n1\n", "\(run.output) \(run.errors)"
        )
    }

    @Test func `over HTTP a token of the right role is needed, and never on the command line`() {
        let run = run(
            "",
            #"""
            admin sessions --url $url; echo $?
            "$bin" token issue --user u1 > "$dir/user.jwt"; "$bin" token issue --user root --role admin > "$dir/admin.jwt"
            admin sessions --url $url --token-file "$dir/user.jwt"; echo $?
            admin sessions --url $url --token-file "$dir/admin.jwt"; echo $?
            SESSIONCTL_TOKEN=$(cat "$dir/admin.jwt") admin metrics sessions --url $url | grep total
            admin sessions --url $url --token-file - < "$dir/admin.jwt"; echo $?
            """#)
        #expect(run.output == "77\n77\n0\ntotal_sessions\t0\n0\n", "\(run.errors)")
        #expect(run.errors.contains("--token-file"))
    }

    @Test func `a revocation closes what lives on it, is listed and lifted`() {
        let run = run(
            "",
            #"""
            token=$("$bin" token issue --user u1 --device d1)
            "$bin" connect "ws://$address/ws" -q --expect-close 4440 --within 20s \
                -H "Authorization: Bearer $token" < /dev/null > "$dir/device" & device=$!
            wait_for grep -q heartbeat_interval "$dir/device"
            admin revoke --user u1 | sed 's/revocation .* is/revocation is/'
            wait $device; echo $?
            id=$(admin revocations --where user=u1 --columns id)
            admin lift "$id"; admin revocations
            """#)
        #expect(
            run.output == "revocation is in force, closed 1 connection\n0\nthe revocation is lifted\n",
            "\(run.output) \(run.errors)")
    }
}
