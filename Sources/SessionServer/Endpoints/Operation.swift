import SessionBase
import SessionCodec
import SessionCore

/// Something that an HTTP request asks of the whole node.
enum Operation: Sendable {
    case stats
    case metrics
    case varz
    case connz(Page)
    case connections(Page)
    case closedConnections(Page)
    case connection(serial: UInt64)
    case slow
    case disconnect(ConnectionFilter, CloseCode)
    case drain
    case undrain
    case reload
    case configuration

    /// What each loop must contribute; `nil` where the answering loop knows enough.
    var query: Query? {
        switch self {
        case .stats, .metrics, .varz: .statistics
        case .connz(let page), .connections(let page): .connections(page)
        case .closedConnections: .closed
        case .connection(let serial): .connection(serial: serial)
        case .slow: .slow
        case .disconnect(let filter, let code): .disconnect(filter, code)
        case .drain, .undrain, .reload, .configuration: nil
        }
    }
}

/// What a loop is asked for.
enum Query: Sendable {
    case statistics
    case connections(Page)
    case connection(serial: UInt64)
    case closed
    case slow
    case disconnect(ConnectionFilter, CloseCode)
}

/// Which connections an operation is about.
enum ConnectionFilter: Sendable, Equatable {
    case all
    case serial(UInt64)
    case user(String)
}

/// Which part of a list is wanted (PROTOCOLS §1.6).
struct Page: Sendable, Equatable {
    /// How many items at most, 1...1000.
    var limit = 100
    /// Only what comes after this; what it counts is the list's own business.
    var cursor: UInt64 = 0

    /// The first hundred.
    init() {}
}

/// One loop's part of an answer.
struct LoopReport: Sendable {
    var counters = LoopCounters()
    var awareness = AwarenessMachine.Statistics()
    var messages = AwarenessCounters()
    var connections: [ConnectionRecord] = []
    /// How many connections there are beside those that the page shows.
    var total = 0
    var closed: [ClosedConnection] = []
    /// How many connections an operation touched.
    var affected = 0

    /// Adds another loop's part.
    mutating func merge(_ other: LoopReport) {
        counters.merge(other.counters)
        awareness = awareness + other.awareness
        messages.merge(other.messages)
        connections += other.connections
        total += other.total
        closed += other.closed
        affected += other.affected
    }
}

/// An open connection as `/connz` and the admin API show it.
struct ConnectionRecord: Sendable {
    let serial: UInt64
    let profile: ProtocolID?
    let user: String?
    let address: String
    let openedAt: Timestamp
    let idle: Duration
    let traffic: ConnectionTraffic
    let waitingBytes: Int
    let waitingBytesMax: Int
    let waitingFor: Duration?
    let loop: Int
}

/// What went over a connection.
struct ConnectionTraffic: Sendable {
    let bytesIn: UInt64
    let bytesOut: UInt64
    let messagesIn: UInt32
    let messagesOut: UInt32

    init(_ connection: borrowing ServerConnection) {
        bytesIn = connection.bytesIn
        bytesOut = connection.bytesOut
        messagesIn = connection.messagesIn
        messagesOut = connection.messagesOut
    }
}
