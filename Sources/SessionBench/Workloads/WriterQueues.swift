import SessionBase

/// A request that a workload keeps itself.
protocol FlyingRequest {
    /// When it was planned, and when it left.
    var flight: Flight { get }
}

/// The requests of connections that only send requests, each answered in order, and how many each has sent.
///
/// Connections go by the engine's numbers of them, of which the first is told.
struct WriterQueues<Request: FlyingRequest> {
    private let first: Int
    private var queues: [RequestQueue<Request>]
    private var turns: [Int]
    /// How many requests wait for answers.
    private(set) var underWay = 0

    /// Makes empty queues.
    ///
    /// - Parameter first: The number of the first connection.
    init(first: Int, count: Int) {
        self.first = first
        queues = Array(repeating: RequestQueue(), count: count)
        turns = Array(repeating: 0, count: count)
    }

    /// Counts a connection's requests.
    ///
    /// - Returns: How many there were before this one.
    mutating func takeTurn(_ connection: Int) -> Int {
        defer { turns[connection - first] += 1 }
        return turns[connection - first]
    }

    /// Adds a request, or the next part of one that was taken off.
    mutating func append(_ request: Request, on connection: Int) {
        queues[connection - first].append(request)
        underWay += 1
    }

    /// The request that is answered next; `nil` where none waits.
    func oldest(on connection: Int) -> Request? { queues[connection - first].oldest }

    /// Takes the request that is answered; `nil` where none waits.
    mutating func takeOldest(on connection: Int) -> Request? {
        guard let request = queues[connection - first].removeFirst() else { return nil }
        underWay -= 1
        return request
    }

    /// Counts the requests of a connection that is gone as lost; those of others are no business of this.
    mutating func lose(_ connection: Int, _ recorder: inout Recorder) {
        guard queues.indices.contains(connection - first) else { return }
        while let request = takeOldest(on: connection) { recorder.lost(request.flight) }
    }

    /// Gives up the connections whose oldest requests left before a time: answers come in order, so that no other comes
    /// where one does not.
    func expire(before limit: Instant, _ desk: inout Desk) {
        for writer in queues.indices {
            guard let oldest = queues[writer].oldest, oldest.flight.sent < limit else { continue }
            desk.abandon(first + writer)
        }
    }
}
