package import SessionBase

/// What one worker saw in one second, or several workers together: the only thing that flows from workers to the report.
///
/// Intervals of the same second add up, and so do the seconds of a run; the report is made of sums.
package struct Interval: Equatable, Sendable {
    /// Seconds since the measured part began; negative in the warm-up.
    package var second: Int
    /// Events, counted.
    package var counts = LoadCounts()
    /// From the planned time of a request to its reply: what a user would have waited.
    package var response = HdrHistogram()
    /// From the moment a request really left to its reply.
    package var service = HdrHistogram()
    /// From the planned time of a request to the moment it really left.
    package var slip = HdrHistogram()
    /// The parts of requests that have times of their own, where the workload has such.
    package var operations: [OperationTimes] = []
    /// The orders in which publications were heard of; only in a worker's last second.
    package var orders = TopicOrders()
    /// What members of whiteboard rooms were sent.
    package var board = BoardCounts()
    /// Handshakes by phase.
    package var phases = HandshakePhases()
    /// The worker's own work.
    package var generator = GeneratorUsage()

    /// Makes an interval without events.
    package init(second: Int) { self.second = second }

    /// Adds another worker's, or another second's.
    package mutating func merge(_ other: Interval) {
        counts.merge(other.counts)
        response.merge(other.response)
        service.merge(other.service)
        slip.merge(other.slip)
        mergeOperations(of: other)
        orders.merge(other.orders)
        board.merge(other.board)
        phases.merge(other.phases)
        generator.merge(other.generator)
    }

    /// All workers of a run have the same operations in the same order; an interval without any takes the other's.
    private mutating func mergeOperations(of other: Interval) {
        guard !operations.isEmpty else { return operations = other.operations }
        for index in operations.indices where index < other.operations.count {
            operations[index].merge(other.operations[index])
        }
    }
}

/// Events of a run, counted.
package struct LoadCounts: Equatable, Sendable {
    /// Requests that the schedule planned.
    package var planned: UInt64 = 0
    /// Requests handed to the kernel, and those of them that left after the measured part, which are in no rate.
    package var sent: UInt64 = 0
    package var sentLate: UInt64 = 0
    /// Right replies, and those of them that came after the measured part: in every latency and in no rate.
    package var received: UInt64 = 0
    package var receivedLate: UInt64 = 0
    /// Messages that nobody asked for, such as warnings.
    package var pushed: UInt64 = 0
    /// Replies that never came, known by their sequence number.
    package var lost: UInt64 = 0
    /// Replies that came again.
    package var duplicated: UInt64 = 0
    /// Replies that came after a later one.
    package var reordered: UInt64 = 0
    /// Replies with other contents than they must have, error replies included.
    package var wrong: UInt64 = 0
    /// What was told to others than those who asked: as it must be, never, twice, and behind something later.
    package var delivered: UInt64 = 0
    /// Those of the delivered that came after the measured part, and how many there must be by the server's own answers.
    package var deliveredLate: UInt64 = 0
    package var recipients: UInt64 = 0
    package var undelivered: UInt64 = 0
    package var redelivered: UInt64 = 0
    package var misordered: UInt64 = 0
    /// What was wrong with the wrong replies: the server's error codes, or what a check found, in lower case.
    package var faults: [String: UInt64] = [:]
    /// Bytes of the transport, and those of the received that came after the measured part.
    package var bytesOut: UInt64 = 0
    package var bytesIn: UInt64 = 0
    package var bytesInLate: UInt64 = 0
    /// Handshakes that succeeded.
    package var opened: UInt64 = 0
    /// Connections that ended, by the reason: a close code, or a word such as "refused", "reset", "timeout". "1000" is the
    /// worker's own end, "1000 unasked" the peer's.
    package var ends: [String: UInt64] = [:]

    /// Makes counts of nothing.
    package init() {}

    /// Adds other counts.
    package mutating func merge(_ other: LoadCounts) {
        planned &+= other.planned
        sent &+= other.sent
        sentLate &+= other.sentLate
        received &+= other.received
        receivedLate &+= other.receivedLate
        pushed &+= other.pushed
        lost &+= other.lost
        duplicated &+= other.duplicated
        reordered &+= other.reordered
        wrong &+= other.wrong
        delivered &+= other.delivered
        deliveredLate &+= other.deliveredLate
        recipients &+= other.recipients
        undelivered &+= other.undelivered
        redelivered &+= other.redelivered
        misordered &+= other.misordered
        faults.merge(other.faults, uniquingKeysWith: &+)
        bytesOut &+= other.bytesOut
        bytesIn &+= other.bytesIn
        bytesInLate &+= other.bytesInLate
        opened &+= other.opened
        ends.merge(other.ends, uniquingKeysWith: &+)
    }
}

/// How long the parts of handshakes took.
package struct HandshakePhases: Equatable, Sendable {
    /// From the attempt until TCP is connected.
    package var connect = HdrHistogram()
    /// From then until TLS is established; empty without TLS.
    package var tls = HdrHistogram()
    /// From the request until the 101.
    package var upgrade = HdrHistogram()
    /// From the 101 until the workload's own opening, such as the first `register`, is answered.
    package var greeting = HdrHistogram()

    /// Makes phases without handshakes.
    package init() {}

    /// Adds others.
    package mutating func merge(_ other: HandshakePhases) {
        connect.merge(other.connect)
        tls.merge(other.tls)
        upgrade.merge(other.upgrade)
        greeting.merge(other.greeting)
    }
}

/// What the generator itself used, by which a run is judged.
package struct GeneratorUsage: Equatable, Sendable {
    /// Time of all workers together, and the part of it in which they had something to do.
    package var elapsed = Duration.zero
    package var busy = Duration.zero
    /// CPU time of the workers' threads; that of one that spins includes its waiting.
    package var cpu = Duration.zero
    /// How often a socket took less than it was given.
    package var blockedSends: UInt64 = 0
    /// The most bytes that waited for sockets of one worker at one time.
    package var backlogBytesMax: UInt64 = 0
    /// The most requests of one worker that waited for replies at one time.
    package var inFlightMax: UInt64 = 0

    /// Makes usage of nothing.
    package init() {}

    /// Adds another's; of high-water marks the higher one counts.
    package mutating func merge(_ other: GeneratorUsage) {
        elapsed += other.elapsed
        busy += other.busy
        cpu += other.cpu
        blockedSends &+= other.blockedSends
        backlogBytesMax = max(backlogBytesMax, other.backlogBytesMax)
        inFlightMax = max(inFlightMax, other.inFlightMax)
    }
}
