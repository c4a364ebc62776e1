import CommandKit

/// What the man page of `bench` says besides its options.
enum BenchManual {
    static let sections = [verdict, latency, expressions, scripts]

    private static let verdict = ManualSection(
        "VERDICT",
        [
            """
            VALID: requests left when they were planned, and nothing waited in the generator. CLIENT-LIMITED: they left \
            late or could not be handed to the kernel; use more --threads or --processes, a lower rate, or another \
            machine than the server's. NET-LIMITED: sockets were full, or connections missing, although the generator \
            had time. The clauses behind the verdict are its evidence.
            """
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
            'service.', 'slip.', 'connect.', 'tls.', 'upgrade.' or 'greeting.' before it; rate, sent_rate, sent, \
            received, loss, dup, reorder, wrong, errors and lost_ratio; cpu_per_message, rss_per_connection and \
            queued_max of a server that told its own figures; and the findings of a workload by their names in the \
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
