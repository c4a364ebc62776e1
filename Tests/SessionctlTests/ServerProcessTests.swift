import Testing

/// `sessionctl serve` as a process: exit statuses, signals, descriptors (PROTOCOLS C9, C11, §1.10).
@Suite struct ServerProcessTests {
    @Test func `a port in use is status 69 and one line that says what to do`() {
        let run = ServerScript.run(
            """
            serve --listen awareness=127.0.0.1:0 --lb-wait 0
            "$bin" serve --listen awareness=127.0.0.1:$port --admin-socket "$dir/other" 2> "$dir/second"; echo $?
            sed "s/$port/PORT/g" "$dir/second"
            stop; echo $status
            """)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3, "\(run.output)\(run.errors)")
        #expect(lines.first == "69")
        #expect(lines.dropFirst().first?.contains("127.0.0.1:PORT") == true)
        #expect(lines.dropFirst().first?.contains("choose another port") == true)
        #expect(lines.last == "0")
    }

    @Test(arguments: [
        (
            "serve --listen awareness=127.0.0.1:0 --tls-cert /nowhere/c.pem --tls-key /nowhere/k.pem", 78,
            "/nowhere/c.pem"
        ),
        ("serve --listen awareness=127.0.0.1:0 --tls-cert /nowhere/c.pem", 64, "tls-key"),
        ("serve --awareness-auth required --listen awareness=127.0.0.1:0", 78, "awareness-auth required"),
        ("serve --awareness-auth optional --listen awareness=127.0.0.1:0", 78, "awareness-auth optional"),
        ("serve --listne awareness=127.0.0.1:0", 64, "--listen"),
        ("serve --listen nothing=127.0.0.1:0", 64, "nothing"),
        ("serve awarenes", 64, "awareness"),
    ])
    func `a start that cannot be is one line with its status`(arguments: String, status: Int32, word: String) {
        let run = ServerScript.run("exec \"$bin\" \(arguments)")
        #expect(run.status == status)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("sessionctl serve"), "\(run.errors)")
        #expect(run.errors.hasSuffix("\n") && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.errors.contains(word), "\(run.errors)")
    }

    @Test(arguments: ["channels=127.0.0.1:0", "lockers=127.0.0.1:0", "sync=127.0.0.1:0"])
    func `a server that nobody talks to rests`(placement: String) {
        // One that turns round and round uses a whole processor: two hundred ticks in these two seconds.
        let run = ServerScript.run(
            """
            serve --listen \(placement) --lb-wait 0
            ticks() { awk '{ print $14 + $15 }' /proc/$pid/stat; }
            before=$(ticks); sleep 2; after=$(ticks); stop
            echo $((after - before < 100)) $status
            """)
        #expect(run.output == "1 0\n", "\(run.errors)")
    }

    @Test func `a mistyped variable is warned of at the start`() {
        let run = ServerScript.run(
            """
            export SESSIONCTL_DRAIN_DURATON=1s
            serve --listen awareness=127.0.0.1:0 --lb-wait 0
            stop; echo $status; head -n 1 "$dir/err"
            """)
        #expect(
            run.output == """
                0
                sessionctl serve: warning: environment variable SESSIONCTL_DRAIN_DURATON is read by nobody; \
                did you mean SESSIONCTL_DRAIN_DURATION?

                """, "\(run.errors)")
    }

    @Test func `SIGTERM, SIGINT and SIGUSR2 drain to status 0`() {
        let run = ServerScript.run(
            """
            for signal in TERM INT USR2; do
                serve --listen awareness=127.0.0.1:0 --lb-wait 100ms
                stop $signal; echo $status
            done
            ls -A "$dir/sessionctl"
            """)
        #expect(run.output == "0\n0\n0\n", "\(run.errors)")
    }

    @Test func `a second signal ends at once with the signal's status`() {
        let run = ServerScript.run(
            """
            for signal in TERM INT; do
                serve --listen awareness=127.0.0.1:0 --lb-wait 60s
                kill -$signal $pid
                wait_for grep -q draining "$dir/err"
                stop $signal; echo $status
            done
            """)
        #expect(run.output == "143\n130\n", "\(run.errors)")
    }

    @Test func `running out of descriptors refuses newcomers, spins not, and passes`() {
        let run = ServerScript.run(
            """
            wrapper=(prlimit --nofile=64:64)
            serve --listen awareness=127.0.0.1:0 --handshake-timeout 60s --connection-limit 1000 --lb-wait 0 --threads 2
            ticks() { cut -d ' ' -f 14,15 /proc/$pid/stat | { read user system; echo $((user + system)); }; }
            descriptors=()
            for _ in $(seq 90); do
                exec {descriptor}<> /dev/tcp/127.0.0.1/$port && descriptors+=($descriptor)
            done
            wait_for grep -q 'out of descriptors' "$dir/err" && echo "told once: $(grep -c 'out of desc' "$dir/err")"
            before=$(ticks); sleep 1; after=$(ticks)
            [ $((after - before)) -lt 30 ] && echo quiet || echo "busy: $((after - before)) ticks in a second"
            # The newest of them was refused, or waits; nothing else becomes of it.
            answer=$(timeout 1 head -n 1 <&${descriptors[89]} | tr -d '\\r')
            case $answer in '' | 'HTTP/1.1 503 Service Unavailable') echo refused;; *) echo "heard $answer";; esac
            for descriptor in ${descriptors[@]}; do exec {descriptor}>&-; done
            healthy() { curl -sf --max-time 2 http://127.0.0.1:$port/healthz; }
            wait_for healthy && healthy; echo
            stop; echo $status
            """)
        #expect(run.output == "told once: 1\nquiet\nrefused\n{\"status\":\"ok\"}\n0\n", "\(run.errors)")
    }

    @Test func `SIGHUP reads the file again, and keeps the old one where it is wrong`() {
        let run = ServerScript.run(
            """
            printf 'listen awareness=127.0.0.1:0\\nlb-wait 0ms\\nping-interval 20s\\n' > "$dir/f.conf"
            serve --config "$dir/f.conf"
            echo 'ping-interval 30s' >> "$dir/f.conf"; sed -i '/20s/d' "$dir/f.conf"
            kill -HUP $pid; wait_for grep -q 'configuration reloaded applied=ping-interval' "$dir/err" && echo reloaded
            echo 'pong-interval 30s' >> "$dir/f.conf"
            kill -HUP $pid; wait_for grep -q 'configuration rejected' "$dir/err" && echo rejected
            curl -sf http://127.0.0.1:$port/readyz; echo
            stop; echo $status
            """)
        #expect(run.output == "reloaded\nrejected\n{\"status\":\"ready\"}\n0\n", "\(run.errors)")
    }
}
