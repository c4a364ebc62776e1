package import SessionBase

/// What the sync server says (PROTOCOLS §3.4).
package enum SyncServerMessage: Equatable, Sendable {
    /// Answers a HEARTBEAT; times in milliseconds.
    case heartbeatAck(clientTime: Int64?, serverTime: Int64)
    /// Answers a SNAPSHOT_REQUEST.
    case snapshotResponse(SyncSnapshotAnswer)
    /// Tells of a change of one key, or acknowledges it.
    case stateUpdate(SyncStateChange)
    /// Refuses a message; `details` is an object.
    case error(SyncErrorCode, message: String, details: JSONFragment? = nil)
    /// Tells that the credential is good, and all that the client must know to begin.
    case authSuccess(SyncWelcome)
    /// Tells that the credential is no good; the connection is closed next.
    case authFailure(SyncAuthFailureCode, message: String)
    /// A device of the session came.
    case deviceJoined(SyncDevice)
    /// A device of the session is gone.
    case deviceLeft(device: String, reason: SyncLeaveReason, lastSeen: Timestamp)
    /// The devices of the session.
    case deviceList([SyncDevice])
    /// Something that another device, the server or an administrator has to tell.
    case broadcast(event: String, data: JSONFragment)
    /// News for administrators.
    case adminUpdate(SyncAdminUpdate)

    /// The type on the wire.
    package var kind: SyncKind {
        switch self {
        case .heartbeatAck: .heartbeatAck
        case .snapshotResponse: .snapshotResponse
        case .stateUpdate: .stateUpdate
        case .error: .error
        case .authSuccess: .authSuccess
        case .authFailure: .authFailure
        case .deviceJoined: .deviceJoined
        case .deviceLeft: .deviceLeft
        case .deviceList: .deviceList
        case .broadcast: .broadcast
        case .adminUpdate: .adminUpdate
        }
    }

    /// Appends the message in an envelope, without white space.
    ///
    /// - Complexity: O(n); HEARTBEAT_ACK and STATE_UPDATE allocate nothing but the buffer's growth.
    package func encode(_ envelope: SyncEnvelope, to output: inout [UInt8]) {
        envelope.append(kind, to: &output) { appendPayload(to: &$0) }
    }
}

/// The events that the server alone may broadcast (PROTOCOLS §3.4, §3.5).
package enum SyncEvent: String, CaseIterable, Sendable {
    /// A device is offered the session.
    case handoffOffer = "handoff_offer"
    /// The target took the session over.
    case handoffCompleted = "handoff_completed"
    /// The target did not come in time.
    case handoffExpired = "handoff_expired"
    /// The whole state was replaced; the data is `{"version":n}`.
    case sessionReplaced = "session_replaced"
}

/// The state as a SNAPSHOT_RESPONSE gives it.
package enum SyncSnapshotAnswer: Equatable, Sendable {
    /// There is a state.
    case found(version: UInt64, state: JSONFragment, updatedAt: Timestamp)
    /// The client has it already.
    case unchanged(version: UInt64)
    /// There is none yet.
    case missing
}

/// A change of one key as a STATE_UPDATE of the server tells it.
package struct SyncStateChange: Equatable, Sendable {
    /// Which key.
    package var key: String
    /// What the client asked for: for `MERGE` and `INCREMENT` the operand, not the result.
    package var value: JSONFragment?
    /// What was done.
    package var operation: StateOperation
    /// The version of the state that it made.
    package var version: UInt64
    /// The device that did it; `nil` for a write over HTTP that named none.
    package var deviceID: String?
    /// Whether this is the sender's acknowledgement.
    package var isAcknowledgement: Bool

    /// Describes a change.
    package init(
        key: String, value: JSONFragment?, operation: StateOperation, version: UInt64, deviceID: String?,
        isAcknowledgement: Bool = false
    ) {
        self.key = key
        self.value = value
        self.operation = operation
        self.version = version
        self.deviceID = deviceID
        self.isAcknowledgement = isAcknowledgement
    }
}

/// What an AUTH_SUCCESS says.
package struct SyncWelcome: Equatable, Sendable {
    /// The session that the connection belongs to.
    package var sessionID: String
    /// Who the peer is.
    package var userID: String
    /// Which device it is.
    package var deviceID: String
    /// What it may do.
    package var roles: [String]
    /// When its credential runs out, in milliseconds; `nil` for one without an end.
    package var expiresAt: Int64?
    /// How often to send a HEARTBEAT, in milliseconds.
    package var heartbeatInterval: Int64
    /// The version of the state; 0 where there is none.
    package var version: UInt64
    /// How many devices are there, this one included.
    package var devicesOnline: Int
    /// The server's time, in milliseconds.
    package var serverTime: Int64
    /// What a later `resume` must name (EXT).
    package var epoch: String
    /// The place of the last push (EXT).
    package var sequence: UInt64
    /// How many pushes follow that were missed; `nil` where nothing was resumed (EXT).
    package var replayed: Int?

    /// Describes a welcome.
    package init(
        sessionID: String, userID: String, deviceID: String, roles: [String], expiresAt: Int64?,
        heartbeatInterval: Int64, version: UInt64, devicesOnline: Int, serverTime: Int64, epoch: String,
        sequence: UInt64, replayed: Int? = nil
    ) {
        self.sessionID = sessionID
        self.userID = userID
        self.deviceID = deviceID
        self.roles = roles
        self.expiresAt = expiresAt
        self.heartbeatInterval = heartbeatInterval
        self.version = version
        self.devicesOnline = devicesOnline
        self.serverTime = serverTime
        self.epoch = epoch
        self.sequence = sequence
        self.replayed = replayed
    }
}

/// What an ADMIN_UPDATE says.
package struct SyncAdminUpdate: Equatable, Sendable {
    /// What it is about; the raw value is the spelling.
    package enum Kind: String, CaseIterable, Sendable { case metrics, notification, connection, session }

    /// What it is about.
    package var kind: Kind
    /// The `type` of a `POST /admin/broadcast`.
    package var type: String?
    /// The sentence of a `POST /admin/broadcast`.
    package var message: String?
    /// The particulars, an object.
    package var data: JSONFragment

    /// Describes an update.
    package init(kind: Kind, type: String? = nil, message: String? = nil, data: JSONFragment = .emptyObject) {
        self.kind = kind
        self.type = type
        self.message = message
        self.data = data
    }

    /// Appends the payload alone, as `Effect.inform` carries it.
    package func appendPayload(to output: inout [UInt8]) {
        output.appendJSONObject { json in
            json.field("kind", kind.rawValue)
            if let type { json.field("type", type) }
            if let message { json.field("message", message) }
            json.field("data", data)
        }
    }
}

/// A message of the server in its envelope.
package struct SyncServerFrame: WireMessage {
    /// What stands around it.
    package var envelope: SyncEnvelope
    /// What is said.
    package var message: SyncServerMessage

    /// Puts a message in an envelope.
    package init(_ message: SyncServerMessage, envelope: SyncEnvelope = SyncEnvelope()) {
        self.message = message
        self.envelope = envelope
    }

    package var kind: SyncKind { message.kind }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        var envelope = envelope
        if let tag { envelope.correlationID = tag.characters }
        message.encode(envelope, to: &output)
    }

    /// Appends a message whose payload was written before, such as that of `Effect.inform`.
    package static func append(
        _ kind: SyncKind, payload: Span<UInt8>, envelope: SyncEnvelope, to output: inout [UInt8]
    ) {
        envelope.append(kind, to: &output) { $0.append(copying: payload) }
    }
}
