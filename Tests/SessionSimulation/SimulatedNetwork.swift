import SessionBase

/// The two ends of a link.
enum End: String {
    case client, server

    var other: End { self == .client ? .server : .client }
}

/// What the network brings to an end.
enum Delivery {
    case bytes([UInt8])
    /// The other end closed; everything it sent before has arrived.
    case end
    /// The link broke; what was under way is lost.
    case reset
}

/// A network in virtual time that cuts, delays, loses and breaks, but never reorders or changes what it carries: TCP as
/// a program sees it.
struct SimulatedNetwork {
    /// How bad it is, drawn once for a run.
    struct Weather {
        var latencyMax: Duration
        /// Into how many pieces a stretch of bytes is cut at most.
        var piecesMax: Int
    }

    private struct Direction {
        /// What was sent last arrives at this instant; nothing may overtake it.
        var lastArrival = Instant.zero
        /// From now on everything vanishes, unnoticed.
        var isDead = false
        /// A reader that does not keep up.
        var delay = Duration.zero
    }

    private struct Link {
        var toServer = Direction()
        var toClient = Direction()
    }

    private var links: [Link] = []
    private let weather: Weather

    init(_ weather: Weather) { self.weather = weather }

    /// Opens a link; returns its number.
    mutating func open() -> Int {
        links.append(Link())
        return links.count - 1
    }

    /// Whether nothing that the server sends arrives any more.
    func isDeaf(_ link: Int) -> Bool { links[link].toClient.isDead }

    /// Sends bytes or an end to one end of a link.
    ///
    /// - Returns: What arrives when.
    mutating func send(
        _ delivery: Delivery, over link: Int, to end: End, at now: Instant, using random: inout SeededRandom
    ) -> [(Delivery, Instant)] {
        let path: WritableKeyPath<Link, Direction> = end == .server ? \.toServer : \.toClient
        if links[link][keyPath: path].isDead { return [] }
        return cut(delivery, using: &random).map { piece in
            let latency = Duration.nanoseconds(Int64.random(in: 1...weather.latencyMax.nanoseconds, using: &random))
            let arrival = max(
                links[link][keyPath: path].lastArrival, now + latency + links[link][keyPath: path].delay)
            links[link][keyPath: path].lastArrival = arrival
            return (piece, arrival)
        }
    }

    /// Lets everything vanish from now on: a cable pulled out, in one direction or both.
    mutating func die(_ link: Int, using random: inout SeededRandom) {
        let both = random.chance(0.5)
        let toServer = random.chance(0.5)
        links[link].toServer.isDead = links[link].toServer.isDead || both || toServer
        links[link].toClient.isDead = links[link].toClient.isDead || both || !toServer
    }

    /// Makes the client read slowly, or at full speed again.
    mutating func setDelay(_ link: Int, _ delay: Duration) { links[link].toClient.delay = delay }

    private func cut(_ delivery: Delivery, using random: inout SeededRandom) -> [Delivery] {
        guard case .bytes(let bytes) = delivery, bytes.count > 1 else { return [delivery] }
        let cuts = (0..<Int.random(in: 0..<weather.piecesMax, using: &random))
            .map { _ in Int.random(in: 1..<bytes.count, using: &random) }
        let places = Set(cuts).union([0, bytes.count]).sorted()
        return zip(places, places.dropFirst()).map { .bytes(Array(bytes[$0..<$1])) }
    }
}
