import SessionCodec
import Testing

/// The commands of channels and lockers against a real server: who may do what, what is recovered, what is refused.
@Suite struct ServiceVerbTests {
    /// Runs a script beside a server of both services; `ctl` is the binary, `status` prints its exit status alone, `field
    /// NAME` picks one of a record, `hears FILE` waits for a subscription.
    private func run(_ options: String = "--dev", body: String) -> SpawnedProgram {
        ServerScript.run(
            #"""
            unset SESSIONCTL_TOKEN SESSIONCTL_URL SESSIONCTL_API_KEY SESSIONCTL_LOCKER_SESSION
            cd "$dir"
            start() {
                serve --listen channels+lockers=${address:-127.0.0.1:0} --data-dir "$dir/data" \
                    --admin-socket "$dir/admin.sock" --channels-rule 'kept:* history=100' --lb-wait 0 \
                    --drain-duration 0 "$@"
            }
            start \#(options)
            export SESSIONCTL_URL=http://$address
            admin=unix:$dir/admin.sock
            ctl() { "$bin" "$@"; }
            status() { "$bin" "$@" >/dev/null 2>>errors; echo $?; }
            field() { sed -n "s/^$1\t//p"; }
            has() { grep -q "$1" "$2"; }
            hears() { wait_for has '^\(subscribed\|watching\)' "$1"; }
            """# + "\n" + body)
    }

    // MARK: Channels

    @Test func `a subscriber that is sent away comes back for what it missed, in order and once`() throws {
        let run = run(
            body: #"""
                ctl subscribe kept:a --reconnect -N 6 --for 30s >heard 2>log & watch=$!
                hears log
                seq 1 2 | ctl publish kept:a --type n >/dev/null
                wait_for has 'n 2' heard
                id=$(ctl admin connections --url $admin --columns id | head -n 1)
                ctl admin kick $id --code 4513 --url $admin >/dev/null
                seq 3 6 | ctl publish kept:a --type n >/dev/null
                wait $watch; echo $?
                cat heard; grep -c 'subscribed again' log
                """#)
        let messages = (1...6).map { "kept:a n \($0)\n" }.joined()
        #expect(run.output == "0\n" + messages + "1\n", "\(run.errors)")
    }

    @Test func `what another life of the server knew is a gap`() throws {
        let run = run(
            body: #"""
                ctl subscribe kept:a --reconnect -N 2 --for 30s --json >heard 2>log & watch=$!
                hears log
                stop KILL; start --dev
                wait_for has 'subscribed again' log
                ctl publish kept:a '{"type":"m"}' | field delivered
                wait $watch; echo $?
                cat heard >&2
                """#)
        #expect(run.output == "1\n0\n", "\(run.errors)")
        let events = try ClientScript.objects(
            run.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.joined(separator: "\n"))
        #expect(events.first?["event"]?.string == "gap" && events.last?["type"]?.string == "m")
    }

    @Test func `producers need a role, users hear their own channels, and a key does as well`() {
        let run = run(
            "--api-key ci:publisher:$(printf key | sha256sum | cut -d' ' -f1)",
            body: #"""
                token() { ctl token issue --data-dir "$dir/data" "$@"; }
                token --user u1 >u1; token --user p --role publisher >p
                status publish test:a '{"type":"m"}'
                status publish test:a '{"type":"m"}' --token-file u1
                status publish test:a '{"type":"m"}' --token-file p
                status publish test:a '{"type":"m"}' --api-key key
                status subscribe user:u1:alerts --for 1ms
                status subscribe user:u1:alerts --for 1ms --token-file u1
                status subscribe user:u2:alerts --for 1ms --token-file u1
                status subscribe admin:all --for 1ms --token-file u1
                status subscribe test:a --token bad.token.x
                ctl subscribe user:u1:alerts -N 1 --for 20s --token-file u1 >heard 2>log & watch=$!
                hears log
                ctl publish --user u1 '{"type":"hi"}' --token-file p | field delivered
                wait $watch; echo $?; cat heard
                """#)
        #expect(run.output == "77\n77\n0\n0\n77\n0\n77\n77\n77\n1\n0\nhi\n", "\(run.errors)")
    }

    @Test func `a report goes forward only, ends once, and can be cancelled before`() {
        let run = run(
            body: #"""
                status report status r
                status report progress r 40
                status report progress r 30
                status report progress r 30 --reset
                status report cancel r --reason late
                status report progress r 50
                status report cancel r
                ctl report status r | field status
                ctl report watch r 2>/dev/null; echo $?
                ctl report progress s --status error --message 'No data' | field delivered
                ctl report watch s 2>/dev/null; echo $?
                ctl report watch t --for 50ms 2>/dev/null; echo $?
                """#)
        #expect(
            run.output == """
                1
                0
                1
                0
                0
                1
                0
                cancelled
                cancelled 30%
                1
                0
                error 0% No data
                1
                pending 0% Waiting for report
                75

                """, "\(run.errors)")
    }

    @Test func `notices reach their channels, and the rows of a stream who watches them`() {
        let run = run(
            body: #"""
                ctl subscribe reports:alerts reports:maintenance -N 2 --for 20s >heard 2>log & watch=$!
                hears log
                ctl notify alert 'High load' --level critical | field delivered
                ctl notify maintenance Break --start 2024-01-07T11:00:00Z --duration 30m | field delivered
                wait $watch; echo $?
                cut -d' ' -f1,2 heard
                ctl stream watch t --filter a=1 -N 2 --for 20s >rows 2>log & watch=$!
                hears log
                printf '%s\n' '{"a":1,"b":1}' '{"a":2}' '{"a":1,"b":2}' | ctl stream push t | field channel
                wait $watch; echo $?
                cat rows
                """#)
        #expect(
            run.output == """
                1
                1
                0
                reports:alerts system_alert
                reports:maintenance maintenance_notice
                reports:data:t
                0
                {"a":1,"b":1}
                {"a":1,"b":2}

                """, "\(run.errors)")
    }

    @Test func `an administrator lists channels, who hears them and what they keep`() {
        let run = run(
            body: #"""
                ctl subscribe kept:a kept:b --for 20s >heard 2>log & watch=$!
                hears log
                ctl admin channels --url $admin
                ctl admin publish kept:a hello --type note --string --url $admin | field delivered
                ctl admin history kept:a --url $admin
                ctl admin presence kept:b --url $admin | wc -l
                kill $watch; wait $watch; echo $?
                """#)
        let lines = run.output.split(separator: "\n").map { $0.filter { $0 != " " } }
        #expect(
            lines
                == ["kept:a\t1", "kept:b\t1", "1", #"1kept:anote"hello""#, "1", "143"].map { $0.filter { $0 != " " } },
            "\(run.output) \(run.errors)")
    }

    // MARK: Lockers

    @Test func `a kiosk hears its room alone, and its revoked session is thrown out`() {
        let run = run(
            "",
            body: #"""
                status locker watch --for 1ms
                ctl session create --user k --kiosk kiosk-1 --url $admin >kiosk
                ctl session create --user g --role service --url $admin >gateway
                status locker join kiosk-1 --for 1ms --session-file kiosk
                status locker emit e --session-file kiosk
                ctl locker join kiosk-1 --session-file kiosk --for 20s >heard 2>log & watch=$!
                hears log
                ctl locker emit e 1 --room kiosk-1 --session-file gateway | field recipients
                ctl locker emit e 2 --room kiosk-2 --session-file gateway | field recipients
                ctl locker emit state l1 closed open kiosk-1 --session-file gateway | field recipients
                ctl session list --url $admin | wc -l
                ctl session revoke $(cat kiosk) --url $admin
                wait $watch; echo $?
                cut -d'{' -f1 heard
                status locker watch --for 1ms --session-file kiosk
                status session revoke $(cat kiosk) --url $admin
                """#)
        #expect(
            run.output == """
                77
                0
                77
                1
                0
                1
                2
                revoked 1 session
                1
                e 1
                locker_state_changed\u{20}
                77
                1

                """, "\(run.errors)")
    }

    @Test func `a kiosk that was away is told what happened, in its room too`() {
        let run = run(
            body: #"""
                ctl locker watch --room kiosk-1 --since now -N 1 --for 20s >heard 2>log & watch=$!
                hears log
                ctl locker emit first --room kiosk-1 >/dev/null
                wait $watch
                place=$(sed -n 's/^\/ws\/lockers is at \(.*\); .*/\1/p' log)
                time=$(date -u +%FT%T.%3NZ)
                ctl locker emit second 2 >/dev/null; ctl locker emit third 3 >/dev/null
                ctl locker watch --since "$place" -N 2 2>/dev/null
                ctl locker watch --since $time -N 2 2>/dev/null
                ctl locker watch --since 2024-01-01T00:00:00Z --expect-json '{"event":"gap"}' >/dev/null 2>&1; echo $?
                """#)
        #expect(run.output == "second 2\nthird 3\nsecond 2\nthird 3\n0\n", "\(run.errors)")
    }

    @Test func `commands are acknowledged, and each typed event has its namespace`() {
        let run = run(
            body: #"""
                ctl locker watch events --room command:c7 -N 2 --for 20s >heard 2>log & watch=$!
                hears log
                ctl locker emit command open --locker l1 | field recipients
                ctl locker ack c7
                wait $watch; cut -d' ' -f1 heard
                ctl locker acks c7 | wc -l
                status locker acks c8
                ctl locker emit help 1 kiosk-1 access_issue --note 'Cannot open' | field namespace
                ctl locker emit help-status 1 open assigned | field event
                status locker emit connection
                status locker watch nowhere
                ctl locker status --json --expect-json '{"status":"active"}' >/dev/null; echo $?
                """#)
        #expect(
            run.output.filter { $0 != " " }
                == """
                1
                acknowledged c7
                command_applied
                command_acknowledged
                1
                1
                /ws/help
                help_status_updated
                65
                76
                0

                """.filter { $0 != " " }, "\(run.errors)")
    }
}
