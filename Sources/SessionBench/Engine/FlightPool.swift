import SessionBase

/// A request that was planned and is not answered: when it was to leave, and when it left.
struct Flight {
    var intended: Instant
    /// The planned time, too, while it has not left.
    var sent: Instant
    /// The one behind it on the same connection, or in the list of free ones.
    fileprivate(set) var next = FlightPool.none
}

/// The requests of one connection in the order in which they leave and are answered: those on their way, then those that
/// have not left. Links into a ``FlightPool``.
struct FlightQueue {
    fileprivate var first = FlightPool.none
    fileprivate var last = FlightPool.none
    /// The oldest that has not left.
    fileprivate(set) var waiting = FlightPool.none

    /// Whether some have not left.
    var isWaiting: Bool { waiting != FlightPool.none }
    /// Whether none is planned or on its way.
    var isEmpty: Bool { first == FlightPool.none }
}

/// All requests under way of one worker: nodes of singly linked lists in one piece of memory, the one freed last used first.
///
/// It grows when more are under way than ever before, and allocates nothing otherwise.
struct FlightPool: ~Copyable {
    /// The number of no node.
    static let none = UInt32.max

    private var base: UnsafeMutablePointer<Flight>
    private var capacity: Int
    private var used = 0
    private var free = FlightPool.none
    /// How many requests are planned or on their way.
    private(set) var count = 0

    /// Makes room for a number of requests.
    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// Adds a request to those of its connection that have not left.
    @inline(__always)
    mutating func append(intended: Instant, to queue: inout FlightQueue) {
        let node = take()
        base[Int(node)] = Flight(intended: intended, sent: intended)
        if queue.isEmpty { queue.first = node } else { base[Int(queue.last)].next = node }
        queue.last = node
        if !queue.isWaiting { queue.waiting = node }
        count &+= 1
    }

    /// Records that the oldest request that had not left now does; there must be one.
    ///
    /// - Returns: When it was to leave.
    @inline(__always)
    mutating func send(from queue: inout FlightQueue, at now: Instant) -> Instant {
        precondition(queue.isWaiting, "sending a request that nobody planned")
        let node = Int(queue.waiting)
        base[node].sent = now
        queue.waiting = base[node].next
        return base[node].intended
    }

    /// Takes the oldest request off; one must be there, and must have left where its answer is what takes it off.
    @inline(__always)
    mutating func removeFirst(of queue: inout FlightQueue) -> Flight {
        precondition(!queue.isEmpty, "an answer to a request that nobody made")
        let node = queue.first
        let flight = base[Int(node)]
        queue.first = flight.next
        if queue.waiting == node { queue.waiting = flight.next }
        base[Int(node)].next = free
        free = node
        count &-= 1
        return flight
    }

    /// The oldest request; one must be there.
    func first(of queue: FlightQueue) -> Flight { base[Int(queue.first)] }

    @inline(__always)
    private mutating func take() -> UInt32 {
        if free != Self.none {
            let node = free
            free = base[Int(node)].next
            return node
        }
        if used == capacity { grow() }
        used &+= 1
        return UInt32(used &- 1)
    }

    @inline(never)
    private mutating func grow() {
        precondition(capacity < Int(Self.none) / 2, "two thousand million requests under way")
        let larger = UnsafeMutablePointer<Flight>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: used)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
