package import SessionBase

/// One conversation of a command with channels or lockers, as a pure state machine: events in, actions out.
///
/// Whoever plays it connects, hands over what happens, obeys the actions in their order, and calls ``tick(at:)`` at
/// ``deadline``. After a loss that is made good ``opened(at:)`` comes again.
package protocol WatchScript: Sendable {
    /// When ``tick(at:)`` must be called; `nil` while only the peer can go on.
    var deadline: Instant? { get }

    /// The path and query of the next handshake, where they change; `nil` for those of the endpoint.
    var target: String? { get }

    /// Whether lines of standard input had better wait, because many are not done yet.
    var isSated: Bool { get }

    /// What a person may want to know once it is over, one sentence a line.
    var farewell: [String] { get }

    /// Records that the handshake is done.
    mutating func opened(at now: Instant) -> [WatchAction]

    /// Records a text message; one that is none of the protocol's means nothing to a script.
    mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction]

    /// Records that the connection ended.
    ///
    /// - Parameter returns: Whether it is being made again.
    mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction]

    /// Records a line of standard input.
    mutating func typed(_ line: [UInt8], at now: Instant) -> [WatchAction]

    /// Records the end of standard input.
    mutating func inputEnded(at now: Instant) -> [WatchAction]

    /// Does what is due.
    mutating func tick(at now: Instant) -> [WatchAction]
}

extension WatchScript {
    package var target: String? { nil }
    package var isSated: Bool { false }
    package var farewell: [String] { [] }
    package mutating func typed(_ line: [UInt8], at now: Instant) -> [WatchAction] { [] }
    package mutating func inputEnded(at now: Instant) -> [WatchAction] { [] }
}

/// What a script wants done after an event.
package enum WatchAction: Equatable, Sendable {
    /// Send this text message.
    case send([UInt8])
    /// Tell this.
    case tell(WatchNews)
    /// Say this to a person.
    case remark(String)
    /// Close: the server refused.
    case reject(ServiceRejection)
    /// Close, and leave with this verdict; the lines explain a failure.
    case leave(Verdict, explanation: [String])
}
