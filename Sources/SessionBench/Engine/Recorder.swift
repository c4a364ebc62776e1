import SessionBase
import SessionIO

/// Counts and times what one worker does, second by second.
///
/// *opening* → *warm-up* (seconds below 0) → *measured part* (seconds from 0) → *end*: the last second stays open until all
/// replies that are waited for are there. A request of the warm-up that is answered later is counted nowhere, so that over
/// the measured part `sent` is exactly what was answered, rightly or wrongly, or lost.
struct Recorder {
    /// The second that is being recorded.
    private(set) var interval = Interval(second: 0)
    private let blank: Interval
    private let isClosedLoop: Bool
    private let duration: Duration
    /// What opening took, and how connections ended before the measured part; told with second 0.
    private var opening: Interval?
    private var measuresFrom = Instant.distantFuture
    private var measuresUntil = Instant.distantFuture
    /// When the second that is being recorded is over.
    private(set) var boundary = Instant.distantFuture
    /// The planned time from which requests are counted.
    private var countsFrom = Instant(nanoseconds: .min)
    private var startedAt = Instant.zero
    private var startedCPU = Duration.zero
    private var hasEnded = false
    /// Equal latencies that came one after the other, as those of requests that left in one send do.
    private var repeated = (latency: Int64(0), count: UInt64(0))
    /// Time of turns in which something was done.
    private var busyNanoseconds: Int64 = 0
    /// Bytes that wait for sockets now.
    private var backlogBytes: UInt64 = 0

    /// Begins with the opening of connections.
    init(_ plan: LoadPlan) {
        duration = plan.duration
        var blank = Interval(second: 0)
        blank.operations = plan.workload.operations.map(OperationTimes.init)
        self.blank = blank
        interval = blank
        isClosedLoop =
            switch (plan.workload, plan.arrival) {
            case (.storm, _), (_, .open): false
            default: true
            }
    }

    // MARK: Time

    /// Begins the warm-up.
    ///
    /// - Parameter keepsOpening: Whether what opening took is told with second 0.
    mutating func start(at start: Instant, warmUp: Duration, keepsOpening: Bool) {
        if keepsOpening { opening = interval }
        measuresFrom = start + warmUp
        measuresUntil = measuresFrom + duration
        begin(second: -Int((warmUp.nanoseconds + 999_999_999) / 1_000_000_000), at: start)
    }

    /// When the measured part begins.
    var measuredFrom: Instant { measuresFrom }

    /// When the measured part ends.
    var measuredUntil: Instant { measuresUntil }

    /// Takes the seconds that are over, one at a time.
    ///
    /// - Returns: The oldest that is over; `nil` where the present one is still being recorded.
    mutating func next(at now: Instant) -> Interval? {
        guard now >= boundary, !hasEnded else { return nil }
        let ended = close(at: boundary)
        // A connection that is lost in the warm-up is missing in the measured part.
        if ended.second < 0 { opening?.counts.ends.merge(ended.counts.ends, uniquingKeysWith: &+) }
        begin(second: ended.second + 1, at: boundary)
        return ended
    }

    /// Ends the time over which the worker's own use is measured; what comes belongs to the last second.
    mutating func end(at now: Instant) {
        guard !hasEnded else { return }
        measureUsage(at: now)
        measuresUntil = measuresUntil.orEarlier(now)
        hasEnded = true
    }

    /// Takes the last second.
    mutating func last(at now: Instant) -> Interval {
        end(at: now)
        if let opening { add(opening) }
        opening = nil
        completeClosedLoop()
        return interval
    }

    private mutating func begin(second: Int, at instant: Instant) {
        interval = blank
        interval.second = second
        startedAt = instant
        startedCPU = SystemClock.threadTime()
        busyNanoseconds = 0
        interval.generator.backlogBytesMax = backlogBytes
        if second >= 0 {
            countsFrom = measuresFrom
            if let opening { add(opening) }
            opening = nil
        }
        let next = measuresFrom + .seconds(second + 1)
        // The last second stays open for late replies.
        boundary = next >= measuresUntil ? .distantFuture : next
    }

    private mutating func close(at end: Instant) -> Interval {
        completeClosedLoop()
        measureUsage(at: end)
        return interval
    }

    private mutating func measureUsage(at end: Instant) {
        interval.generator.elapsed += end - startedAt
        interval.generator.busy += .nanoseconds(busyNanoseconds)
        interval.generator.cpu += SystemClock.threadTime() - startedCPU
    }

    private mutating func add(_ opening: Interval) {
        interval.counts.opened += opening.counts.opened
        interval.counts.ends.merge(opening.counts.ends, uniquingKeysWith: &+)
        interval.phases.merge(opening.phases)
    }

    // MARK: Requests

    /// Whether a request that was planned for `intended` is counted now.
    @inline(__always)
    func counts(_ intended: Instant) -> Bool { intended.nanoseconds >= countsFrom.nanoseconds }

    /// Whether the measured part is over, so that what happens now is in no rate.
    @inline(__always)
    private func isLate(_ now: Instant) -> Bool { now.nanoseconds >= measuresUntil.nanoseconds }

    /// Records that the schedule planned a request.
    @inline(__always)
    mutating func planned(_ intended: Instant) {
        if counts(intended) { interval.counts.planned &+= 1 }
    }

