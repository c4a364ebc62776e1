import SessionBase

/// Where a workload that converses leaves what it has to say: bytes for any of the worker's connections, and whose
/// requests are over.
///
/// The engine empties it after each event. Its memory is used again and again.
struct Desk: ~Copyable {
    /// Bytes of ``frames`` that go to one connection.
    struct Parcel: BitwiseCopyable {
        var link: Int
        var start: Int
        var end: Int
    }

    /// The time of the event.
    var now = Instant.zero
    /// What is to be sent.
    var frames: FrameBuffer
    /// Whose it is, in the order in which it was written.
    private(set) var parcels: [Parcel] = []
    private var finished: [Int] = []
    private var abandoned: [Int] = []
    private var away: [(link: Int, until: Instant)] = []
    private let bytesMax: Int

    /// Makes a desk.
    ///
    /// - Parameter bytesMax: The most that one event calls for.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        frames = FrameBuffer(capacity: max(64 << 10, 2 * bytesMax))
    }

    /// Whether what one event calls for has room.
    var hasRoom: Bool { frames.hasRoom(for: bytesMax) }

    /// Gives what was written behind `start` to a connection; what follows each other for one goes in one send.
    @inline(__always)
    mutating func send(to link: Int, from start: Int) {
        if let last = parcels.last, last.link == link, last.end == start {
            parcels[parcels.count - 1].end = frames.count
        } else {
            parcels.append(Parcel(link: link, start: start, end: frames.count))
        }
    }

    /// Notes that a request is over, so that its connection may have the next one.
    mutating func finish(_ link: Int) { finished.append(link) }

    /// Takes a connection whose request is over; `nil` once there is none.
    mutating func takeFinished() -> Int? { finished.popLast() }

    /// Gives a connection up: it is of no use any more.
    mutating func abandon(_ link: Int) { abandoned.append(link) }

    /// Takes a connection that was given up; `nil` once there is none.
    mutating func takeAbandoned() -> Int? { abandoned.popLast() }

    /// Cuts a connection off, to be opened again later; those that are cut first come back first.
    mutating func sendAway(_ link: Int, until: Instant) { away.append((link, until)) }

    /// Takes a connection that is to be cut off; `nil` once there is none.
    mutating func takeAway() -> (link: Int, until: Instant)? { away.isEmpty ? nil : away.removeFirst() }

    /// Forgets what was sent.
    mutating func removeAll() {
        frames.removeAll()
        parcels.removeAll(keepingCapacity: true)
    }
}
