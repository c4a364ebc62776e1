import Testing

/// Subscribers that lose their connections go on from where they were, over real sockets (EXT `since`).
@Suite struct ChannelsRecoveryTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0

    @Test(.enabled(if: hasNode), arguments: [1, 2])
    func `nothing is lost, told twice or out of order while connections break all the time`(threads: Int) {
        let run = ServerScript.run(
            """
            serve channels --dev --port 0 --threads \(threads) --lb-wait 0 --drain-duration 0 --rate-limit off \\
                --channels-rule 'test:* subscribe=anyone history=1000'
            timeout 120 node "$scripts/recovery.js" $port 200 100; echo $?
            """)
        #expect(run.output == "0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasNode)) func `what the channel no longer keeps is not recovered in part`() {
        let run = ServerScript.run(
            """
            serve channels --dev --port 0 --threads 2 --lb-wait 0 --drain-duration 0 \\
                --channels-rule 'test:* subscribe=anyone history=5'
            publish() { curl -s -X POST http://localhost:$port/api/v1/ws/broadcast \\
                -d '{"channel":"test:a","message":{"type":"number","n":'$1'}}' > "$dir/answer"; }
            subscribe() { "$bin" connect ws://localhost:$port/ws --count $2 --wait 5s \\
                <<< '{"type":"subscribe","channel":"test:a","since":'$1'}' 2> /dev/null; }
            publish 1
            epoch=$(subscribe '{}' 2 | sed -n 's/.*"epoch":"\\([^"]*\\)".*/\\1/p')
            for n in $(seq 2 7); do publish $n; done
            subscribe '{"epoch":"'$epoch'","offset":2}' 7 | grep -o '"recovered":[a-z]*\\|"n":[0-9]*' | tr '\\n' ' '; echo
            subscribe '{"epoch":"'$epoch'","offset":1}' 2 | grep -o '"recovered":[a-z]*\\|"n":[0-9]*' | tr '\\n' ' '; echo
            subscribe '{"epoch":"another","offset":7}' 2 | grep -o '"recovered":[a-z]*\\|"n":[0-9]*' | tr '\\n' ' '; echo
            """)
        #expect(
            run.output == """
                "recovered":true "n":3 "n":4 "n":5 "n":6 "n":7\u{20}
                "recovered":false\u{20}
                "recovered":false\u{20}

                """, "\(run.errors)")
    }
}
