package import SessionCodec

/// What an awareness machine has done since it started, for `/metrics`: plain sums, one per type and code.
package struct AwarenessCounters: Sendable {
    private var received = InlineArray<6, Int>(repeating: 0)
    private var sent = InlineArray<9, Int>(repeating: 0)
    private var refused = [Int](repeating: 0, count: AwarenessErrorCode.allCases.count)
    /// Windows that were removed because they were stale.
    package var staleWindows = 0
    /// Windows that were taken over by another connection.
    package var takeovers = 0

    /// Starts at zero.
    package init() {}

    /// Messages received of a type, refused ones included.
    package subscript(kind: AwarenessClientKind) -> Int {
        get { received[kind.index] }
        _modify { yield &received[kind.index] }
    }

    /// Messages sent of a type, each receiver counted.
    package subscript(kind: AwarenessServerKind) -> Int {
        get { sent[kind.index] }
        _modify { yield &sent[kind.index] }
    }

    /// Errors sent with a code.
    package subscript(code: AwarenessErrorCode) -> Int {
        get { refused[code.rawValue] }
        _modify { yield &refused[code.rawValue] }
    }
}

// The raw values of another module are calls; these are the numbers themselves.

extension AwarenessClientKind {
    @inline(__always)
    fileprivate var index: Int {
        switch self {
        case .register: 0
        case .deregister: 1
        case .heartbeat: 2
        case .focus: 3
        case .ping: 4
        case .list: 5
        }
    }
}

extension AwarenessServerKind {
    @inline(__always)
    fileprivate var index: Int {
        switch self {
        case .registered: 0
        case .warning: 1
        case .error: 2
        case .pong: 3
        case .warningCleared: 4
        case .deregistered: 5
        case .heartbeatAck: 6
        case .focused: 7
        case .state: 8
        }
    }
}
