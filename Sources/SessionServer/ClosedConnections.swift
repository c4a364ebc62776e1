import SessionBase
import SessionCodec
import SessionCore
import SessionIO

/// What is remembered of a connection that ended (PROTOCOLS C16).
struct ClosedConnection: Sendable {
    let serial: UInt64
    let profile: ProtocolID
    let code: CloseCode
    let user: String?
    let device: DeviceOfConnection?
    let address: String
    let openedAt: Timestamp
    let closedAt: Timestamp
    let duration: Duration
    let traffic: ConnectionTraffic

    init(
        _ connection: borrowing ServerConnection, _ profile: ProtocolID, user: String?, _ device: DeviceOfConnection?,
        at moment: Moment
    ) {
        serial = connection.serial
        self.profile = profile
        code = connection.closeCode ?? .abnormal
        self.user = user
        self.device = device
        address = connection.address.description
        openedAt = connection.openedAt.timestamp
        closedAt = moment.timestamp
        duration = moment.instant - connection.openedAt.instant
        traffic = ConnectionTraffic(connection)
    }
}

/// The connections that ended last, oldest overwritten first.
struct ClosedConnections {
    private var ring: [ClosedConnection] = []
    private var oldest = 0
    private let capacity: Int

    /// How many closes a node remembers; its loops share them.
    static let capacityOfNode = 10_000

    init(capacity: Int) { self.capacity = capacity }

    /// Remembers a connection.
    mutating func append(_ connection: ClosedConnection) {
        if ring.count < capacity {
            ring.append(connection)
        } else {
            ring[oldest] = connection
            oldest = (oldest + 1) % capacity
        }
    }

    /// All that are remembered, newest first.
    var newestFirst: [ClosedConnection] { Array((ring[oldest...] + ring[..<oldest]).reversed()) }
}
