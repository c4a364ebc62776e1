package import SessionBase
import SessionCodec

/// Figures that follow from what a run measured.
extension RunReport {
    /// The measured part in seconds; never 0, so that rates exist.
    private var seconds: Double { max(Double(measured.nanoseconds), 1) / 1e9 }

    /// Whether each request waited for a reply, so that stalls hardly show in the latency.
    package var isClosedLoop: Bool { if case .closed = plan.arrival { true } else { false } }

    /// Requests a second that were asked for, on average; `nil` in a closed loop, which asks for none.
    package var askedPerSecond: Double? {
        guard case .open(let profile) = plan.arrival else { return nil }
        let rates = profile.stages.flatMap { [$0.startRate, $0.endRate] }
        if let rate = rates.first, rates.allSatisfy({ $0 == rate }) { return rate }
        return Double(total.counts.planned) / seconds
    }

    /// Requests a second that were sent.
    package var sentPerSecond: Double { Double(total.counts.sentInTime) / seconds }

    /// Right replies a second.
    package var receivedPerSecond: Double { Double(total.counts.receivedInTime) / seconds }

    /// Messages a second that reached others than those who asked.
    package var deliveredPerSecond: Double { Double(total.counts.deliveredInTime) / seconds }

    /// The latency to show first: from the planned time, or, in a closed loop, from the sending.
    package var latency: HdrHistogram { total.response.count > 0 ? total.response : total.service }

    /// The part of its time in which the generator had something to do, 0...1; `nil` where that was not measured.
    package var busyRatio: Double? {
        let elapsed = total.generator.elapsed.nanoseconds
        return elapsed > 0 ? Double(total.generator.busy.nanoseconds) / Double(elapsed) : nil
    }
}

extension LoadCounts {
    /// What rates are made of: a server that is asked more than it can do answers the rest when nothing is asked any more,
    /// and what that takes is no part of the measured time.
    var sentInTime: UInt64 { sent &- sentLate }
    var receivedInTime: UInt64 { received &- receivedLate }
    var deliveredInTime: UInt64 { delivered &- deliveredLate }

    /// Everything that went wrong with replies and deliveries. One that came late in order is not wrong.
    package var errors: UInt64 { lost &+ duplicated &+ wrong &+ undelivered &+ redelivered }

    /// The most frequent of some reasons, with their numbers.
    static func listed(_ reasons: [String: UInt64], most: Int = 3) -> String {
        reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(most)
            .map { "\($0.key) × \(Figures.grouped($0.value))" }.joined(separator: ", ")
    }
}

extension ServerFigures {
    /// CPU time as a part of one processor's, so that two busy ones are 2; `nil` where the period is not known.
    package var cpuRatio: Double? { period > .zero ? cpu / period : nil }

    /// CPU time in nanoseconds for each message that the server received; `nil` where there was none.
    package var cpuPerMessage: Double? {
        messagesIn > 0 ? Double(cpu.nanoseconds) / Double(messagesIn) : nil
    }

    /// Resident bytes that each connection added; `nil` where there is no connection, or no growth to divide.
    package var bytesPerConnection: Double? {
        guard connections > 0, residentBytes > residentBytesBefore else { return nil }
        return Double(residentBytes - residentBytesBefore) / Double(connections)
    }
}

extension LoadPlan {
    /// Where the load goes, without queries, in which credentials may stand.
    package var publicTargets: [String] { targets.map(\.publicDescription) }
}
