package import SessionBase

/// What the lockers server says (PROTOCOLS §6.3).
package enum LockersServerMessage: Equatable, Sendable {
    /// The first message of every connection (4-6).
    case connection(LockersWelcome)
    /// Answers a `join_room`.
    case roomJoined(String, answer: TopicAnswer? = nil)
    /// Answers a `leave_room`.
    case roomLeft(String)
    /// Answers a `ping`.
    case pong
    /// Refuses a message, or the connection.
    case error(LockersErrorCode, message: String)
    /// One of the events that the seed gives a type.
    case event(LockersEvent)
    /// Answers an `ack` (EXT).
    case ackReceived(command: String)
    /// Tells the namespace who received a command (EXT).
    case commandAcknowledged(command: String, CommandAck)
    /// Any other event with any data (4-17).
    case broadcast(event: String, data: JSONFragment)

    /// The type on the wire.
    package var kind: LockersServerKind {
        switch self {
        case .connection: .connection
        case .roomJoined: .roomJoined
        case .roomLeft: .roomLeft
        case .pong: .pong
        case .error: .error
        case .event(let event): event.kind
        case .ackReceived: .ackReceived
        case .commandAcknowledged: .commandAcknowledged
        case .broadcast(let event, _): LockersServerKind(name: event)
        }
    }
}

/// What a `connection` says (PROTOCOLS 4-6).
package struct LockersWelcome: Equatable, Sendable {
    /// The connection's name.
    package var connection: String
    /// The path of the namespace.
    package var namespace: String
    /// Who the peer is; `nil` for an anonymous one.
    package var user: String?
    /// The server's time.
    package var timestamp: Timestamp
    /// The place of a positioned connection (EXT).
    package var answer: TopicAnswer?

    /// Describes a welcome.
    package init(
        connection: String, namespace: String, user: String?, timestamp: Timestamp, answer: TopicAnswer? = nil
    ) {
        self.connection = connection
        self.namespace = namespace
        self.user = user
        self.timestamp = timestamp
        self.answer = answer
    }
}

/// Who received a command, and when (EXT).
package struct CommandAck: Equatable, Sendable {
    /// The connection's name.
    package var connection: String
    /// Whose session it is; `nil` for an anonymous one.
    package var user: String?
    /// The kiosk that the session stands for.
    package var kiosk: String?
    /// When.
    package var timestamp: Timestamp

    /// Describes an acknowledgement.
    package init(connection: String, user: String?, kiosk: String? = nil, timestamp: Timestamp) {
        self.connection = connection
        self.user = user
        self.kiosk = kiosk
        self.timestamp = timestamp
    }

    /// Writes the fields.
    func write(to json: inout JSONWriter) {
        json.field("connectionId", connection)
        if let user { json.field("userId", user) }
        if let kiosk { json.field("kioskId", kiosk) }
        json.field("timestamp", timestamp)
    }

    /// Reads the fields.
    init(_ fields: MessageFields) throws(WireError) {
        self.init(
            connection: try fields.text("connectionId"), user: try fields.optionalText("userId"),
            kiosk: try fields.optionalText("kioskId"), timestamp: try fields.timestamp("timestamp"))
    }
}

/// A message of the server with what stands around it.
package struct LockersServerFrame: WireMessage {
    /// What is said.
    package var message: LockersServerMessage
    /// When (4-11, 4-17).
    package var timestamp: Timestamp?
    /// Its place in the order of its namespace or room, for those who asked for positions (EXT).
    package var offset: UInt64?
    /// The room in whose order that is its place; `nil` for the namespace's (EXT).
    package var room: String?

    /// Puts a message in a frame.
    package init(
        _ message: LockersServerMessage, timestamp: Timestamp? = nil, offset: UInt64? = nil, room: String? = nil
    ) {
        self.message = message
        self.timestamp = timestamp
        self.offset = offset
        self.room = room
    }

    package var kind: LockersServerKind { message.kind }
}
