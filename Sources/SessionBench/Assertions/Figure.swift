import SessionBase

extension Metric {
    /// The figures with a name of their own; their raw value is that name.
    enum Figure: String, CaseIterable, Sendable {
        /// Right replies and requests, a second.
        case rate
        case sentRate = "sent_rate"
        /// Messages that reached others than those who asked, a second.
        case deliveryRate = "delivery_rate"
        /// Requests and right replies, counted.
        case sent, received
        /// Replies, and messages to others, that never came, came again, or came after a later one; replies with other
        /// contents than they must have.
        case loss, dup, reorder, wrong
        /// Everything that went wrong with replies; a late one is not wrong.
        case errors
        /// Lost replies as a part of the requests.
        case lostRatio = "lost_ratio"
        /// What the server told of itself: its CPU time for each message it received, the resident memory that each
        /// connection added, and the most bytes that ever waited for any socket since its start.
        case cpuPerMessage = "cpu_per_message"
        case memoryPerConnection = "rss_per_connection"
        case queuedMax = "queued_max"

        var kind: Kind {
            switch self {
            case .rate, .sentRate, .deliveryRate: .rate
            case .sent, .received, .loss, .dup, .reorder, .wrong, .errors: .count
            case .lostRatio: .ratio
            case .cpuPerMessage: .time
            case .memoryPerConnection, .queuedMax: .bytes
            }
        }

        /// The figure in a run; `nil` where the run does not have it.
        func value(in run: RunReport) -> Double? {
            let counts = run.total.counts
            switch self {
            case .rate: return run.receivedPerSecond
            case .sentRate: return run.sentPerSecond
            case .deliveryRate: return run.deliveredPerSecond
            case .sent: return Double(counts.sent)
            case .received: return Double(counts.received)
            case .loss: return Double(counts.lost &+ counts.undelivered)
            case .dup: return Double(counts.duplicated &+ counts.redelivered)
            case .reorder: return Double(counts.reordered &+ counts.misordered)
            case .wrong: return Double(counts.wrong)
            case .errors: return Double(counts.errors)
            case .lostRatio: return counts.sent > 0 ? Double(counts.lost) / Double(counts.sent) : nil
            case .cpuPerMessage: return run.server?.cpuPerMessage
            case .memoryPerConnection: return run.server?.bytesPerConnection
            case .queuedMax: return run.server.map { Double($0.queuedBytesMax) }
            }
        }
    }
}
