import SessionBase
import Synchronization

/// The live frames of one connection on their way to one reader, which may live on another loop.
///
/// The traced connection writes lines and never waits: what the reader has not taken is kept up to a bound, and beyond it
/// only counted. The reader's loop is told when there is something to take.
final class TraceTap: Sendable {
    fileprivate struct State {
        var lines: [[UInt8]] = []
        var byteCount = 0
        var lost = 0
        var isEnded = false
        var isAbandoned = false
    }

    /// What a reader finds.
    struct Batch {
        /// Complete lines, oldest first.
        var lines: [[UInt8]]
        /// Whether the traced connection is gone and these are the last ones.
        var isEnded: Bool
    }

    /// Lines kept for a reader that is behind.
    static let bytesMax = 256 * 1024

    /// The loop of the reader, and its connection there.
    let loop: Int
    let reader: ConnectionID
    private let state = Mutex(State())

    init(loop: Int, reader: ConnectionID) {
        self.loop = loop
        self.reader = reader
    }

    /// Whether nobody reads any more.
    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Adds a line.
    ///
    /// - Returns: Whether the reader must be told.
    func write(_ line: [UInt8]) -> Bool {
        state.withLock { state in
            if state.isAbandoned || state.isEnded { return false }
            guard state.byteCount + line.count <= Self.bytesMax else {
                state.lost += 1
                return false
            }
            if state.lost > 0 { state.append(TraceLine.lost(state.lost)) }
            state.lost = 0
            state.append(line)
            return true
        }
    }

    /// Adds the last line, whatever its size; the reader must be told.
    func end(_ line: [UInt8]) {
        state.withLock { state in
            if state.isEnded { return }
            if state.lost > 0 { state.append(TraceLine.lost(state.lost)) }
            state.lost = 0
            state.append(line)
            state.isEnded = true
        }
    }

    /// Takes everything that waits.
    func take() -> Batch {
        state.withLock { state in
            defer {
                state.lines = []
                state.byteCount = 0
            }
            return Batch(lines: state.lines, isEnded: state.isEnded)
        }
    }

    /// Says that nobody reads any more; the traced connection finds out when it has something to write.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.lines = []
        }
    }
}

extension TraceTap.State {
    fileprivate mutating func append(_ line: [UInt8]) {
        lines.append(line)
        byteCount += line.count
    }
}
