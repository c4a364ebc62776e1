import Testing

/// The examples and the variables of seed 003, word for word.
@Suite struct BoardSeedTests {
    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasSeed = SpawnedProgram(script: "[ -f \"$2/../shared/seeds/board.md\" ]").status == 0

    /// Starts the service with the seed's variables: at its own port where that is free, `BACKEND_URL` on a free one.
    private static let start = """
        unset JWT_REFRESH_SECRET
        backend=$(free_port)
        export BACKEND_URL=http://localhost:$backend
        from_seed() { awk '/^```bash$/{on=1; next} /^```$/{on=0} on' "$seeds/board.md" | grep -m 1 "^$1="; }
        listens() { grep -x "Listening on \\*:$port" "$dir/out" | sed "s/$port/PORT/"; }

        """

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode))
    func `every JSON block of the seed works, boards reach the backend, and tokens are checked`() {
        let run = ServerScript.run(
            Self.start + """
                export JWT_SECRET=$(printf 'secret-%s' {1..8})
                serve board --port 0 --threads 2 --data-dir "$dir/data" --lb-wait 0 --drain-duration 0
                listens
                timeout 150 node "$scripts/seed-board.js" $port "$seeds/board.md" "$JWT_SECRET" $backend; echo $?
                """)
        #expect(run.output == "Listening on *:PORT\n6 of 6\n0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed), .enabled(if: hasNode))
    func `the service starts as the seed writes it, with --dev`() {
        let run = ServerScript.run(
            Self.start + """
                unset BACKEND_URL
                export "$(from_seed JWT_SECRET | tr -d '"')" "$(from_seed PORT)"
                echo "$JWT_SECRET $PORT"
                (exec 3<> /dev/tcp/127.0.0.1/8000) 2> /dev/null && PORT=$(free_port)
                serve board --dev --threads 2 --lb-wait 0 --drain-duration 0
                [ "$port" = "$PORT" ] && listens
                node -e '
                    const { token, Client } = require(process.argv[1] + "/board-room.js");
                    const [,, port, secret] = process.argv;
                    const join = async (query) => {
                        const client = new Client(`ws://localhost:${port}/${query}`);
                        return (await client.hears("a board", () => true)).connectedUsers.join();
                    };
                    (async () => {
                        console.log(await join("?token=" + token(secret, { userId: "user123", roomId: "r" })));
                        console.log(await join("?userId=user456&roomId=other"));
                        console.log((await join("?roomId=third")).replace(/-.*/, ""));
                        process.exit();
                    })();' "$scripts" $port "$JWT_SECRET"
                """)
        #expect(
            run.output == "secret-string 8000\nListening on *:PORT\nuser123\nuser456\nguest\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasSeed)) func `the published secret of the seed is refused without --dev`() {
        let run = ServerScript.run(
            Self.start + """
                export "$(from_seed JWT_SECRET | tr -d '"')"
                timeout 20 "$bin" serve board --port 0 --data-dir "$dir/data" > /dev/null 2> "$dir/refusal"; echo $?
                grep -c secret-string "$dir/refusal"
                """)
        #expect(run.output == "78\n0\n", "\(run.errors)")
    }

    @Test func `PORT places board where it runs alone, and BACKEND_URL names the backend`() {
        let run = ServerScript.run(
            Self.start + """
                export JWT_SECRET=$(printf 'secret-%s' {1..8}) PORT=$(free_port)
                serve board --host 127.0.0.1 --lb-wait 0 --drain-duration 0
                [ "$port" = "$PORT" ] && listens
                curl -s --unix-socket "$dir/sessionctl/$pid.sock" http://localhost/admin/config | tr , '\\n' \\
                    | grep '"board-backend"' | sed "s/$backend/PORT/"
                """)
        #expect(
            run.output == "Listening on *:PORT\n\"board-backend\":\"http://localhost:PORT\"\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasNode)) func `version 2 keeps every word of its description`() {
        let run = ServerScript.run(
            """
            export JWT_SECRET=$(printf 'secret-%s' {1..8})
            serve board --port 0 --host 127.0.0.1 --threads 2 --data-dir "$dir/data" --lb-wait 0 --drain-duration 0
            timeout 150 node "$scripts/board-v2.js" $port "$JWT_SECRET"; echo $?
            """)
        #expect(run.output == "10 of 10\n0\n", "\(run.errors)")
    }
}
