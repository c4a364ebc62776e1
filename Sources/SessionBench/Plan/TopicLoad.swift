/// What a load on channels (seed 002) or lockers (seed 004) is made of: connections that listen to topics, and others that
/// publish to them.
///
/// Topics are channels, or namespaces and the rooms in them. Subscribers are numbered in the whole run, and their topics
/// follow from their numbers, so that every worker knows who must hear what.
package struct TopicLoad: Equatable, Sendable {
    /// Whose topics they are.
    package enum Kind: String, CaseIterable, Sendable {
        /// Channels.
        case fanout
        /// Namespaces of lockers, and the rooms in them.
        case lockers
    }

    /// How publications reach the server.
    package enum Way: String, CaseIterable, Sendable {
        /// As requests of the producers' API.
        case http
        /// As messages `publish` of WebSockets.
        case socket
    }

    /// Whose topics they are.
    package var kind: Kind
    /// Connections that publish, beside those that listen.
    package var publishers = 1
    /// How publications reach the server; lockers know ``Way/http`` alone.
    package var way = Way.http

    // MARK: Channels

    /// How many channels there are.
    package var channels = 1
    /// How many of them each subscriber joins; `nil` for all, up to ``joinedMax``.
    package var joined: Int?
    /// Which part of the subscribers never reads, 0...1.
    package var stuckRatio = 0.0
    /// How long each subscriber is away once in the run, before it connects again and asks for what it missed; `nil` where
    /// all stay.
    package var away: Duration?

    // MARK: Lockers

    /// The paths that kiosks connect to, in turn.
    package var namespaces = ["/ws/lockers", "/ws/help", "/ws/events"]
    /// Rooms of each namespace.
    package var rooms = 10
    /// Which part of the kiosks stays in a room, 0...1.
    package var roomRatio = 0.5
    /// Which part of the broadcasts goes to a room, 0...1; the others go to a whole namespace.
    package var roomCastRatio = 0.5
    /// Which part of the broadcasts to a namespace are its typed events, 0...1.
    package var typedRatio = 0.0
    /// Which part of the requests lets a kiosk join or leave a room, 0...1.
    package var moveRatio = 0.0
    /// Session ids that kiosks show in turn; empty where the server asks for none. Never written into a report.
    package var sessions: [String] = []

    /// Describes a load with what is usual.
    package init(_ kind: Kind) { self.kind = kind }

    /// The most channels of one connection (PROTOCOLS §4.3, LIMIT_EXCEEDED).
    package static let joinedMax = 128

    /// How many topics each subscriber may hear: its channels, or a namespace and a room.
    package var slots: Int { kind == .fanout ? min(joined ?? channels, channels, Self.joinedMax) : 2 }

    /// Whether frames carry positions, so that what was missed can be asked for.
    package var isPositioned: Bool { away != nil }

    /// Whether what the server says of recipients must be what arrives: not where some never read, or are away.
    package var isCountable: Bool { stuckRatio == 0 && away == nil }

    /// The parts of a request that have times of their own, in the order of ``Interval/operations``.
    package var operations: [String] {
        switch kind {
        case .fanout where isPositioned: ["ack", "delivery", "last", "replay", "recovery"]
        case .fanout: ["ack", "delivery", "last"]
        case .lockers: ["ack", "delivery", "last", "move"]
        }
    }

    /// The parts of all such loads.
    package static let allOperations = ["ack", "delivery", "last", "replay", "recovery", "move"]
}
