import CommandKit

/// What the man page of `bench` says besides its options.
enum BenchManual {
    static let sections = [verdict, report, latency, sessions, topics, boards, scenario, expressions, files, scripts]

    private static let verdict = ManualSection(
        "VERDICT",
        [
            """
            The verdict says whether the figures are the server's. The clauses behind it are its evidence, and what \
            went wrong with replies and connections.
            """,
            """
            VALID, with a rate: at least 99.5 % of the planned requests left, and 99 % of them at most 1 ms after their \
            time. Without a rate: the generator had idle time (it was less than 97 % busy), or the server had none (its threads were at least \
            95 % busy).
            """,
            """
            CLIENT-LIMITED: requests left late or not at all, or a closed loop had no idle time. Use more --threads or \
            --processes, a lower rate, or another machine than the server's. Threads that poll (without --no-spin) and \
            got less than 95 % of a processor each were held up by other programs: taskset(1) gives them their own.
            """,
            """
            NET-LIMITED: requests left late although the generator had idle time, because connections were missing, \
            or because sockets were full: more than 64 KiB waited for them. Lower the rate, or look at the network and at whether the server reads.
            """,
        ])

    private static let report = ManualSection(
        "REPORT",
        [
            """
            'busy' is the part of its time in which the generator had something to do; 'slip' how long after its planned \
            time a request left; 'backlog' the most bytes that waited for sockets. In the line 'rate', 'asked' is the \
            plan, 'sent' what left, 'received' right replies only: what was sent is received, lost or wrong, or was \
            under way when the measured part began or ended. 'loss' counts requests without a reply, 'dup' replies that \
            came twice, 'reorder' replies that overtook others, 'wrong' replies with other bytes than expected, \
            'pushed' messages that were no replies.
            """,
            """
            'phases' are the parts of the handshakes. 'server' is what a sessionctl server on this machine, or at \
            --admin, told of itself. 'closes' are the codes with which connections ended: 1000 is this program's own \
            close at the end, 1006 a connection that broke without one.
            """,
        ])

    private static let latency = ManualSection(
        "LATENCY",
        [
            """
            'response' counts from the time at which a request was planned, 'service' from the moment at which it \
            really left. With a rate the two differ where the server made the generator wait: response is what a user \
            would have waited. In a closed loop both are the same, and a stall of the server hides all requests that \
            it kept from being sent.
            """,
            """
            Values are kept in HdrHistograms of three digits from 1 us to 1 minute. Percentiles come from their sums, \
            never from averages.
            """,
        ])

    private static let sessions = ManualSection(
        "SESSIONS",
        [
            """
            snapshot, handoff, state, conflict and devices speak with the sync service. Connections are devices that \
            authenticate and stay; --devices-per-session of them are one session's, and each session is a user's. \
            --writers are plain HTTP connections beside them. Before the load every session that requests are about gets \
            a state, which is in no figure.
            """,
            """
            Requests that consist of parts have times for each: put and get of snapshot; start, offer, accept and notice \
            of handoff, all from the begin of the handoff; ack and arrival of state; conflict and resolve of conflict, the \
            latter from the sending of the merge; heartbeat and list of devices. The lines below them are of whole requests.
            """,
            """
            In the line 'rate', 'delivered' counts what reached other devices than the sender, 'undelivered' what never \
            did, 'again' what came twice and 'late' what came behind something later. 'wrong' lists the error codes of \
            the server in capitals and failed checks in small letters: 'version not higher', 'version too old', 'other \
            state'. A server with a rate limit refuses such loads; serve --rate-limit off has none.
            """,
        ])

    private static let topics = ManualSection(
        "TOPICS",
        [
            """
            fanout speaks with channels, lockers with lockers: connections that listen, and --publishers beside them that \
            publish, over HTTP unless --via socket. A server in open mode (serve --dev) takes publications from anybody; \
            another wants a credential, such as --header 'X-API-Key: KEY'. Channels are called test:bench-RUN:NUMBER.
            """,
            """
            Each message carries its publisher, its number and its times. All subscribers of a topic must hear of all of it \
            in the same order, whichever the server chose. In the line 'rate', 'delivered' counts what came as it must, \
            'undelivered' what never did, 'again' what came twice and 'late' what came behind something that others heard \
            of later. At the end each publisher says in each of its topics how many it published, so that nothing is \
            missed at the end either.
            """,
            """
            Times: 'ack' until the server took it, 'delivery' until a subscriber heard of it, 'last' until the last one of \
            a worker did; a request is over once both are there. With --recover 'recovery' is the time from the reconnect \
            until the server says that everything follows, and 'replay' how old what was missed is when it comes; with \
            --moves 'move' is that of a join or leave. In a closed loop --depth is the number of publications in flight.
            """,
            """
            Findings: unaccounted (recipients by the server's own count, less those that got it), order_conflicts (topics \
            whose order differs between threads or processes), stuck, stuck_closed, stuck_4511 and stuck_named of --stuck, \
            cut, recovered and replayed of --recover; and the times that lockers are to keep, each kept or missed: \
            seed_target (median below 150 ms), own_median (below 5 ms) and own_p99 (below 20 ms).
            """,
        ])

