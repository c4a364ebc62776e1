package import SessionBase

/// One service's whole behaviour: a value, deterministic, without I/O, clock, randomness or suspension.
///
/// - Every event carries the moment at which it happened; time never moves otherwise.
/// - `effects` is appended to in the order in which the effects must happen.
/// - One machine serves one event loop; entities are spread over the loops by a hash (ARCHITECTURE §8).
package protocol SessionMachine: Sendable {
    /// What a connection takes along when it moves to another loop.
    associatedtype Passenger: Sendable

    /// Records a connection whose handshake is done.
    mutating func opened(_ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects)

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects)

    /// Records a sign of life that is no message: a Ping or Pong from the peer.
    mutating func heard(_ connection: ConnectionID, at moment: Moment)

    /// Records that a connection is gone; every later effect for it would be dropped.
    mutating func closed(_ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects)

    /// Takes a connection out because it moves to another loop.
    mutating func depart(_ connection: ConnectionID) -> Passenger

    /// Takes in a connection that came from another loop.
    mutating func arrive(_ connection: ConnectionID, _ passenger: Passenger, at moment: Moment)

    /// Stops accepting new work: the server drains.
    mutating func stopping()

    /// Does what is due at or before `moment`.
    mutating func tick(at moment: Moment, effects: inout Effects)

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    var deadline: Instant? { get }

    /// Traps where the machine's state contradicts itself; called after every step of a simulation.
    func checkInvariants()
}

/// What a machine is told about the handshake of a new connection.
package struct Handshake: Equatable, Sendable {
    /// The negotiated subprotocol, such as `sessionctl.awareness.v2`.
    package var subprotocol: String?
    /// The path of the request target, percent-decoded: services with several find out which.
    package var path = ""
    /// The request target's query parameters in order, percent-decoded.
    package var query: [(name: String, value: String)]

    /// Who the peer is, where a credential came with the handshake and was verified.
    package var identity: Identity?
    /// `X-Device-ID`, where the peer sent it (PROTOCOLS §3.5).
    package var deviceID: String?
    /// The node's number for the connection, by which administrators know it.
    package var connectionNumber: UInt64 = 0
    /// The peer's address without a port, for debugging views.
    package var host = ""
    /// `User-Agent`, where the peer sent it.
    package var userAgent: String?
    /// The session id or token that the peer showed, for services that have it judged again. Never printed.
    package var credential: [UInt8]?

    /// Describes a handshake.
    package init(
        subprotocol: String? = nil, query: [(name: String, value: String)] = [], identity: Identity? = nil,
        deviceID: String? = nil
    ) {
        self.subprotocol = subprotocol
        self.query = query
        self.identity = identity
        self.deviceID = deviceID
    }

    package static func == (left: Handshake, right: Handshake) -> Bool {
        left.subprotocol == right.subprotocol && left.query.elementsEqual(right.query, by: ==)
            && left.identity == right.identity && left.deviceID == right.deviceID
            && left.connectionNumber == right.connectionNumber && left.path == right.path && left.host == right.host
            && left.userAgent == right.userAgent && left.credential == right.credential
    }
}
