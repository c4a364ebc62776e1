/// The closing half of a WebSocket connection (RFC 6455 §7).
///
/// `open` → `closeSent` (we started) → `closed`; `open` → `closed` (the peer started, or it broke a rule).
package struct CloseHandshake: Sendable {
    private enum State { case open, closeSent, closed }
    private var state = State.open

    /// Starts open.
    package init() {}

    /// No Close frame was sent or received.
    package var isOpen: Bool { state == .open }
    /// Our Close frame was sent, the peer's is awaited.
    package var isClosing: Bool { state == .closeSent }
    /// Both frames were exchanged, or the connection failed: nothing more is read or written.
    package var isClosed: Bool { state == .closed }

    /// Records that we want to close; `false` when it is too late to send a Close frame.
    package mutating func start() -> Bool {
        guard state == .open else { return false }
        state = .closeSent
        return true
    }

    /// What a received Close frame asks for.
    package enum ReceiveCloseAction: Equatable, Sendable {
        /// Answer with this code.
        case reply(CloseCode)
        /// Ours was sent before: the connection is done.
        case drop
    }

    /// Records a Close frame from the peer.
    ///
    /// - Parameter code: Status the frame carried; `.noStatus`, an empty body, is answered with 1000.
    package mutating func receive(_ code: CloseCode) -> ReceiveCloseAction {
        precondition(state != .closed, "a Close frame was read after the connection had closed")
        defer { state = .closed }
        return state == .closeSent ? .drop : .reply(code == .noStatus ? .normal : code)
    }

    /// Ends the connection without waiting for the peer; `true` when a Close frame may still be sent.
    package mutating func fail() -> Bool {
        defer { state = .closed }
        return state == .open
    }
}