    /// Records that a request left.
    @inline(__always)
    mutating func sent(intended: Instant, at now: Instant) {
        guard counts(intended) else { return }
        interval.counts.sent &+= 1
        if isLate(now) { interval.counts.sentLate &+= 1 }
        if !isClosedLoop { interval.slip.record(now.nanoseconds &- intended.nanoseconds) }
    }

    /// Records a right reply.
    ///
    /// - Parameter isTimed: Whether its latency says something about the server.
    @inline(__always)
    mutating func received(_ flight: Flight, at now: Instant, isTimed: Bool = true) {
        guard counts(flight.intended) else { return }
        interval.counts.received &+= 1
        if isLate(now) { interval.counts.receivedLate &+= 1 }
        guard isTimed else { return }
        let latency = now.nanoseconds &- flight.sent.nanoseconds
        if isClosedLoop {
            if latency != repeated.latency { flushRepeated(then: latency) }
            repeated.count &+= 1
        } else {
            interval.service.record(latency)
            interval.response.record(now.nanoseconds &- flight.intended.nanoseconds)
        }
    }

    /// Records a part of a request that has times of its own.
    ///
    /// - Parameters:
    ///   - operation: Its place among the workload's operations.
    ///   - start: When the part itself left, where it is not as old as its request.
    mutating func part(_ operation: Int, of flight: Flight, since start: Instant? = nil, at now: Instant) {
        guard counts(flight.intended) else { return }
        interval.operations[operation].service.record(now.nanoseconds &- (start ?? flight.sent).nanoseconds)
        guard !isClosedLoop else { return }
        interval.operations[operation].response.record(now.nanoseconds &- (start ?? flight.intended).nanoseconds)
    }

    /// Records the orders in which publications were heard of.
    mutating func heard(_ orders: [TopicOrder]) { interval.orders = TopicOrders(orders) }

    /// Records a whole board that a member was sent, or a change of it.
    @inline(__always)
    mutating func told(isWhole: Bool, at now: Instant) {
        if isLate(now) { return }
        if isWhole { interval.board.snapshots &+= 1 } else { interval.board.patches &+= 1 }
    }

    /// Records what only boards have.
    @inline(__always)
    mutating func board(_ change: (inout BoardCounts) -> Void) { change(&interval.board) }

    /// Records that what was told to others reached one of them.
    @inline(__always)
    mutating func delivered(at now: Instant) {
        interval.counts.delivered &+= 1
        if isLate(now) { interval.counts.deliveredLate &+= 1 }
    }

    /// Records a wrong reply, and what was wrong with it.
    mutating func refused(_ flight: Flight, _ fault: String) {
        guard counts(flight.intended) else { return }
        interval.counts.wrong &+= 1
        interval.counts.faults[fault, default: 0] &+= 1
    }

    /// Records a request that nobody answers any more.
    mutating func lost(_ flight: Flight) {
        if counts(flight.intended) { interval.counts.lost &+= 1 }
    }

    @inline(never)
    private mutating func flushRepeated(then latency: Int64 = 0) {
        if repeated.count > 0 { interval.service.record(repeated.latency, times: repeated.count) }
        repeated = (latency, 0)
    }

    /// In the closed loop a request is planned for the moment it leaves: both latencies are one, and nothing slips.
    private mutating func completeClosedLoop() {
        flushRepeated()
        guard isClosedLoop else { return }
        interval.response = interval.service
        for place in interval.operations.indices {
            interval.operations[place].response = interval.operations[place].service
        }
        if interval.counts.sent > 0 { interval.slip.record(0, times: interval.counts.sent) }
    }

    /// Records what happens seldom.
    mutating func count(_ change: (inout LoadCounts) -> Void) { change(&interval.counts) }

    /// Records bytes of the transport.
    @inline(__always)
    mutating func transferred(in bytesIn: Int = 0, out bytesOut: Int = 0) {
        interval.counts.bytesIn &+= UInt64(truncatingIfNeeded: bytesIn)
        if hasEnded { interval.counts.bytesInLate &+= UInt64(truncatingIfNeeded: bytesIn) }
        interval.counts.bytesOut &+= UInt64(truncatingIfNeeded: bytesOut)
    }

    // MARK: Connections

    /// Records that a connection ended, or an attempt.
    mutating func ended(_ reason: String) { interval.counts.ends[reason, default: 0] &+= 1 }

    /// Records parts of a handshake.
    mutating func phase(_ path: WritableKeyPath<HandshakePhases, HdrHistogram>, _ duration: Duration) {
        interval.phases[keyPath: path].record(duration.nanoseconds)
    }

    // MARK: The worker itself

    /// Records a turn in which something was done.
    @inline(__always)
    mutating func worked(from start: Instant, to end: Instant) {
        busyNanoseconds &+= end.nanoseconds &- start.nanoseconds
    }

    /// Records how many requests are under way.
    @inline(__always)
    mutating func underWay(_ count: Int) {
        let count = UInt64(truncatingIfNeeded: count)
        if count > interval.generator.inFlightMax { interval.generator.inFlightMax = count }
    }

    /// Records that a socket took less than it was given.
    mutating func blocked() { interval.generator.blockedSends &+= 1 }

    /// Records how the bytes that wait for sockets have changed.
    mutating func backlog(changedBy bytes: Int) {
        backlogBytes = UInt64(max(0, Int(backlogBytes) + bytes))
        interval.generator.backlogBytesMax = max(interval.generator.backlogBytesMax, backlogBytes)
    }
}
