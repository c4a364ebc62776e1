import Testing

/// The examples of seed 004, word for word, against a service that requires sessions.
@Suite struct LockersSeedTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasSeed = SpawnedProgram(script: "[ -f \"$2/../shared/seeds/lockers.md\" ]").status == 0

    /// Starts the service with an API key for producers, and makes a session.
    private static let start = """
        unset JWT_SECRET JWT_REFRESH_SECRET
        key=key-of-the-test
        digest=$(printf %s "$key" | sha256sum | cut -d ' ' -f 1)
        serve lockers --port 0 --host 127.0.0.1 --threads 2 --data-dir "$dir/data" --lb-wait 0 --drain-duration 0 \\
            --api-key panel:service:$digest
        admin() { curl -s --unix-socket "$dir/sessionctl/$pid.sock" "$@"; }
        session=$(admin -X POST http://localhost/admin/locker-sessions -d '{"userId":"panel"}' \\
            | sed -n 's/.*"sessionId":"\\([^"]*\\)".*/\\1/p')

        """

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode))
    func `every JavaScript, TypeScript and JSON example of the seed works`() {
        let run = ServerScript.run(
            Self.start + """
                timeout 120 node "$scripts/seed-lockers.js" $port "$seeds/lockers.md" "$session" $key; echo $?
                """)
        #expect(run.output == "8 of 8\n0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode))
    func `the examples work as they stand with --dev, beside those of seed 002 on one listener`() {
        let run = ServerScript.run(
            """
            serve --dev --profile channels,lockers --threads 2 --lb-wait 0 --drain-duration 0
            [ "$port" = 3000 ] || serve --dev --listen channels+lockers=127.0.0.1:0 --threads 2 --lb-wait 0
            sed "s/$port/PORT/" "$dir/out"
            timeout 120 node "$scripts/seed-lockers.js" $port "$seeds/lockers.md"; echo $?
            timeout 200 node "$scripts/seed-channels.js" $port "$seeds/channels.md" "$dir/sessionctl/$pid.sock"; echo $?
            """)
        #expect(
            run.output == "listening channels+lockers 127.0.0.1:PORT\n8 of 8\n0\n15 of 15\n0\n", "\(run.errors)")
    }

    @Test func `a session that is deleted closes its sockets with 4440`() {
        let run = ServerScript.run(
            Self.start + """
                "$bin" connect "ws://localhost:$port/ws/lockers?sessionId=$session" --wait 30s < /dev/null \\
                    > "$dir/heard" 2> "$dir/end" & listener=$!
                wait_for grep -q '"connection"' "$dir/heard"
                admin -X DELETE -o /dev/null -w '%{http_code}\\n' http://localhost/admin/locker-sessions/$session
                wait $listener; grep -o 4440 "$dir/end" "$dir/heard" -h | head -n 1
                curl -s -o /dev/null -w '%{http_code}\\n' http://localhost:$port/api/websocket/status \\
                    -H "Authorization: Bearer $session"
                # Neither end tells anybody what the session's name was.
                cat "$dir/end" "$dir/err" | grep -c "$session"
                """)
        #expect(run.output == "204\n4440\n401\n0\n", "\(run.errors)")
    }
}