    private static let boards = ManualSection(
        "BOARDS",
        [
            """
            board speaks with whiteboard rooms. The first member of each room makes its shapes; the load begins once every \
            member has all of them. Then each member moves its cursor and changes its shapes by the clock. A change writes \
            a number into the shape by which every member's board shows whether it has seen it; who sees a later change of \
            the same shape has seen it too, which 'conflated_changes' and 'conflated_moves' count. 'response' is that of \
            changes at the last member of the room.
            """,
            """
            At the end each member's whole board is compared with what was written last: 'missing', 'extra' and \
            'different' count shapes, and 'gaps' versions that a member of v2 was not told of. The command leaves with \
            status 99 unless all changes were seen and all boards are right. Each run has rooms of its own, which stay on \
            the server.
            """,
            """
            Findings: member_bytes (bytes a second to each member, as they came from its socket), member_messages, \
            snapshots and patches (a second, to each member), and those above. With --mode both a table has the figures of \
            both modes and the factors that v2 saves. A server in open mode (serve --dev) takes the names of users and \
            rooms from the query; another wants tokens, which --secret-file or JWT_SECRET sign. A server with a rate limit \
            drops what is too much; serve --rate-limit off has none.
            """,
        ])

    private static let scenario = ManualSection(
        "SCENARIO",
        [
            """
            The file of mix is one JSON object. 'profile' is awareness or echo. 'steps' is an array of 1 to 64 objects: \
            'send' names the message, 'weight' (1 unless given, up to 1,000,000) how often it is picked in proportion \
            to the others, and 'bytes', for echo alone, its length in place of the usual one.
            """,
            """
            Messages of awareness: register, deregister, heartbeat, focus, ping, list. Each connection registers a \
            window first, and again after its deregister. The one message of echo is echo.
            """,
        ])

    private static let files = ManualSection(
        "FILES",
        [
            """
            --hdr writes the log format 1.3 of HdrHistogram: comments, a line of column names, and a line for each \
            second with its begin, its length (both in seconds), its maximum in ms, and the compressed histogram in \
            base64, whose values are nanoseconds. Lines with 'Tag=service' hold service times, the others response \
            times, those with the name of a part of requests its response times. HistogramLogProcessor and the libraries of HdrHistogram read it; bench merge adds several up.
            """,
            """
            --json writes a document of the schema 'sessionctl.bench/1', with all histograms in it: for compare, or for \
            other programs. Times end in _ns, sizes in _bytes, rates in _per_second, parts of a whole in _ratio. --csv \
            has the same units, a line a run; --series a line a second. Folders that are missing are made; an existing \
            file is replaced once the runs are over, that of --hdr when they begin.
            """,
        ])

    private static let expressions = ManualSection(
        "EXPRESSIONS",
        [
            """
            An expression is a figure, one of <, <=, >, >=, == and !=, and a value with its unit: 'p99<5ms', 'max<=1s', \
            'loss==0', 'rate>49k'. Several --assert must all hold, in every run; each that does not is named, and the \
            exit status is 99.
            """,
            """
            Figures: p and any percentile (p50, p99, p99.95), min, max or mean of the response time; the same with \
            'service.', 'slip.', 'connect.', 'tls.', 'upgrade.' or 'greeting.' before it; rate, sent_rate, delivery_rate, sent, \
            received, loss, dup, reorder, wrong, errors and lost_ratio; cpu_per_message, rss_per_connection and \
            queued_max of a server that told its own figures; the same times for parts of requests, such as put_p99, \
            get_max, arrival_p99.9, notice_p50, last_p99; and the findings of a workload by their names in the \
            JSON document.
            """,
            """
            --fail-if of compare takes a figure, one of <, <=, > and >=, and a change in percent with its sign: \
            'p99>+10%' is true where B's p99 is more than 10 % above A's.
            """,
        ])

    private static let scripts = ManualSection(
        "IN A SCRIPT",
        [
            """
            Standard output carries the report alone, in one form; progress and warnings go to standard error. The \
            first SIGINT or SIGTERM ends the run early, and what was measured is reported with exit status 130 or 143; \
            a second one ends the program at once.
            """
        ])
}
