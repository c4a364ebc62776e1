package import SessionCodec

/// What an awareness machine has done since it started, for `/metrics`: plain sums, one per type and code.
package struct AwarenessCounters: Sendable {
    private var received = [Int](repeating: 0, count: AwarenessClientKind.allCases.count)
    private var sent = [Int](repeating: 0, count: AwarenessServerKind.allCases.count)
    private var refused = [Int](repeating: 0, count: AwarenessErrorCode.allCases.count)
    /// Windows that were removed because they were stale.
    package var staleWindows = 0
    /// Windows that were taken over by another connection.
    package var takeovers = 0

    /// Starts at zero.
    package init() {}

    /// Messages received of a type, refused ones included.
    package subscript(kind: AwarenessClientKind) -> Int {
        get { received[kind.rawValue] }
        _modify { yield &received[kind.rawValue] }
    }

    /// Messages sent of a type, each receiver counted.
    package subscript(kind: AwarenessServerKind) -> Int {
        get { sent[kind.rawValue] }
        _modify { yield &sent[kind.rawValue] }
    }

    /// Errors sent with a code.
    package subscript(code: AwarenessErrorCode) -> Int {
        get { refused[code.rawValue] }
        _modify { yield &refused[code.rawValue] }
    }
}
