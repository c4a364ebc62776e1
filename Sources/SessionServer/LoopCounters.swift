import SessionBase
import SessionCodec
import SessionCore

/// What a loop counts; plain numbers of one owner, added up over the loops when somebody asks.
struct LoopCounters: Sendable {
    /// Open sockets, WebSockets or not.
    var sockets = 0
    /// Sockets accepted since the start.
    var accepted: UInt64 = 0
    /// Open WebSockets, by service.
    var opened = [Int](repeating: 0, count: ProtocolID.allCases.count)
    /// WebSockets opened since the start, by service.
    var admitted = [UInt64](repeating: 0, count: ProtocolID.allCases.count)
    /// What went over the WebSockets of each service.
    var traffic = [ServiceTraffic](repeating: ServiceTraffic(), count: ProtocolID.allCases.count)
    /// Echo's messages; awareness counts its own by type.
    var echoMessages: UInt64 = 0
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var messagesIn: UInt64 = 0
    var messagesOut: UInt64 = 0
    /// Bytes that wait for slow peers.
    var waitingBytes = 0
    /// The most bytes that ever waited for one peer.
    var waitingBytesMax = 0
    /// Connections ended because their peer did not read, by service.
    var slowConsumers = [UInt64](repeating: 0, count: ProtocolID.allCases.count)
    /// Messages dropped because their receiver did not read, by service.
    var droppedMessages = [UInt64](repeating: 0, count: ProtocolID.allCases.count)
    /// Messages that a later one replaced before their receiver had read them, by service.
    var conflatedMessages = [UInt64](repeating: 0, count: ProtocolID.allCases.count)
    /// From the turn that brought news of a room of board to the last send to it: all members are on this loop.
    var boardFanout = Histogram()
    var pingRoundTrips = Histogram()
    /// From a read to the last write it caused, of every 64th read.
    var handling = Histogram()
    private(set) var refused = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
    private(set) var closes: [CloseKey: UInt64] = [:]

    /// A service and the code of a close.
    struct CloseKey: Hashable, Comparable {
        let profile: ProtocolID
        let code: CloseCode

        static func < (left: CloseKey, right: CloseKey) -> Bool {
            (left.profile.index, left.code.rawValue) < (right.profile.index, right.code.rawValue)
        }
    }

    /// Counts a connection that was kept out.
    mutating func refuse(_ reason: RefusalReason) { refused[reason.rawValue] &+= 1 }

    /// Counts the end of a connection.
    mutating func close(_ profile: ProtocolID, _ code: CloseCode) {
        closes[CloseKey(profile: profile, code: code), default: 0] &+= 1
    }

    /// Adds what an open or ended connection carried.
    mutating func addTraffic(of connection: borrowing ServerConnection) {
        bytesIn &+= connection.bytesIn
        bytesOut &+= connection.bytesOut
        messagesIn &+= UInt64(connection.messagesIn)
        messagesOut &+= UInt64(connection.messagesOut)
        waitingBytes += connection.waitingBytes
        waitingBytesMax = max(waitingBytesMax, connection.output.highWater)
    }

    /// Adds another loop's counts.
    mutating func merge(_ other: LoopCounters) {
        sockets += other.sockets
        accepted &+= other.accepted
        for position in opened.indices {
            opened[position] += other.opened[position]
            admitted[position] &+= other.admitted[position]
            slowConsumers[position] &+= other.slowConsumers[position]
            droppedMessages[position] &+= other.droppedMessages[position]
            conflatedMessages[position] &+= other.conflatedMessages[position]
            traffic[position].merge(other.traffic[position])
        }
        for position in refused.indices { refused[position] &+= other.refused[position] }
        for (key, count) in other.closes { closes[key, default: 0] &+= count }
        echoMessages &+= other.echoMessages
        bytesIn &+= other.bytesIn
        bytesOut &+= other.bytesOut
        messagesIn &+= other.messagesIn
        messagesOut &+= other.messagesOut
        waitingBytes += other.waitingBytes
        waitingBytesMax = max(waitingBytesMax, other.waitingBytesMax)
        boardFanout.merge(other.boardFanout)
        handling.merge(other.handling)
        pingRoundTrips.merge(other.pingRoundTrips)
    }
}

/// What went over the WebSockets of a service, up to their closing handshake.
struct ServiceTraffic: Sendable {
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var messagesIn: UInt64 = 0
    var messagesOut: UInt64 = 0

    /// Adds what a connection carried.
    mutating func add(_ connection: borrowing ServerConnection) {
        bytesIn &+= connection.bytesIn
        bytesOut &+= connection.bytesOut
        messagesIn &+= UInt64(connection.messagesIn)
        messagesOut &+= UInt64(connection.messagesOut)
    }

    /// Adds another loop's counts.
    mutating func merge(_ other: ServiceTraffic) {
        bytesIn &+= other.bytesIn
        bytesOut &+= other.bytesOut
        messagesIn &+= other.messagesIn
        messagesOut &+= other.messagesOut
    }
}

/// Why a connection was kept out: the label in `sessionctl_connections_refused_total`.
enum RefusalReason: Int, CaseIterable, Sendable {
    case badRequest, timeout, tls, descriptors, draining, protectedMode, origin, unsupportedVersion, nodeLimit
    case addressLimit, acceptRate, unauthorized, healthRate

    /// The label's value.
    var label: String {
        switch self {
        case .badRequest: "bad_request"
        case .timeout: "timeout"
        case .tls: "tls"
        case .descriptors: "descriptors"
        case .draining: "draining"
        case .protectedMode: "protected_mode"
        case .origin: "origin"
        case .unsupportedVersion: "unsupported_version"
        case .nodeLimit: "node_limit"
        case .addressLimit: "address_limit"
        case .acceptRate: "accept_rate"
        case .unauthorized: "unauthorized"
        case .healthRate: "health_rate"
        }
    }
}

extension ProtocolID {
    /// Position in arrays that count by service.
    var index: Int {
        switch self {
        case .awareness: 0
        case .sync: 1
        case .echo: 2
        case .channels: 3
        case .lockers: 4
        case .board: 5
        }
    }
}

extension AwarenessCounters {
    /// Adds another loop's counts.
    mutating func merge(_ other: AwarenessCounters) {
        for kind in AwarenessClientKind.allCases { self[kind] += other[kind] }
        for kind in AwarenessServerKind.allCases { self[kind] += other[kind] }
        for code in AwarenessErrorCode.allCases { self[code] += other[code] }
        staleWindows += other.staleWindows
        takeovers += other.takeovers
    }
}
