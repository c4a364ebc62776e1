package import SessionBase
package import SessionCodec

/// What a sync machine has done since it started: plain sums, of which those of several loops add up.
package struct SyncCounters: MachineCounters {
    /// Messages and refusals.
    package var messages = MessageCounters<SyncKind, SyncKind, SyncErrorCode>()
    /// The most connections that there were at once.
    package internal(set) var peakConnections = 0
    /// HTTP requests about sessions.
    package internal(set) var requests = 0
    /// HTTP requests that got an error.
    package internal(set) var requestFailures = 0
    /// Messages that were refused because of a limit of rate.
    package internal(set) var rateLimited = 0
    /// Credentials that were refused.
    package internal(set) var authFailures = 0
    /// Sessions that were made for a connection.
    package internal(set) var sessionsCreated = 0
    /// Devices that were taken over by another connection (PROTOCOLS C3).
    package internal(set) var takeovers = 0
    /// Connections that went on where they were cut off (EXT resume).
    package internal(set) var recovered = 0
    /// Connections that wanted to and could not.
    package internal(set) var notRecovered = 0
    /// Writes that were refused because the state had changed, and conflicts that were resolved.
    package internal(set) var conflicts = 0
    /// Writes that were made again because another node wrote first.
    package internal(set) var writeRetries = 0
    /// Times that the store could not answer.
    package internal(set) var storeFailures = 0
    /// Stored documents that could not be read.
    package internal(set) var damagedDocuments = 0
    /// Handoffs that were offered.
    package internal(set) var handoffsOffered = 0
    /// Handoffs that their target took.
    package internal(set) var handoffsCompleted = 0
    /// Handoffs that nobody took in time.
    package internal(set) var handoffsExpired = 0
    /// States that were written.
    package internal(set) var snapshotWrites = MinuteCount()
    /// States that were read.
    package internal(set) var snapshotReads = MinuteCount()
    /// From the arrival of a change of a state to its being durable.
    package internal(set) var writeLatency = Histogram()
    /// From the arrival of a read to its answer.
    package internal(set) var readLatency = Histogram()
    /// From the arrival of a step of a handoff to its being durable.
    package internal(set) var handoffLatency = Histogram()

    /// Nothing counted yet.
    package init() {}

    mutating func recoveries(_ isRecovered: Bool) {
        if isRecovered { recovered += 1 } else { notRecovered += 1 }
    }

    /// Counts an operation on a state that is answered now.
    mutating func note(_ operation: SyncOperation, _ outcome: SyncOutcome, at now: Instant) {
        if case .read = operation.action { return readLatency.record(now - operation.since) }
        if case .failure(let failure) = outcome.reply, failure.code == .versionConflict { conflicts += 1 }
        if case .call(.resolve) = operation.action, outcome.isSuccess { conflicts += 1 }
        if outcome.isSuccess { writeLatency.record(now - operation.since) }
    }

    /// Adds the sums of another machine; both must be looked at in the same moment.
    package mutating func merge(_ other: SyncCounters) {
        messages.merge(other.messages)
        peakConnections += other.peakConnections
        requests += other.requests
        requestFailures += other.requestFailures
        rateLimited += other.rateLimited
        authFailures += other.authFailures
        sessionsCreated += other.sessionsCreated
        takeovers += other.takeovers
        recovered += other.recovered
        notRecovered += other.notRecovered
        mergeStorage(other)
    }

    private mutating func mergeStorage(_ other: SyncCounters) {
        conflicts += other.conflicts
        writeRetries += other.writeRetries
        storeFailures += other.storeFailures
        damagedDocuments += other.damagedDocuments
        handoffsOffered += other.handoffsOffered
        handoffsCompleted += other.handoffsCompleted
        handoffsExpired += other.handoffsExpired
        snapshotWrites.merge(other.snapshotWrites)
        snapshotReads.merge(other.snapshotReads)
        writeLatency.merge(other.writeLatency)
        readLatency.merge(other.readLatency)
        handoffLatency.merge(other.handoffLatency)
    }
}

/// Counts what happened in the last minute, second by second.
package struct MinuteCount: Sendable {
    private var counts = [Int](repeating: 0, count: 60)
    /// The second that was counted last.
    private var second: Int64 = 0
    /// Everything that was ever counted.
    package private(set) var total = 0

    /// Starts at zero.
    package init() {}

    /// Counts something.
    package mutating func record(_ count: Int, at now: Instant) {
        advance(to: now.nanoseconds / 1_000_000_000)
        counts[Int(second % 60)] += count
        total += count
    }

    /// How much there was in the minute before `now`.
    package func count(at now: Instant) -> Int {
        var copy = self
        copy.advance(to: now.nanoseconds / 1_000_000_000)
        return copy.counts.reduce(0, +)
    }

    /// Adds the counts of another loop.
    package mutating func merge(_ other: MinuteCount) {
        var other = other
        let latest = max(second, other.second)
        advance(to: latest)
        other.advance(to: latest)
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
    }

    private mutating func advance(to now: Int64) {
        guard now > second else { return }
        let passed = min(60, now - second)
        for step in 1...passed { counts[Int((now - passed + step) % 60)] = 0 }
        second = now
    }
}
