package import SessionBase

/// One finished run: everything that any form of report shows.
package struct RunReport: Equatable, Sendable {
    /// Which side of a comparison the run belongs to, such as `A`; empty where there is one side only.
    package var label = ""
    /// What was asked for.
    package var plan: LoadPlan
    /// When the measured part began, in wall-clock time.
    package var startedAt: Timestamp
    /// How long the measured part really lasted.
    package var measured: Duration
    /// Whether somebody ended the run early.
    package var wasInterrupted = false
    /// Whether the figures say something about the server.
    package var verdict: RunVerdict
    /// The sum of all seconds of the measured part, whose histograms the percentiles are taken from.
    package var total: Interval
    /// The measured part second by second, without histograms, so that a long run needs no more memory than a short one.
    package var series: [SeriesPoint]
    /// What the server said of itself, where it is `sessionctl serve` and could be asked.
    package var server: ServerFigures?
    /// Results that only this workload has, such as the time until 95 % of all connections came back.
    package var findings: [Finding] = []
    /// The machine that made the load.
    package var machine: MachineDescription

    /// Makes a report.
    package init(
        plan: LoadPlan, startedAt: Timestamp, measured: Duration, verdict: RunVerdict, total: Interval,
        series: [SeriesPoint], machine: MachineDescription
    ) {
        self.plan = plan
        self.startedAt = startedAt
        self.measured = measured
        self.verdict = verdict
        self.total = total
        self.series = series
        self.machine = machine
    }
}

/// Whether the generator or the network, and not the server, decided the figures.
package struct RunVerdict: Equatable, Sendable {
    /// The verdicts, spelled as they are printed.
    package enum Kind: String, CaseIterable, Sendable {
        /// The figures speak of the server.
        case valid = "VALID"
        /// The generator was too slow.
        case clientLimited = "CLIENT-LIMITED"
        /// The way between both was full.
        case netLimited = "NET-LIMITED"
    }

    /// The verdict.
    package var kind: Kind
    /// The evidence and, where the run is not valid, what to change; short clauses without a full stop.
    package var reasons: [String]

    /// Makes a verdict.
    package init(_ kind: Kind, reasons: [String]) {
        self.kind = kind
        self.reasons = reasons
    }
}

/// One second of a run.
package struct SeriesPoint: Equatable, Sendable {
    /// Seconds since the measured part began.
    package var second: Int
    /// Requests sent, right replies, and everything that went wrong, in this second; the last one's without what was late.
    package var sent: UInt64
    package var received: UInt64
    package var errors: UInt64
    /// Percentiles of the response time in nanoseconds; 0 in a second without replies.
    package var p50: Int64
    package var p99: Int64
    package var maximum: Int64

    /// Takes the figures of one second.
    package init(_ interval: Interval) {
        second = interval.second
        sent = interval.counts.sentInTime
        received = interval.counts.receivedInTime
        errors = interval.counts.errors
        p50 = interval.response.percentile(0.5)
        p99 = interval.response.percentile(0.99)
        maximum = interval.response.maximum
    }

    /// Repeats the figures that a document holds.
    init(second: Int, sent: UInt64, received: UInt64, errors: UInt64, p50: Int64, p99: Int64, maximum: Int64) {
        self.second = second
        self.sent = sent
        self.received = received
        self.errors = errors
        self.p50 = p50
        self.p99 = p99
        self.maximum = maximum
    }
}

/// What `sessionctl serve` told about the measured part.
package struct ServerFigures: Equatable, Sendable {
    /// Its version.
    package var version: String
    /// The time between the two readings that the differences are taken from: nearly the measured part.
    package var period: Duration
    /// CPU time that it used in the period, user and kernel.
    package var cpu: Duration
    /// How many threads serve connections; together they can use so many processors.
    package var loops: Int
    /// Messages that it received and sent in the period.
    package var messagesIn: UInt64
    package var messagesOut: UInt64
    /// Its resident memory at the end in bytes, and before the first connection of the command was opened, for memory that
    /// a run leaves to the next one is needed by both.
    package var residentBytes: Int
    package var residentBytesBefore: Int
    /// Connections that it had at the start or at the end, whichever are more, beyond those of others before.
    package var connections: Int
    /// The most bytes that ever waited for any socket since its start.
    package var queuedBytesMax: Int
    /// Connections closed in the run, by close code.
    package var closes: [Int: UInt64]

    /// Makes figures.
    package init(
        version: String, period: Duration, cpu: Duration, loops: Int = 1, messagesIn: UInt64, messagesOut: UInt64,
        residentBytes: Int, residentBytesBefore: Int, connections: Int, queuedBytesMax: Int, closes: [Int: UInt64]
    ) {
        self.version = version
        self.period = period
        self.cpu = cpu
        self.loops = loops
        self.messagesIn = messagesIn
        self.messagesOut = messagesOut
        self.residentBytes = residentBytes
        self.residentBytesBefore = residentBytesBefore
        self.connections = connections
        self.queuedBytesMax = queuedBytesMax
        self.closes = closes
    }
}

/// A result that only some workload has.
package struct Finding: Equatable, Sendable {
    /// Its key in JSON and in `--assert`, such as `reregistered_95`.
    package var name: String
    /// What it means: a few words without a full stop.
    package var summary: String
    /// Its value in ``unit``.
    package var value: Double
    /// `ns`, `bytes`, `count` or `ratio`.
    package var unit: String

    /// Makes a finding.
    package init(_ name: String, _ summary: String, _ value: Double, unit: String) {
        self.name = name
        self.summary = summary
        self.value = value
        self.unit = unit
    }
}

/// Where the load was made.
package struct MachineDescription: Equatable, Sendable {
    /// The version of this program.
    package var version: String
    /// Its operating system and kernel, such as `Linux 6.1.0 x86_64`.
    package var system: String
    /// Its processors' model, as far as it is known.
    package var processor: String
    /// How many processors the generator might use.
    package var processors: Int

    /// Describes a machine.
    package init(version: String, system: String, processor: String, processors: Int) {
        self.version = version
        self.system = system
        self.processor = processor
        self.processors = processors
    }
}
