import SessionBase
import SessionCodec
import SessionCore

/// The operator's backend of a simulation: it delays, fails before and after it has done what it was asked, refuses, and has
/// somebody else write newer versions (PROTOCOLS §5.4).
struct SimulatedBackend {
    private struct Call {
        var life: Int
        var loop: Int
        var ticket: UInt64
        var request: BackendRequest
        var sentAt: Instant
        var reply: BackendReply?
    }

    /// An answer on its way.
    struct Answer {
        var life: Int
        var loop: Int
        var ticket: UInt64
        var reply: BackendReply
        /// When the request left.
        var sentAt: Instant
    }

    /// What follows from a request, and when.
    enum Step {
        /// It arrives at the backend.
        case arrival(Int)
        /// It is answered.
        case reply(Int)
    }

    /// The boards that it has, as they were sent.
    private(set) var boards: [String: [UInt8]] = [:]
    /// Whether nothing is answered but `unavailable`.
    var isDown = false
    /// Rooms about which nothing is answered but 403.
    var refused: Set<String> = []
    /// How long a request takes at most, each way.
    let latencyMax: Duration
    /// How often a single request fails, and how often one is refused.
    var failures: Double
    private var calls: [Int: Call] = [:]
    private var count = 0

    init(latencyMax: Duration, failures: Double) {
        self.latencyMax = latencyMax
        self.failures = failures
    }

    /// What it has of a room.
    func board(of room: String) throws -> BoardDocument? {
        try boards[room].map { try BoardDocument.decode($0.span) }
    }

    /// Somebody else writes a newer version of what is there.
    mutating func touch(_ room: String, by step: UInt64) throws {
        guard var document = try board(of: room) else { return }
        document.version += step
        boards[room] = []
        document.append(room: room, updatedAt: Timestamp(milliseconds: 0), to: &boards[room, default: []])
    }

    /// Takes a request, which may wait for others before it is sent.
    ///
    /// - Returns: When it is sent, and when it arrives.
    mutating func submit(
        _ ticket: UInt64, _ request: BackendRequest, life: Int, loop: Int, at now: Instant,
        using random: inout SeededRandom
    ) -> (sentAt: Instant, Step, Instant) {
        count += 1
        let wait = random.chance(0.1) ? Duration.milliseconds(Int64.random(in: 1...4_000, using: &random)) : .zero
        calls[count] = Call(life: life, loop: loop, ticket: ticket, request: request, sentAt: now + wait)
        return (now + wait, .arrival(count), now + wait + latency(using: &random))
    }

    /// Lets a request arrive; one of a server that is gone does so too.
    mutating func arrive(
        _ number: Int, at now: Instant, using random: inout SeededRandom
    ) -> (Step, Instant)? {
        guard let call = calls[number] else { return nil }
        let reply = outcome(of: call.request, using: &random)
        calls[number]?.reply = reply
        return (.reply(number), now + latency(using: &random))
    }

    /// Takes out the answer to a request.
    mutating func takeReply(_ number: Int) -> Answer? {
        guard let call = calls.removeValue(forKey: number), let reply = call.reply else { return nil }
        return Answer(life: call.life, loop: call.loop, ticket: call.ticket, reply: reply, sentAt: call.sentAt)
    }

    private mutating func outcome(of request: BackendRequest, using random: inout SeededRandom) -> BackendReply {
        if refused.contains(request.room) { return .refused(status: 403) }
        if isDown || random.chance(failures) {
            if random.chance(0.3) { _ = answer(request) }
            return random.chance(0.1) ? .refused(status: 413) : .unavailable("simulated")
        }
        return answer(request)
    }

    private mutating func answer(_ request: BackendRequest) -> BackendReply {
        switch request {
        case .load(let room): return boards[room].map { .board($0) } ?? .absent
        case .store(let room, let version, let body):
            let known = (try? board(of: room))?.version ?? 0
            if version <= known { return .conflict }
            boards[room] = body
            return .stored
        }
    }

    private func latency(using random: inout SeededRandom) -> Duration {
        .nanoseconds(Int64.random(in: 1...latencyMax.nanoseconds, using: &random))
    }
}
