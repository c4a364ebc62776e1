import Testing

/// The examples and the variables of seed 001, word for word, against `serve --dev`.
@Suite struct SyncSeedTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasSeed = SpawnedProgram(script: "[ -f \"$2/../shared/seeds/sync.md\" ]").status == 0

    /// Starts the service at the seed's own port where that is free; `here` puts the real one into a line of the seed.
    private static let start = """
        unset SERVER_ADDR REDIS_ADDR REDIS_PASSWORD REDIS_DB JWT_SECRET JWT_REFRESH_SECRET
        serve sync --dev --threads 2
        [ "$port" = 8080 ] || serve sync --dev --threads 2 --port 0
        here() { sed "s/localhost:8080/localhost:$port/g"; }

        """

    @Test(.enabled(if: hasSeed)) func `every curl line of the seed is answered as its text promises`() {
        // What the lines show; the token of the example before stands in for `{token}`.
        let run = ServerScript.run(
            Self.start + """
                curl() { command curl -sS -m 20 -o "$dir/body" -w '%{http_code} ' "$@"; }
                shows() { grep -o "$1" "$dir/body" | head -n 1 || true; }
                awk '/^```bash$/{on=1; text=""; next} /^```$/{if (on && text ~ /^curl/) printf "%s%c", text, 0; on=0}
                     on{text = text $0 "\\n"}' "$seeds/sync.md" > "$dir/blocks"
                token=
                while IFS= read -r -d '' block; do
                    eval "$(here <<< "${block/\\{token\\}/$token}")"
                    token=$(sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p' "$dir/body")
                    shows '"created":true\\|"meditation_progress":75\\|"version":2\\|"count":[0-9]*\\|"expires_in":300\\|"valid":true\\|"status":"[ds][a-z]*"\\|"total_sessions":1'
                done < "$dir/blocks"
                """)
        #expect(
            run.output == """
                201 "created":true
                200 "meditation_progress":75
                200 "version":2
                200 "version":2
                200 "count":2
                201 "expires_in":300
                200 "valid":true
                200 "status":"disconnected"
                200 "total_sessions":1
                200 "status":"sent"

                """, "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode)) func `the JavaScript block of the seed works`() {
        let run = ServerScript.run(
            Self.start + """
                timeout 60 node "$scripts/seed-sync.js" $port "$seeds/sync.md" > "$dir/heard"; echo $?
                head -n 1 "$dir/heard"
                is_stored() {
                    curl -s http://localhost:$port/session/$(tail -n 1 "$dir/heard") | grep '"meditation_progress":80'
                }
                wait_for is_stored && echo stored
                """)
        #expect(run.output == "0\ndevice-456 1 iPhone 13\nstored\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed)) func `the variables of the seed are read`() {
        // Its Redis is one of this test's own, and so is its port where somebody else has that.
        let run = ServerScript.run(
            """
            redis=$(free_port)
            redis-server --port $redis --bind 127.0.0.1 --save '' --dir "$dir" > "$dir/redis" & redis_pid=$!
            trap 'kill $redis_pid; [ -z "$pid" ] || kill -9 $pid; wait 2> /dev/null' EXIT
            wait_for redis-cli -p $redis ping
            free=$(free_port)
            awk '/^```env$/{on=1; next} /^```$/{on=0} on' "$seeds/sync.md" \\
                | sed "s/localhost:6379/127.0.0.1:$redis/; s/:8080/:$free/" > "$dir/env"
            set -a; . "$dir/env"; set +a
            "$bin" serve sync 2> "$dir/refused"; echo $?
            grep -c 'published example' "$dir/refused"
            serve sync --dev; echo "${address/$free/PORT}"
            curl -s -o /dev/null -w '%{http_code}\\n' -X POST http://localhost:$free/session/snapshot \\
                -d '{"session_id":"550e8400-e29b-41d4-a716-446655440000","user_id":"u","state_data":{}}'
            redis-cli -p $redis dbsize | grep -c '^[1-9]'
            """)
        #expect(run.output == "78\n1\n127.0.0.1:PORT\n201\n1\n", "\(run.errors)")
    }
}

/// Clients that others wrote, against sync.
@Suite struct SyncIndependentClientTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasPython = SpawnedProgram(script: "python3 -c 'import websockets'").status == 0

    /// Starts the service as it is by default, with tokens, and issues one.
    private func start(_ isSecure: Bool, _ isCompressed: Bool) -> String {
        let security = isSecure ? #"--tls-cert "$dir/chain.pem" --tls-key "$dir/key.pem""# : ""
        return """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost \\
                -keyout "$dir/key.pem" -out "$dir/chain.pem" 2> /dev/null
            unset JWT_SECRET JWT_REFRESH_SECRET REDIS_ADDR SERVER_ADDR
            serve sync --port 0 --host 127.0.0.1 --threads 2 --data-dir "$dir/data" \\
                --compression \(isCompressed ? "on" : "off") \(security)
            token=$("$bin" token issue --user u --data-dir "$dir/data")
            url=\(isSecure ? "wss" : "ws")://localhost:$port/ws
            mode=\(isCompressed ? "deflate" : "")

            """
    }

    @Test(.enabled(if: hasNode), arguments: [false, true], [false, true])
    func `node-ws completes the scenario of two devices`(isSecure: Bool, isCompressed: Bool) {
        let run = ServerScript.run(
            start(isSecure, isCompressed) + "timeout 60 node \"$scripts/two-devices.js\" $url $token $mode; echo $?\n")
        #expect(run.output == "0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasPython), arguments: [false, true], [false, true])
    func `Python's websockets completes the scenario of two devices`(isSecure: Bool, isCompressed: Bool) {
        let run = ServerScript.run(
            start(isSecure, isCompressed)
                + "timeout 60 python3 \"$scripts/two_devices.py\" $url $token $mode; echo $?\n")
        #expect(run.output == "0\n", "\(run.errors)")
    }
}
