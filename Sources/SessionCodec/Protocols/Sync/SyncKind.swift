/// The types of message of sync; the raw value is the `type` on the wire, and an index for counters (PROTOCOLS §3.4).
package enum SyncKind: Int, Spelled, Hashable, Sendable {
    /// Never valid; it stands where a type could not be told.
    case unknown
    case heartbeat, heartbeatAck
    case snapshotRequest, snapshotResponse
    case stateUpdate
    case error
    case auth, authSuccess, authFailure
    case deviceJoined, deviceLeft, deviceList
    case broadcast
    case adminUpdate

    /// The name in the seed's table, which clients may send in place of the number (PROTOCOLS 1-9).
    package var spelling: StaticString {
        switch self {
        case .unknown: "UNKNOWN"
        case .heartbeat: "HEARTBEAT"
        case .heartbeatAck: "HEARTBEAT_ACK"
        case .snapshotRequest: "SNAPSHOT_REQUEST"
        case .snapshotResponse: "SNAPSHOT_RESPONSE"
        case .stateUpdate: "STATE_UPDATE"
        case .error: "ERROR"
        case .auth: "AUTH"
        case .authSuccess: "AUTH_SUCCESS"
        case .authFailure: "AUTH_FAILURE"
        case .deviceJoined: "DEVICE_JOINED"
        case .deviceLeft: "DEVICE_LEFT"
        case .deviceList: "DEVICE_LIST"
        case .broadcast: "BROADCAST"
        case .adminUpdate: "ADMIN_UPDATE"
        }
    }

    /// The kind of a name in upper, lower or mixed case.
    package init?(name: String) {
        let name = name.uppercased()
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }

    /// Whether a client may send it.
    package var isFromClient: Bool {
        switch self {
        case .heartbeat, .snapshotRequest, .stateUpdate, .auth, .deviceList, .broadcast: true
        case .unknown, .heartbeatAck, .snapshotResponse, .error, .authSuccess, .authFailure, .deviceJoined,
            .deviceLeft, .adminUpdate:
            false
        }
    }

    /// Whether the server may send it.
    package var isFromServer: Bool {
        switch self {
        case .unknown, .heartbeat, .snapshotRequest, .auth: false
        case .heartbeatAck, .snapshotResponse, .stateUpdate, .error, .authSuccess, .authFailure, .deviceJoined,
            .deviceLeft, .deviceList, .broadcast, .adminUpdate:
            true
        }
    }
}

/// What a STATE_UPDATE does with its key (PROTOCOLS 1-12).
package enum StateOperation: Int, Spelled, Hashable, Sendable {
    /// The value takes the place of what stands there.
    case set
    /// The key is removed.
    case delete
    /// The members of the value, an object, are put into the object that stands there.
    case merge
    /// The value, a number, is added to the number that stands there.
    case increment

    /// How the operation is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .set: "SET"
        case .delete: "DELETE"
        case .merge: "MERGE"
        case .increment: "INCREMENT"
        }
    }
}
