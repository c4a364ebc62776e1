import SessionBase
import SessionCodec

/// Who acknowledged which command (EXT `ack`), for ten minutes after the first. Bounded: of one peer the oldest
/// acknowledgement gives way, of all the oldest command.
struct CommandRecords: Sendable {
    /// How long a command is remembered.
    static let life = Duration.seconds(600)
    /// How many acknowledgements a loop remembers.
    static let acksMax = 20_000
    /// How many of one connection, so that one that invents commands pushes out nobody else's.
    static let acksOfPeerMax = 256

    private struct Record {
        var since: Instant
        /// In the order in which they came.
        var acks: [CommandAck] = []
    }

    /// By the bytes of commands.
    private var records = TextMap<Record>()
    /// The commands in the order of their first acknowledgements, from `first` on.
    private var order: [String] = []
    private var first = 0
    /// The commands that each connection acknowledged, oldest first.
    private var peers: [String: [String]] = [:]
    private var ackCount = 0

    /// When the oldest is forgotten; `nil` while there is none.
    var deadline: Instant? { oldest.map { $0.since + Self.life } }

    /// Who acknowledged a command, in order; `nil` where nobody did lately.
    func acks(of command: String, at now: Instant) -> [CommandAck]? {
        guard let record = records[command], !record.acks.isEmpty, now < record.since + Self.life else { return nil }
        return record.acks
    }

    /// Adds an acknowledgement.
    ///
    /// - Returns: Whether it is the connection's first of this command.
    /// - Complexity: O(n) of the commands that this connection acknowledged lately.
    mutating func record(_ ack: CommandAck, of command: String, at now: Instant) -> Bool {
        forget(at: now)
        guard peers[ack.connection]?.contains(where: { $0.isSameBytes(as: command) }) != true else { return false }
        if records[command] == nil {
            records[command] = Record(since: now)
            order.append(command)
        }
        records[command]?.acks.append(ack)
        peers[ack.connection, default: []].append(command)
        ackCount += 1
        if let commands = peers[ack.connection], commands.count > Self.acksOfPeerMax {
            withdraw(ack.connection, from: commands[0])
        }
        while ackCount > Self.acksMax { dropOldest() }
        return true
    }

    /// Forgets what is too old.
    mutating func forget(at now: Instant) {
        while let deadline, deadline <= now { dropOldest() }
    }

    private var oldest: Record? { first < order.count ? records[order[first]] : nil }

    /// Forgets a connection's acknowledgement of a command.
    private mutating func withdraw(_ connection: String, from command: String) {
        records[command]?.acks.removeAll { $0.connection == connection }
        ackCount -= 1
        drop(command, of: connection)
    }

    private mutating func drop(_ command: String, of connection: String) {
        peers[connection]?.removeAll { $0.isSameBytes(as: command) }
        if peers[connection]?.isEmpty == true { peers[connection] = nil }
    }

    private mutating func dropOldest() {
        let command = order[first]
        let acks = records.removeValue(forKey: command)?.acks ?? []
        ackCount -= acks.count
        for ack in acks { drop(command, of: ack.connection) }
        first += 1
        guard first > order.count / 2 else { return }
        order.removeFirst(first)
        first = 0
    }
}
