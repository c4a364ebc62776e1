import Testing

/// The examples and the variables of seed 002, word for word, against `serve --dev`.
@Suite struct ChannelsSeedTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasSeed = SpawnedProgram(script: "[ -f \"$2/../shared/seeds/channels.md\" ]").status == 0

    /// Starts the service at the seed's own port where that is free; `here` puts the real one into a line of the seed.
    private static let start = """
        unset WEBSOCKET_MAX_PAYLOAD WEBSOCKET_CLEANUP_INTERVAL WEBSOCKET_CONNECTION_TIMEOUT WEBSOCKET_PING_INTERVAL
        serve channels --dev --threads 2 --lb-wait 0 --drain-duration 0
        [ "$port" = 3000 ] || serve channels --dev --threads 2 --port 0 --lb-wait 0 --drain-duration 0
        socket=$dir/sessionctl/$pid.sock
        here() { sed "s/localhost:3000/localhost:$port/g"; }

        """

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode))
    func `every JavaScript and TypeScript example of the seed works, its Jest test among them`() {
        let run = ServerScript.run(
            Self.start + """
                timeout 200 node "$scripts/seed-channels.js" $port "$seeds/channels.md" "$socket"; echo $?
                """)
        #expect(run.output == "15 of 15\n0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed)) func `wscat's lines are typed into connect`() {
        // The block's lines: two addresses, and what is typed behind the first.
        let run = ServerScript.run(
            Self.start + """
                block=$(awk '/^```bash$/{on=1; text=""; next} /^```$/{if (on && text ~ /wscat -c/) printf "%s", text; on=0}
                     on{text = text $0 "\\n"}' "$seeds/channels.md" | here)
                urls=($(sed -n 's/^wscat -c //p' <<< "$block"))
                echo ${#urls[@]}
                sed -n 's/^> //p' <<< "$block" > "$dir/typed"
                types() { grep -o '"type":"[a-z_]*"' "$1"; }
                "$bin" connect "${urls[0]}" --count 3 --wait 20s < "$dir/typed" > "$dir/heard"
                echo $?; types "$dir/heard"; grep -o '"channel":"test:channel"' "$dir/heard"
                "$bin" connect "${urls[1]}" --count 2 --wait 20s < /dev/null > "$dir/report"
                echo $?; types "$dir/report"
                """)
        #expect(
            run.output == """
                2
                0
                "type":"welcome"
                "type":"subscribed"
                "type":"pong"
                "channel":"test:channel"
                0
                "type":"welcome"
                "type":"report_status"

                """, "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode)) func `the seed's wscat line itself is answered`() {
        let run = ServerScript.run(
            Self.start + """
                line=$(grep -m 1 '^wscat -c' "$seeds/channels.md" | here)
                # What is typed before it is connected is lost, and it leaves at the end of its input.
                touch "$dir/shown"
                timeout 30 bash -c "$line" > "$dir/shown" < <(
                    wait_for grep -q welcome "$dir/shown"; echo '{"type": "ping"}'; wait_for grep -q pong "$dir/shown")
                cat "$dir/shown"
                """)
        #expect(run.output.contains(#""type":"welcome""#), "\(run.output)\(run.errors)")
        #expect(run.output.contains(#""type":"pong""#), "\(run.output)\(run.errors)")
    }

    @Test(.enabled(if: hasSeed)) func `the variables of the seed are read`() {
        let run = ServerScript.run(
            Self.start + """
                stop KILL
                awk '/^```bash$/{on=1; next} /^```$/{on=0} on && /^WEBSOCKET_/{print $1}' "$seeds/channels.md" > "$dir/env"
                # Other values than the defaults, so that it shows who read them.
                sed -i 's/1048576/2048/; s/INTERVAL=300000/INTERVAL=60000/; s/300000/120000/; s/30000/15000/' "$dir/env"
                set -a; . "$dir/env"; set +a
                serve channels --dev --port 0 --lb-wait 0
                curl -s --unix-socket "$dir/sessionctl/$pid.sock" http://localhost/admin/config | tr , '\\n' \\
                    | grep -oE '"channels-(message-limit|[a-z]*-interval|connection-timeout)":.*' | sort
                long=$(head -c 3000 /dev/zero | tr '\\0' x)
                "$bin" send ws://localhost:$port/ws "{\\"type\\":\\"ping\\",\\"x\\":\\"$long\\"}" --expect-close 1009 > /dev/null
                echo $?
                """)
        #expect(
            run.output == """
                "channels-cleanup-interval":"1m"
                "channels-connection-timeout":"2m"
                "channels-message-limit":"2KiB"
                "channels-ping-interval":"15s"
                0

                """, "\(run.errors)")
    }

    @Test(.enabled(if: hasNode)) func `a message to a user reaches that user's sockets alone`() {
        let run = ServerScript.run(
            """
            unset JWT_SECRET JWT_REFRESH_SECRET
            serve channels --port 0 --host 127.0.0.1 --threads 2 --data-dir "$dir/data" --lb-wait 0 --drain-duration 0
            token() { "$bin" token issue --data-dir "$dir/data" "$@"; }
            listen() {
                exec "$bin" connect ws://localhost:$port/ws -H "Authorization: Bearer $(token --user $1)" --count 2 --wait 30s \\
                    < /dev/null > "$dir/$1"
            }
            listen ana & ana=$!; listen ben & ben=$!
            wait_for grep -q welcome "$dir/ana"; wait_for grep -q welcome "$dir/ben"
            post() {
                curl -s -X POST http://localhost:$port/api/v1/ws/users/ana -H "Authorization: Bearer $1" \\
                    -d '{"message":{"type":"user_notification","message":"Your report is ready for download"}}'
            }
            post "$(token --user producer --role publisher)"; echo
            post "$(token --user ben)" | grep -o '"error":"[A-Z]*"'
            wait $ana; grep -o '"message":"Your report is ready for download"' "$dir/ana"
            kill $ben; grep -c user_notification "$dir/ben"
            """)
        #expect(
            run.output == """
                {"delivered":1}
                "error":"FORBIDDEN"
                "message":"Your report is ready for download"
                0

                """, "\(run.errors)")
    }
}
