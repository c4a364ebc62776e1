import SessionBase
import SessionIO

/// What was read from several sockets and not handled yet.
///
/// Reading all, then handling all, then answering all keeps each step's code in the processor's nearest cache: one by one,
/// the kernel's and ours would push each other out at every message.
struct ReadBatch {
    /// One read of one socket.
    struct Read {
        let id: ConnectionID
        /// Where its bytes begin in the loop's input.
        let start: Int
        let result: ReceiveResult
        /// Whether more may wait in the socket.
        let isFilled: Bool
        /// Whether the peer's end of stream stands behind these bytes.
        let toTheEnd: Bool
    }

    private(set) var reads: [Read] = []
    /// Where the next read's bytes go.
    private(set) var end = 0

    /// So many sockets that what is kept of them stays in the nearest cache too.
    private static let readsMax = 32
    /// A read gets at least this much room.
    private static let roomMin = 128 * 1024

    /// Whether the batch must be handled before another read.
    func isFull(of capacity: Int) -> Bool { reads.count == Self.readsMax || capacity - end < Self.roomMin }

    /// Adds what one read brought.
    mutating func add(_ id: ConnectionID, _ result: ReceiveResult, capacity: Int, toTheEnd: Bool) {
        let start = end
        if case .received(let count) = result { end += count }
        reads.append(Read(id: id, start: start, result: result, isFilled: end == capacity, toTheEnd: toTheEnd))
    }

    /// Forgets all and keeps the storage.
    mutating func removeAll() {
        reads.removeAll(keepingCapacity: true)
        end = 0
    }
}
