package import CommandKit

/// When the progress of a run is shown.
package enum ProgressMode: String, CaseIterable, Sendable { case auto, always, never }

/// The options of `bench` and `compare`.
///
/// Each has the variable `SESSIONCTL_BENCH_` and its name in capitals, such as `SESSIONCTL_BENCH_CONNECTIONS`.
package enum BenchOptions {
    // MARK: Load

    package static let connections = Option.count("connections", "Connections to open", 1...10_000_000, default: 10)
        .short("c").detail("They are shared out over the URLs, the processes and their threads in turn.")
    package static let duration = Option.duration(
        "duration", "Length of the measured part", default: "10s", minimum: .milliseconds(100)
    )
    .short("d").detail("With --find-max the length of each probe, and by default 5s.")
    package static let warmUp = Option.duration("warm-up", "Load before the measured part", default: "2s")
        .detail("Nothing of it is in any figure. With --find-max the default is 1s.")
    package static let rate = Option.rate("rate", "Requests a second of all connections", 0.001...1e9).short("R")
        .unset("none: each request waits for the reply to the one before")
        .detail(
            """
            Requests leave by the clock, whatever the server does, and latency counts from the planned time, so that \
            a stall of the server shows in every request that it delays. Without a rate the loop is closed: a server \
            that stalls is asked less, and its stalls hardly show. With --find-max the rate that is tried first.
            """)
    package static let stages = Option.text("stages", "Rates over time", "TIME:RATE,...")
        .detail(
            """
            Points such as 0s:1k,30s:20k,60s:20k with straight lines between them; times count from the end of the \
            warm-up, which has the first rate, the first is 0s, and the last rate stays.
            """)
    package static let depth = Option<Int?>.integer("depth", "Requests in flight on each connection", 1...65_536)
        .unset("1").detail("Only of a closed loop, which has no --rate.")
    package static let jitter = Option.percent("jitter", "Move each arrival by up to this", 0...100, default: 0)
        .detail("A part of the time between two arrivals. 0 is a metronome.")
    package static let every = Option<Duration?>.duration(
        "every", "Time between two heartbeats of a window", minimum: .milliseconds(1)
    )
    .detail("Sets the rate to connections divided by this.")
    package static let dropAt = Option.duration(
        "drop-at", "Cut all connections this long after the warm-up", default: "2s")
    package static let slow = Option.percent("slow", "Part of the connections that reads slowly", 0...100, default: 5)
    package static let readRate = Option.size(
        "read-rate", "Bytes a second that a slow one reads", 0...(1 << 40), default: 1024
    )
    .detail("0 reads nothing.")
    package static let size = Option.size("size", "Bytes of a message", 16...(16 << 20), default: 128).short("s")
        .detail("A sequence number and the connection's are among them.")

    // MARK: Connections

    package static let connectRate = Option.rate("connect-rate", "Open this many connections a second", 0.001...1e9)
        .unset("as fast as the server answers")
    package static let bind = Option.list("bind", "Connect from these addresses in turn", "ADDRESS,...")
        .commaSeparated().detail("Each has its own range of ports: more than about 28,000 connections need several.")
    package static let timeout = Option.duration(
        "timeout", "Wait for a handshake, and for the last replies", default: "10s", minimum: .milliseconds(1))
    package static let admin = Option.text("admin", "Where the server's own figures are asked for", "URL|PATH|none")
        .unset("found by itself where the server is sessionctl on this machine")
        .detail("The URL of a listener with /varz, the path of the administration socket, or none.")

    // MARK: Generator

    package static let threads = Option.integer("threads", "Threads of each process", 1...1024, default: 1)
    package static let processes = Option.integer("processes", "Processes that make the load", 1...256, default: 1)
    package static let noSpin = Option.toggle("no-spin", "Sleep until the next arrival instead of polling")
        .detail("Spares a processor, and adds the time of a wake-up to the figures.")
    package static let noCheck = Option.toggle("no-check", "Count replies without reading them")
        .detail("The report says so. What is lost, doubled or wrong is not noticed.")
    package static let seed = Option<Int?>.integer("seed", "Seed of all random choices", 0...Int.max)
        .unset("another in each run")

    // MARK: Runs

    package static let runs = Option.integer("runs", "Repeat the run N times", 1...1000, default: 1)
        .detail("One after the other. With --vs rounds of both, by default 5.")
    package static let versus = Option.text("vs", "Compare with the server at URL", "URL")
        .detail("Runs A, B, A, B and so on, and reports the ratios with confidence intervals.")
    package static let findMax = Option.text("find-max", "Find the highest rate at which EXPR holds", "EXPR")
        .detail(
            """
            Doubles the rate until EXPR fails or the figures speak of the generator alone, then halves the distance, \
            until it is within 3 % or after 12 probes. Exit status 99 where even the first rate fails.
            """)
    package static let assertions = Option.list("assert", "Leave with status 99 unless EXPR holds", "EXPR")
        .detail("Such as 'p99<5ms', 'loss==0' or 'rate>49k'.")

    // MARK: Output

    package static let json = Option.toggle("json", "Write the JSON document to standard output")
        .detail("In place of the text. Fields may be added, never removed; numbers keep their units.")
    package static let csv = Option.text("csv", "Write a line a run as CSV", "FILE", .file)
    package static let series = Option.text("series", "Write a line a second as CSV", "FILE", .file)
    package static let markdown = Option.text("markdown", "Write the report as Markdown", "FILE", .file)
    package static let html = Option.text("html", "Write the report as one HTML page", "FILE", .file)
        .detail("With latency by percentile and over time; it needs nothing from the network.")
    package static let hdr = Option.text("hdr", "Write histograms a second as .hlog", "FILE", .file)
        .detail("The log of HdrHistogram, which its own tools and bench merge read.")
    package static let spectrum = Option.toggle("spectrum", "Write the response time by percentile")
        .detail("In place of the text: the table that HdrHistogram's tools write and plotters of latency read.")
    package static let progress = Option.choice("progress", "Show the run as it goes", default: ProgressMode.auto)
        .detail("'auto' rewrites a line on a terminal; 'always' also writes a line a second elsewhere.")

    // MARK: compare

    package static let failIf = Option.list("fail-if", "Leave with status 99 where EXPR is true", "EXPR")
        .detail("Such as 'p99>+10%' or 'rate<-5%': the change from A to B.")
}
