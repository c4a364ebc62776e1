import SessionBase
import SessionCodec

/// A loop's part of the status.
package struct LoopStatus: Equatable, Sendable {
    /// How many connections each namespace has.
    var population: [String: Int]
    var roundTrips: LatencyWindow
    var broadcasts: LatencyWindow
    var isStopping: Bool
    var isDegraded: Bool
}

/// Who asked for the status, and for how much of it.
struct StatusQuestion: Sendable {
    var ticket: RequestTicket
    var isDetailed: Bool
}

/// `GET /api/websocket/status` (seed 004, PROTOCOLS 4-18 to 4-20): every loop's part, added up.
extension LockersMachine {
    /// This loop's part.
    var loopStatus: LoopStatus {
        LoopStatus(
            population: population, roundTrips: roundTrips, broadcasts: broadcasts,
            isStopping: isStopping || configuration.isDraining,
            isDegraded: isDegraded)
    }

    /// Asks all loops.
    mutating func askStatus(
        for ticket: RequestTicket, isDetailed: Bool, at moment: Moment, effects: inout Effects
    ) {
        let question = StatusQuestion(ticket: ticket, isDetailed: isDetailed)
        let number = questions.begin(question, loopCount: configuration.shardCount)
        for loop in 0..<configuration.shardCount where loop != configuration.shard {
            effects.post(.lockers(.question(number: number)), to: loop)
        }
        take(loopStatus, from: configuration.shard, number, at: moment, effects: &effects)
    }

    /// Takes a loop's part; the last one makes the answer.
    mutating func take(
        _ status: LoopStatus, from loop: Int, _ number: UInt64, at moment: Moment, effects: inout Effects
    ) {
        guard let (question, parts) = questions.record(status, from: loop, for: number) else { return }
        effects.respond(question.ticket, LockersResponse.status(whole(parts, question, at: moment)))
    }

    private func whole(_ parts: [LoopStatus], _ question: StatusQuestion, at moment: Moment) -> LockersStatus {
        let namespaces = configuration.namespaces.map { path in
            (path: path, connections: parts.reduce(0) { $0 + ($1.population[path] ?? 0) })
        }
        let isStopping = parts.contains(where: \.isStopping)
        let isDegraded = parts.contains(where: \.isDegraded)
        var status = LockersStatus(
            condition: isStopping ? .draining : isDegraded ? .degraded : .active, namespaces: namespaces,
            latency: Self.latency(parts.map(\.roundTrips)), timestamp: moment.timestamp)
        if question.isDetailed {
            status.details = LockersStatus.Details(
                broadcast: Self.latency(parts.map(\.broadcasts)), nodeConnections: status.connections)
        }
        return status
    }

    private static func latency(_ windows: [LatencyWindow]) -> LockersStatus.Latency {
        let values = LatencyWindow.percentiles([0.5, 0.95, 0.99], of: windows)
        return LockersStatus.Latency(median: values[0], p95: values[1], p99: values[2])
    }
}
