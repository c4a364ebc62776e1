import Testing

/// The command line, the variables and the examples of seed 000, word for word.
@Suite struct ServerSeedTests {
    private static let hasNode = succeeds("node -e 'require(\"ws\")'")
    private static let hasWscat = succeeds("wscat --version")
    private static let hasSeed = succeeds("[ -f \"$2/../shared/seeds/awareness.md\" ]")

    private static func succeeds(_ command: String) -> Bool {
        SpawnedProgram(script: "export NODE_PATH=/usr/share/nodejs; " + command).status == 0
    }

    @Test func `the seed's command line starts the service`() {
        let run = ServerScript.run(
            """
            serve awareness -p $(free_port) -h 127.0.0.1 -t 60000 -c 30000 -m 1
            register() { echo '{"type":"register","payload":{"userId":"u","windowId":"'$1'","caseId":"C"}}'; }
            "$bin" send ws://$address "$(register w1)" "$(register w2)" --expect-json '{"payload":{"code":"CONNECTION_LIMIT"}}' \\
                > /dev/null; echo $?
            """)
        #expect(run.output == "0\n", "\(run.errors)")
    }

    @Test func `the seed's long options and variables start the service`() {
        let run = ServerScript.run(
            """
            port=$(free_port)
            serve awareness --port $port --host 127.0.0.1 --heartbeat-timeout 60000; echo "${address/$port/PORT}"
            stop KILL
            export PORT=$port HOST=127.0.0.1 HEARTBEAT_TIMEOUT=60000 CLEANUP_INTERVAL=30000 MAX_CONNECTIONS=1
            serve --profile awareness; echo "${address/$port/PORT}"
            socket=$dir/sessionctl/$pid.sock
            curl -s --unix-socket "$socket" http://localhost/admin/config | tr , '\\n' | grep -E 'heartbeat|awareness-cleanup|max-conn'
            """)
        #expect(
            run.output == """
                127.0.0.1:PORT
                127.0.0.1:PORT
                "awareness-heartbeat-timeout":"1m"
                "awareness-cleanup-interval":"30s"
                "awareness-max-connections":"1"

                """, "\(run.errors)")
    }

    @Test(.enabled(if: hasNode), .enabled(if: hasSeed))
    func `every JSON block of the seed is understood, and answered as the seed shows`() {
        let run = ServerScript.run(
            """
            serve awareness -p 0 -h 127.0.0.1 -m 2
            timeout 60 node "$scripts/seed-blocks.js" ws://$address "$seeds/awareness.md"; echo $?
            """)
        #expect(run.output == "0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasWscat), .enabled(if: hasSeed)) func `the seed's health check gets its pong`() {
        // The port is the seed's own where it is free; otherwise the line is the same but for the port.
        let run = ServerScript.run(
            """
            line=$(grep ^wscat "$seeds/awareness.md")
            serve awareness -h 127.0.0.1
            [ "$port" = 8765 ] || serve awareness -h 127.0.0.1 -p 0
            line=${line/8765/$port}
            # It leaves at the end of its input, even before the answer.
            timeout 30 bash -c "$line" < <(exec sleep 4)
            """)
        #expect(run.output.contains(#""pong""#), "\(run.output)\(run.errors)")
    }

    @Test func `the seed's health check as a command of ours`() {
        let run = ServerScript.run(
            """
            serve awareness -p 0 -h 127.0.0.1
            "$bin" send ws://$address '{"type":"ping"}' --expect-json '{"type":"pong"}' > /dev/null; echo $?
            """)
        #expect(run.output == "0\n", "\(run.errors)")
    }
}
