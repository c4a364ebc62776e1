package import SessionBase

/// The lockers' namespaces of one loop (PROTOCOLS §6): its connections, and the namespaces and rooms that it owns.
package struct LockersMachine: Sendable {
    /// How it behaves; may change at any time.
    package var configuration: LockersConfiguration
    private let entropy: Entropy

    /// Starts with nobody.
    package init(configuration: LockersConfiguration, entropy: Entropy) {
        self.configuration = configuration
        self.entropy = entropy
    }

    /// Records a connection whose handshake is done, and greets it.
    package mutating func opened(
        _ connection: ConnectionID, _ handshake: Handshake, at moment: Moment, effects: inout Effects
    ) {}

    /// Handles one complete text message, valid UTF-8, not yet decoded.
    package mutating func received(
        _ connection: ConnectionID, _ message: Span<UInt8>, at moment: Moment, effects: inout Effects
    ) {}

    /// Records a sign of life that is no message: a Ping or Pong from the peer.
    package mutating func heard(_ connection: ConnectionID, at moment: Moment) {}

    /// Records how long a Ping took to be answered (PROTOCOLS 4-18).
    package mutating func measured(_ roundTrip: Duration, of connection: ConnectionID) {}

    /// Takes what became of a session that was asked for again.
    package mutating func authenticated(
        _ connection: ConnectionID, _ verdict: AccessVerdict, at moment: Moment, effects: inout Effects
    ) {}

    /// Records that a connection is gone.
    package mutating func closed(
        _ connection: ConnectionID, cleanly: Bool, at moment: Moment, effects: inout Effects
    ) {}

    /// Takes what the machine of another loop sent.
    package mutating func delivered(
        _ parcel: LockersParcel, from loop: Int, at moment: Moment, effects: inout Effects
    ) {}

    /// Closes the connections that a revocation hits (C17).
    ///
    /// - Returns: How many.
    package mutating func revoke(_ revocation: Revocation, at moment: Moment, effects: inout Effects) -> Int { 0 }

    /// Stops accepting new work: the server drains.
    package mutating func stopping() {}

    /// Does what is due at or before `moment`.
    package mutating func tick(at moment: Moment, effects: inout Effects) {}

    /// The next instant at which ``tick(at:effects:)`` must be called, or `nil` while nothing is scheduled.
    package var deadline: Instant? { nil }

    /// The user of a connection, where it has one.
    package func user(of connection: ConnectionID) -> String? { nil }

    /// Traps where the machine's state contradicts itself.
    package func checkInvariants() {}
}
