import SessionBase
import SessionCodec
import SessionCore

/// Something that an HTTP request asks of the whole node.
enum Operation: Sendable {
    case stats
    case health
    case metrics
    case varz
    case connz(Page)
    case connections(Page)
    case closedConnections(Page)
    case connection(serial: UInt64)
    case trace(serial: UInt64, TraceTap)
    case slow
    case disconnect(ConnectionFilter, CloseCode)
    case drain
    case undrain
    case reload
    case configuration
    case syncMetrics(SyncMetricsSection)
    /// What administrators' sockets are told every few seconds.
    case adminUpdate
    case sessions(Page)
    /// The second step of that: who is online of the sessions that the store knows.
    case sessionPage(Page, StorePage)
    case broadcast(SyncAdminBroadcast)
    case revoke(Revocation)
    /// The second step of the end of a locker session.
    case endSession(Revocation)
    case revocations(Page)
    /// The rooms of board whose names begin alike.
    case boards(prefix: String, Page)

    /// What each loop must contribute; `nil` where the answering loop knows enough.
    var query: Query? {
        switch self {
        case .stats, .health, .metrics, .varz, .syncMetrics, .adminUpdate: .statistics
        case .connz(let page), .connections(let page): .connections(page)
        case .closedConnections: .closed
        case .connection(let serial): .connection(serial: serial)
        case .trace(let serial, let tap): .trace(serial: serial, tap)
        case .slow: .slow
        case .disconnect(let filter, let code): .disconnect(filter, code)
        case .sessionPage(_, let found): .presence(found.documents.map(\.key.name))
        case .broadcast(let broadcast): .broadcast(broadcast)
        case .revoke(let revocation), .endSession(let revocation): .revoke(revocation)
        case .boards(let prefix, let page): .boards(prefix: prefix, page)
        case .drain, .undrain, .reload, .configuration, .sessions, .revocations: nil
        }
    }

    /// What the store must contribute.
    func storeRequests(at time: Timestamp) -> [StoreRequest] {
        switch self {
        case .syncMetrics, .adminUpdate:
            let yesterday = Timestamp(milliseconds: time.milliseconds - 86_400_000)
            return [.statistics(.sessions, createdSince: yesterday)]
        case .sessions(let page):
            return [.list(.sessions, owner: page.user, after: page.cursor, limit: page.limit)]
        default: return []
        }
    }
}

/// What a loop is asked for.
enum Query: Sendable {
    case statistics
    case connections(Page)
    case connection(serial: UInt64)
    case trace(serial: UInt64, TraceTap)
    case closed
    case slow
    case disconnect(ConnectionFilter, CloseCode)
    /// Which devices of these sessions are online.
    case presence([String])
    case broadcast(SyncAdminBroadcast)
    case revoke(Revocation)
    case boards(prefix: String, Page)
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
    /// Only what comes after this; what it means is the list's own business.
    var cursor: String?
    /// Only what belongs to this user.
    var user: String?
    /// Only what is, or has, a device of this type.
    var deviceType: String?
    /// Only what is in this state.
    var state: String?

    /// The cursor of a list that counts.
    var number: UInt64 { cursor.flatMap { UInt64($0) } ?? 0 }

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
    var store = StoreCounters()
    var sync = SyncMachine.Statistics()
    var syncCounters = SyncCounters()
    var channels = ChannelsMachine.Statistics()
    var channelsCounters = ChannelsCounters()
    var lockers = LockersMachine.Statistics()
    var lockersCounters = LockersCounters()
    var board = BoardMachine.Statistics()
    var boardCounters = BoardCounters()
    var rooms: [BoardMachine.RoomView] = []
    /// Of the sessions that were asked for, the types of the devices that are online.
    var presence: [String: [SyncDeviceType]] = [:]
    /// What the store says.
    var snapshots: StoreStatistics?
    var page: StorePage?
    var isStoreUnavailable = false

    /// Adds another loop's part.
    mutating func merge(_ other: LoopReport) {
        counters.merge(other.counters)
        awareness = awareness + other.awareness
        messages.merge(other.messages)
        connections += other.connections
        total += other.total
        closed += other.closed
        affected += other.affected
        store.merge(other.store)
        sync.merge(other.sync)
        syncCounters.merge(other.syncCounters)
        channels.merge(other.channels)
        channelsCounters.merge(other.channelsCounters)
        lockers.merge(other.lockers)
        lockersCounters.merge(other.lockersCounters)
        board.merge(other.board)
        boardCounters.merge(other.boardCounters)
        rooms += other.rooms
        presence.merge(other.presence) { $0 + $1 }
        snapshots = snapshots ?? other.snapshots
        page = page ?? other.page
        isStoreUnavailable = isStoreUnavailable || other.isStoreUnavailable
    }
}

/// An open connection as `/connz` and the admin API show it.
struct ConnectionRecord: Sendable {
    let serial: UInt64
    let profile: ProtocolID?
    let user: String?
    /// The room of board that it is in.
    let room: String?
    /// Which device it is, where its service knows devices.
    let device: DeviceOfConnection?
    let address: String
    let openedAt: Timestamp
    let idle: Duration
    let traffic: ConnectionTraffic
    let waitingBytes: Int
    let waitingBytesMax: Int
    let waitingFor: Duration?
    let loop: Int
}

/// The device behind a connection, its type and its session.
typealias DeviceOfConnection = (device: String, type: SyncDeviceType, session: String)

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
