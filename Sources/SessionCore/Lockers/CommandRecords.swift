import SessionBase
import SessionCodec

/// Who acknowledged which command (EXT `ack`), for ten minutes after the first; bounded, the oldest command gives way.
struct CommandRecords: Sendable {
    /// How long a command is remembered.
    static let life = Duration.seconds(600)
    /// How many acknowledgements a loop remembers.
    static let acksMax = 20_000

    private struct Record {
        var since: Instant
        var acks: [CommandAck] = []
        var names: Set<String> = []
    }

    private var records: [String: Record] = [:]
    /// The commands in the order of their first acknowledgements, from `first` on.
    private var order: [String] = []
    private var first = 0
    private var ackCount = 0

    /// When the oldest is forgotten; `nil` while there is none.
    var deadline: Instant? { oldest.map { $0.since + Self.life } }

    /// Who acknowledged a command, in order; `nil` where nobody did lately.
    func acks(of command: String, at now: Instant) -> [CommandAck]? {
        guard let record = records[command], now < record.since + Self.life else { return nil }
        return record.acks
    }

    /// Adds an acknowledgement.
    ///
    /// - Returns: Whether it is the connection's first of this command.
    mutating func record(_ ack: CommandAck, of command: String, at now: Instant) -> Bool {
        forget(at: now)
        if records[command] == nil {
            records[command] = Record(since: now)
            order.append(command)
        }
        guard records[command]?.names.insert(ack.connection).inserted == true else { return false }
        records[command]?.acks.append(ack)
        ackCount += 1
        while ackCount > Self.acksMax { dropOldest() }
        return true
    }

    /// Forgets what is too old.
    mutating func forget(at now: Instant) {
        while let deadline, deadline <= now { dropOldest() }
    }

    private var oldest: Record? { first < order.count ? records[order[first]] : nil }

    private mutating func dropOldest() {
        ackCount -= records.removeValue(forKey: order[first])?.acks.count ?? 0
        first += 1
        guard first > order.count / 2 else { return }
        order.removeFirst(first)
        first = 0
    }
}
