/// What a client is still to be told that sends requests without waiting for their answers, in the order of the requests
/// (RFC 9112 §9.3.2).
///
/// The first in line is always an answer that is not given yet: whatever no such one has to precede is let go at once.
struct ResponseLine: Sendable {
    /// With more than this in line, nothing more should be read (PROTOCOLS C6).
    static let countMax = 64
    /// The same for the bodies of the requests, in bytes: as much as may wait for a peer (C4).
    static let bytesMax = 1 << 20

    private struct Place: Sendable {
        /// What its answer is given by; `nil` once its bytes are all there.
        var ticket: UInt64?
        /// The request.
        var head: HTTPRequestHead?
        /// What the request costs as long as it is not answered.
        var cost = 0
        var bytes: [UInt8] = []
    }

    private var places: [Place] = []
    private var cost = 0

    var isEmpty: Bool { places.isEmpty }
    var count: Int { places.count }
    var isFull: Bool { places.count >= Self.countMax || cost >= Self.bytesMax }
    /// Whether so little is in line that reading should go on.
    var isRoomy: Bool { places.count <= Self.countMax / 2 && cost <= Self.bytesMax / 2 }

    /// Adds a request that is answered later.
    mutating func append(_ request: HTTPRequest, ticket: UInt64) {
        places.append(Place(ticket: ticket, head: request.head, cost: request.body.count))
        cost += request.body.count
    }

    /// Adds bytes behind all that is in line.
    mutating func append(_ bytes: [UInt8]) { places.append(Place(bytes: bytes)) }

    /// Takes back what was added last, and returns its bytes.
    mutating func removeLast() -> [UInt8] {
        let last = places.removeLast()
        cost -= last.cost
        return last.bytes
    }

    /// The request that is answered by a ticket.
    func head(of ticket: UInt64) -> HTTPRequestHead? { places.first { $0.ticket == ticket }?.head }

    /// Gives an answer, and lets go what has nothing before it any more.
    mutating func give(_ bytes: [UInt8], to ticket: UInt64, output: inout [UInt8]) {
        guard let index = places.firstIndex(where: { $0.ticket == ticket }) else {
            preconditionFailure("nobody waits for the answer \(ticket)")
        }
        cost -= places[index].cost
        places[index] = Place(bytes: bytes)
        let count = places.firstIndex { $0.ticket != nil } ?? places.count
        for place in places.prefix(count) { output.append(contentsOf: place.bytes) }
        places.removeFirst(count)
    }
}
