package import CommandKit

/// The declarations of `bench`, its workloads, and `compare`.
package enum BenchCommands {
    /// `bench`.
    package static let bench = CommandSpec("bench", "Make load, and measure what a server does with it") {
        var details = CommandDetails(
            discussion: [
                """
                Opens connections, sends requests, checks each reply, and reports latency, rate and errors. The first \
                word of the report is the verdict: VALID, or CLIENT-LIMITED or NET-LIMITED where the figures say more \
                about the generator or the network than about the server.
                """,
                """
                Without a URL the native listener on loopback is used: echo on port 9001 for echo, connect, idle and \
                slow, sync on port 8080 for snapshot, handoff, state, conflict and devices, channels and lockers on port 3000 \
                for fanout and lockers, board on port 8000 for board, awareness on port 8765 for the others. A FILE of '-' is standard output, in place of the text.
                """,
            ],
            options: shared,
            subcommands: workloads + [merge, selftest])
        details.runsAlone = false
        details.sections = BenchManual.sections
        details.examples = [
            CommandExample(
                "sessionctl bench echo -c 100 -R 20k -d 30s", "20,000 messages a second over 100 connections"),
            CommandExample(
                "sessionctl bench echo :9001/echo -R 50k --assert 'p99<5ms' --assert 'loss==0'",
                "Fail where the server is too slow"),
            CommandExample("sessionctl bench echo --runs 5 --json > after.json", "A document for compare"),
            CommandExample("sessionctl bench echo -c 50 --find-max 'p99<10ms'", "How much does it bear?"),
            CommandExample("sessionctl bench selftest", "Are the figures of this machine right?"),
        ]
        return details
    }

    /// `compare`.
    package static let compare = CommandSpec("compare", "Compare two documents of bench") {
        var details = CommandDetails(
            discussion: [
                """
                Reads what 'bench --json' wrote and says for each figure how B differs from A, with the 95 % \
                confidence interval of the difference, and whether that is more than chance. It needs at least 5 runs \
                on both sides ('bench --runs 5').
                """
            ],
            operands: [
                OperandSpec("A", .one, .file, "the document to compare with"),
                OperandSpec("B", .one, .file, "the document that is compared"),
            ],
            options: [BenchOptions.failIf.spec].under("Checks")
                + [
                    BenchOptions.json.spec, BenchOptions.markdown.spec, BenchOptions.html.spec,
                    ClientOptions.noColor.spec,
                ]
                .under("Output"))
        details.examples = [
            CommandExample(
                "sessionctl compare before.json after.json --fail-if 'p99>+10%'", "Has it become slower?")
        ]
        return details
    }

    // MARK: Workloads

    private static var workloads: [CommandSpec] {
        [
            echo, connect, idle, heartbeat, register, storm, slow, mix, snapshot, handoff, state, conflict, devices,
            fanout, lockers, board,
        ]
    }

    private static let url = OperandSpec(
        "URL", .any, .text,
        "one of ws://, wss://, unix:SOCKET:/PATH, or :PORT/PATH for loopback; several share the load")

    private static let echo = workload(
        "echo", "Send messages and expect each back",
        "Messages are binary and carry a sequence number, so that loss, repetition and reordering are counted exactly.",
        [BenchOptions.size.spec] + traffic, "sessionctl bench echo -c 1000 -R 50k -s 1KiB")

    private static let connect = workload(
        "connect", "Open connections, close them, and again",
        "A request is a whole handshake, and its latency the time until the connection is open.",
        arrivals + [BenchOptions.noSpin.spec, BenchOptions.findMax.spec],
        "sessionctl bench connect -c 50 -R 2k --bind 127.0.0.2,127.0.0.3")

    private static let idle = workload(
        "idle", "Open connections and hold them",
        "Nothing is sent; the report says how the handshakes went, how many connections stayed, and what each costs.",
        [], "sessionctl bench idle -c 10k --connect-rate 2k -d 1m")

    private static let heartbeat = workload(
        "heartbeat", "Register windows and send heartbeats",
        "Each connection is a window of awareness, whose heartbeats the server acknowledges one by one.",
        [BenchOptions.every.spec] + traffic, "sessionctl bench heartbeat -c 5k --every 15s --jitter 10% -d 5m")

    private static let register = workload(
        "register", "Register windows again and again",
        "Each connection is a window of awareness; each request registers it once more.",
        traffic, "sessionctl bench register -c 200 -R 10k")

    private static let storm = workload(
        "storm", "Cut all connections at once, and come back",
        "Windows of awareness; the report says how long it took until half of them, 95 % and all were registered again.",
        [BenchOptions.dropAt.spec], "sessionctl bench storm -c 5k --drop-at 5s -d 20s")

    private static let slow = workload(
        "slow", "Let a part of the connections read slowly",
        "What the slow readers do to the others: the latency is that of the healthy connections.",
        [BenchOptions.slow.spec, BenchOptions.readRate.spec, BenchOptions.size.spec] + traffic,
        "sessionctl bench slow -c 1000 -R 10k --slow 5% --read-rate 1KiB")

    private static let mix = CommandSpec("mix", "Send a scenario of weighted messages") {
        var details = CommandDetails(
            discussion: [
                """
                FILE is JSON: {"profile": "awareness", "steps": [{"weight": 8, "send": "heartbeat"}, {"weight": 2, \
                "send": "register"}]}. Each request picks one step by its weight. 'man sessionctl-bench' has the rest.
                """
            ],
            operands: [OperandSpec("FILE", .one, .file, "the scenario"), url],
            options: named(traffic) + shared)
        details.examples = [
            CommandExample("sessionctl bench mix scenario.json -c 100 -R 5k", "What people really do")
        ]
        return details
    }

    private static let snapshot = sync(
        "snapshot", "Put and get snapshots of sessions",
        """
        Devices authenticate and stay connected; plain HTTP connections put and get whole states. Each acknowledged \
        version must be higher than those before, and each get must answer with the state that was put last.
        """,
        [BenchSyncOptions.writers.spec, BenchSyncOptions.puts.spec],
        "sessionctl bench snapshot -c 10k --writers 64 -R 2k --assert 'put_p99<50ms'")

    private static let handoff = sync(
        "handoff", "Hand sessions over from device to device",
        """
        Each request starts a handoff over HTTP; when the target's socket has the offer, it is accepted over HTTP; the \
        request is over once the state and the source's notice are there.
        """,
        [BenchSyncOptions.writers.spec], "sessionctl bench handoff -c 10k -R 200 --assert 'notice_p99<100ms'")

    private static let state = sync(
        "state", "Change keys, and see when the other devices hear of it",
        """
        Devices change a key of their session; 'ack' is the time until the sender is told that the change is kept, \
        'arrival' the time until another device of the session hears of it. Changes carry numbers, so that those that \
        are lost, doubled or late are counted exactly.
        """,
        [BenchSyncOptions.writingDevices.spec],
        "sessionctl bench state -c 10k --devices-per-session 2 -R 2k --assert 'arrival_p99<10ms'")

    private static let conflict = sync(
        "conflict", "Change older versions, and resolve the conflicts",
        """
        Each request is an incremental change of an older version, which is refused with a conflict, and then a merge, \
        which must have a higher version than the server's.
        """,
        [BenchSyncOptions.writers.spec], "sessionctl bench conflict -c 10k -R 500 --assert 'resolve_p99<50ms'")

    private static let devices = sync(
        "devices", "Connect and authenticate devices, and let them say that they are there",
        """
        With a rate devices send heartbeats and ask for the list of their session's devices; without one they stay \
        connected and say nothing, and the report says what each costs.
        """,
        [BenchSyncOptions.lists.spec],
        "sessionctl bench devices -c 10k --connect-rate 2k --assert 'rss_per_connection<=2KiB'")

    private static let fanout = workload(
        "fanout", "Publish to channels, and see when each subscriber hears of it",
        """
        Connections subscribe to channels, others publish to them. A request is over when the last subscriber has heard of \
        it; 'ack' is the time until the server took it, 'delivery' that of each subscriber, 'last' that of the last one. \
        Messages carry numbers, so that what is lost, doubled or in another order than at the others is counted exactly.
        """,
        BenchTopicOptions.fanout + topicTraffic, "sessionctl bench fanout -c 1000 -R 100 --assert 'last_p99<20ms'")

    private static let lockers = workload(
        "lockers", "Broadcast to namespaces and rooms of lockers",
        """
        Connections are kiosks in namespaces, a part of them in rooms; others broadcast over HTTP. Each broadcast must reach \
        all whom it is meant for, as many as the server says, and in the same order.
        """,
        BenchTopicOptions.lockers + topicTraffic,
        "sessionctl bench lockers -c 1000 -R 200 --assert 'delivery_p50<5ms' --assert 'delivery_p99<20ms'")

    private static let board = workload(
        "board", "Move cursors and change shapes in rooms, and see what each member sees",
        """
        Connections are members of rooms. Each moves its cursor and changes shapes of its own by the clock; 'author' is the time \
        until a member sees its own change, 'last' until the last member of the room does, 'cursor' until another \
        member sees a move, 'ack' until the server has taken a change (v2 alone). At the end every member's board must be \
        what was written last.
        """,
        BenchBoardOptions.all + [BenchOptions.noSpin.spec],
        "sessionctl bench board -c 50 --shapes 500 --mode both")

    private static func sync(
        _ name: String, _ summary: String, _ discussion: String, _ own: [OptionSpec], _ example: String
    ) -> CommandSpec {
        workload(name, summary, discussion, own + BenchSyncOptions.shared + traffic, example)
    }

    private static func workload(
        _ name: String, _ summary: String, _ discussion: String, _ own: [OptionSpec], _ example: String
    ) -> CommandSpec {
        CommandSpec(name, summary) {
            var details = CommandDetails(
                discussion: [discussion], operands: [url], options: named(own.under("Workload")) + shared)
            details.examples = [CommandExample(example, summary)]
            return details
        }
    }

    // MARK: merge and selftest

    private static let merge = CommandSpec("merge", "Add the histograms of several .hlog files up") {
        var details = CommandDetails(
            discussion: [
                """
                For a load that several machines made at the same time: percentiles cannot be averaged, histograms \
                can be added.
                """
            ],
            operands: [OperandSpec("FILE", .oneOrMore, .file, "a log that --hdr wrote")],
            options: [BenchOptions.json.spec, BenchOptions.spectrum.spec, BenchOptions.hdr.spec].under("Output"))
        details.examples = [
            CommandExample("sessionctl bench merge one.hlog two.hlog", "The percentiles of both"),
            CommandExample("sessionctl bench merge one.hlog --spectrum > one.hgrm", "A file for plotters"),
        ]
        return details
    }

    private static let selftest = CommandSpec("selftest", "Measure a server whose latency is known") {
        var details = CommandDetails(
            discussion: [
                """
                Runs a server that stalls on purpose, with percentiles known in closed form, and says how near the \
                figures come, and how wrong they would be if latency were counted from the real send. Exit status 1 \
                where one is more than 5 % away.
                """
            ],
            options: [BenchOptions.json.spec].under("Output"))
        details.examples = [CommandExample("sessionctl bench selftest", "About half a minute")]
        return details
    }

    // MARK: Groups

    /// What every workload takes.
    private static var shared: [OptionSpec] {
        named(
            [
                BenchOptions.connections.spec, BenchOptions.duration.spec, BenchOptions.warmUp.spec,
            ].under("Load")
                + [
                    BenchOptions.connectRate.spec, BenchOptions.bind.spec, BenchOptions.timeout.spec,
                    ClientOptions.header.spec, ClientOptions.caCertificate.spec, ClientOptions.certificate.spec,
                    ClientOptions.key.spec, ClientOptions.insecure.spec, ClientOptions.compress.spec,
                    BenchOptions.admin.spec,
                ].under("Connection")
                + [BenchOptions.threads.spec, BenchOptions.processes.spec, BenchOptions.seed.spec].under("Generator")
                + [BenchOptions.runs.spec, BenchOptions.versus.spec, BenchOptions.assertions.spec].under("Runs")
                + output.under("Output"))
    }

    private static var output: [OptionSpec] {
        [
            BenchOptions.json.spec, BenchOptions.csv.spec, BenchOptions.series.spec, BenchOptions.markdown.spec,
            BenchOptions.html.spec, BenchOptions.hdr.spec, BenchOptions.progress.spec, ClientOptions.quiet.spec,
            ClientOptions.noColor.spec,
        ]
    }

    /// When requests leave.
    private static var arrivals: [OptionSpec] {
        [BenchOptions.rate.spec, BenchOptions.stages.spec, BenchOptions.jitter.spec]
    }

    /// What a workload that sends messages takes.
    private static var traffic: [OptionSpec] {
        arrivals + [
            BenchOptions.depth.spec, BenchOptions.noCheck.spec, BenchOptions.noSpin.spec, BenchOptions.findMax.spec,
        ]
    }

    /// What a workload that publishes takes: what nobody reads cannot be counted.
    private static var topicTraffic: [OptionSpec] {
        arrivals + [BenchOptions.depth.spec, BenchOptions.noSpin.spec, BenchOptions.findMax.spec]
    }

    /// The same options with a variable for each.
    private static func named(_ options: [OptionSpec]) -> [OptionSpec] {
        options.map { option in
            var copy = option
            let words = option.key.map { $0 == "-" ? "_" : Character($0.uppercased()) }
            copy.environment = ["SESSIONCTL_BENCH_" + String(words)]
            return copy
        }
    }
}
