import SessionBase
import SessionCore

/// The store of a simulation: it delays, overtakes, fails and goes down, within what the port allows.
///
/// Calls of one asker about one document are carried out in their order, and answered in it; all else may be reordered. A
/// write that is answered with `unavailable` may have happened.
struct SimulatedStore {
    /// A call that was not answered yet.
    private struct Call {
        var asker: Int
        var call: StoreCall
        var reply: StoreReply?
    }

    /// What follows from a call, and when.
    enum Step {
        /// It is carried out.
        case execution(Int)
        /// It is answered.
        case reply(Int)
    }

    /// An asker's document, whose calls keep their order.
    private struct Line: Hashable {
        var asker: Int
        var key: DocumentKey
    }

    private(set) var memory = MemoryStore()
    /// Whether nothing is answered but `unavailable`.
    var isDown = false
    /// How long a call takes at most, each way.
    var latencyMax: Duration
    /// How often a single call fails.
    var failures: Double
    private let bug: PlantedBug?
    private var calls: [Int: Call] = [:]
    private var count = 0
    private var writes = 0
    private var executions: [Line: Instant] = [:]
    private var replies: [Line: Instant] = [:]

    init(latencyMax: Duration, failures: Double, bug: PlantedBug?) {
        self.latencyMax = latencyMax
        self.failures = failures
        self.bug = bug
    }

    /// Takes a call.
    mutating func submit(
        _ call: StoreCall, of asker: Int, at now: Instant, using random: inout SeededRandom
    ) -> [(Step, Instant)] {
        count += 1
        calls[count] = Call(asker: asker, call: call)
        var due = now + latency(using: &random)
        if let line = line(of: call.request, asker) {
            due = max(due, executions[line] ?? now)
            executions[line] = due
        }
        return [(.execution(count), due)]
    }

    /// Carries a call out, unless its asker is gone.
    mutating func execute(
        _ number: Int, at now: Instant, using random: inout SeededRandom
    ) -> [(Step, Instant)] {
        guard let pending = calls[number] else { return [] }
        let reply = outcome(of: pending.call, using: &random)
        calls[number]?.reply = reply
        var due = now + latency(using: &random)
        if let line = line(of: pending.call.request, pending.asker) {
            due = max(due, replies[line] ?? now)
            replies[line] = due
        }
        return [(.reply(number), due)]
    }

    /// Takes out the answer to a call; `nil` where its asker is gone.
    mutating func takeReply(_ number: Int) -> (asker: Int, ticket: UInt64, reply: StoreReply)? {
        guard let call = calls.removeValue(forKey: number), let reply = call.reply else { return nil }
        return (call.asker, call.call.ticket, reply)
    }

    /// An asker crashes: what it asked for last happens or not, and nobody is answered.
    mutating func forget(_ asker: Int, using random: inout SeededRandom) {
        for (number, call) in calls.sorted(by: { $0.key < $1.key }) where call.asker == asker {
            calls[number] = nil
            if call.reply == nil, random.chance(0.5) { _ = outcome(of: call.call, using: &random) }
        }
    }

    private mutating func outcome(of call: StoreCall, using random: inout SeededRandom) -> StoreReply {
        if isDown || random.chance(failures) {
            if call.request.changesSomething, random.chance(0.5) { _ = memory.handle(call.request, at: call.time) }
            return .unavailable("simulated")
        }
        if loses(call.request) { return .written }
        let reply = memory.handle(call.request, at: call.time)
        if bug == .hidesConflicts, case .conflict = reply { return .written }
        return reply
    }

    /// Whether a planted bug swallows a write that it then confirms.
    private mutating func loses(_ request: StoreRequest) -> Bool {
        guard case .write(let write) = request else { return false }
        switch (bug, write.key.collection) {
        case (.losesWrites, .sessions), (.losesHandoffs, .handoffs), (.losesRecords, .boardChanges),
            (.losesBoards, .boards):
            writes += 1
            return writes % 5 == 0
        default: return false
        }
    }

    private func latency(using random: inout SeededRandom) -> Duration {
        .nanoseconds(Int64.random(in: 1...latencyMax.nanoseconds, using: &random))
    }

    private func line(of request: StoreRequest, _ asker: Int) -> Line? {
        switch request {
        case .read(let key, _), .remove(let key, _): Line(asker: asker, key: key)
        case .write(let write): Line(asker: asker, key: write.key)
        case .trim, .newest, .list, .statistics: nil
        }
    }
}

extension StoreRequest {
    /// Whether it writes or removes.
    fileprivate var changesSomething: Bool {
        switch self {
        case .write, .remove, .trim: true
        case .read, .newest, .list, .statistics: false
        }
    }
}
