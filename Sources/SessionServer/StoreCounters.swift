import SessionBase
import SessionCore
import SessionStorage

/// What a loop's store calls took and came to; added up over the loops when somebody asks.
struct StoreCounters: Sendable {
    /// From handing in a read to its reply.
    var reads = Histogram()
    /// From handing in a write to the reply that says it is durable.
    var writes = Histogram()
    /// Writes that found another version than they expected.
    var conflicts: UInt64 = 0
    /// Writes that the engine could not carry out.
    var failedWrites: UInt64 = 0

    /// Adds another loop's counts.
    mutating func merge(_ other: StoreCounters) {
        reads.merge(other.reads)
        writes.merge(other.writes)
        conflicts += other.conflicts
        failedWrites += other.failedWrites
    }
}

/// Pairs a loop's store calls with their answers, and counts what comes of it.
struct StoreWatch {
    private struct Call {
        let start: Instant
        let isWrite: Bool
    }

    private(set) var counters = StoreCounters()
    private var open: [UInt64: Call] = [:]

    /// How many calls are not answered yet.
    var openCount: Int { open.count }

    /// Notes calls that are being handed in.
    mutating func begin(_ calls: [StoreCall], at now: Instant) {
        for call in calls { open[call.ticket] = Call(start: now, isWrite: call.request.isWrite) }
    }

    /// Notes an answer.
    mutating func end(_ answer: StoreAnswer, at now: Instant) {
        guard let call = open.removeValue(forKey: answer.ticket) else { return }
        switch answer.reply {
        case .unavailable where call.isWrite: counters.failedWrites += 1
        case .conflict: counters.conflicts += 1
        default: break
        }
        if call.isWrite { counters.writes.record(now - call.start) } else { counters.reads.record(now - call.start) }
    }
}

extension StoreRequest {
    /// Whether it changes a document.
    fileprivate var isWrite: Bool {
        switch self {
        case .write, .remove, .trim: true
        case .read, .newest, .list, .statistics: false
        }
    }
}
