import SessionBase
import SessionCodec

/// What was asked to be written, what became of it, and whether what is read can have come of it.
///
/// Every value is written once only, so that a value that is read names its write. A write is *acknowledged* with a
/// version, *refused*, or *unknown*: then it may have happened, or may still.
struct StateLedger {
    /// What a write does to a state.
    struct Effect {
        /// Whether all keys go that it does not set.
        var replacesAll = false
        var sets: [String: JSONValue] = [:]
        var deletes: Set<String> = []
        /// Keys to which one is added.
        var increments: Set<String> = []
        /// Members that are put into the object at a key.
        var merges: [String: [String: JSONValue]] = [:]

        /// What a key holds afterwards; `nil` where the write does not say.
        func outcome(_ key: String) -> JSONValue?? {
            if let value = sets[key] { return .some(value) }
            return replacesAll || deletes.contains(key) ? .some(nil) : nil
        }

        fileprivate var keys: Set<String> { deletes.union(sets.keys).union(increments).union(merges.keys) }
    }

    private enum Fate { case unknown, refused, acknowledged(UInt64) }

    private struct Write {
        var session: String
        var effect: Effect
        /// The version that was acknowledged before this was sent; this one's must be greater.
        var floor: UInt64
        var fate = Fate.unknown
    }

    private var writes: [Write] = []
    private var bySession: [String: [Int]] = [:]
    private var owners: [String: [UInt64: Int]] = [:]
    private var highest: [String: UInt64] = [:]

    /// How many writes were acknowledged.
    private(set) var acknowledged = 0

    /// The highest version that was acknowledged; what is asked for from now on must not be older.
    func floor(_ session: String) -> UInt64 { highest[session] ?? 0 }

    /// Notes that a write is sent; returns its number.
    mutating func send(_ effect: Effect, to session: String) -> Int {
        writes.append(Write(session: session, effect: effect, floor: floor(session)))
        bySession[session, default: []].append(writes.count - 1)
        return writes.count - 1
    }

    /// A write is confirmed.
    mutating func acknowledge(_ number: Int, version: UInt64) throws {
        let write = writes[number]
        guard version > write.floor else {
            throw SimulationFailure(
                "version \(version) is acknowledged where \(write.floor) was before it was asked for")
        }
        if let other = owners[write.session]?[version], other != number {
            throw SimulationFailure("version \(version) of \(write.session) is acknowledged to two writes")
        }
        owners[write.session, default: [:]][version] = number
        writes[number].fate = .acknowledged(version)
        highest[write.session] = max(floor(write.session), version)
        acknowledged += 1
    }

    /// A write did not happen and will not.
    mutating func refuse(_ number: Int) { writes[number].fate = .refused }

    // MARK: Reading

    /// Holds a state that was read against what was written.
    ///
    /// - Parameters:
    ///   - floor: The highest version that was acknowledged when the read was sent.
    func check(_ state: JSONValue, version: UInt64, of session: String, floor: UInt64) throws {
        guard version >= floor else {
            throw SimulationFailure("version \(version) of \(session) is read after \(floor) was acknowledged")
        }
        guard case .object(let object) = state else { throw SimulationFailure("a state that is no object") }
        let history = History(
            certain: certain(session, upTo: version), uncertain: uncertain(session).map { writes[$0].effect })
        let keys = history.keys.union(object.members.map(\.key))
        for key in keys.sorted() {
            guard let problem = history.problem(at: key, object[key]) else { continue }
            throw SimulationFailure("\(session), version \(version), key \(key): \(problem)")
        }
    }

    /// The acknowledged writes up to a version, in the order of versions.
    private func certain(_ session: String, upTo version: UInt64) -> [Effect] {
        (owners[session] ?? [:]).filter { $0.key <= version }.sorted { $0.key < $1.key }
            .map { writes[$0.value].effect }
    }

    private func uncertain(_ session: String) -> [Int] {
        (bySession[session] ?? []).filter { if case .unknown = writes[$0].fate { true } else { false } }
    }

    /// The writes that matter for one read.
    private struct History {
        let certain: [Effect]
        let uncertain: [Effect]

        var keys: Set<String> { (certain + uncertain).reduce(into: []) { $0.formUnion($1.keys) } }

        /// What is wrong with a value; `nil` where it can be.
        func problem(at key: String, _ found: JSONValue?) -> String? {
            if (certain + uncertain).contains(where: { $0.increments.contains(key) }) {
                return problem(atCounter: key, found)
            }
            if (certain + uncertain).contains(where: { $0.merges[key] != nil }) {
                return problem(atObject: key, found)
            }
            let expected = certain.reversed().lazy.compactMap { $0.outcome(key) }.first ?? nil
            if found == expected { return nil }
            if uncertain.contains(where: { $0.outcome(key).map { $0 == found } ?? false }) { return nil }
            return "\(Self.text(found)) is there, \(Self.text(expected)) was acknowledged"
        }

        /// A counter has at least what was acknowledged, and no more than was asked for.
        private func problem(atCounter key: String, _ found: JSONValue?) -> String? {
            let least = certain.count { $0.increments.contains(key) }
            let most = least + uncertain.count { $0.increments.contains(key) }
            let count = found == nil ? 0 : Int(found?.integer ?? -1)
            return least...most ~= count ? nil : "\(count) is there, \(least) to \(most) were counted"
        }

        /// Each member of an object that is merged into is a key of its own.
        private func problem(atObject key: String, _ found: JSONValue?) -> String? {
            for name in Set((certain + uncertain).flatMap { $0.merges[key]?.keys.map { $0 } ?? [] }).sorted() {
                let expected = certain.reversed().lazy.compactMap { $0.merges[key]?[name] }.first
                let value = found?[name]
                if value == expected || uncertain.contains(where: { $0.merges[key]?[name] == value && value != nil }) {
                    continue
                }
                return "member \(name) is \(Self.text(value)), \(Self.text(expected)) was acknowledged"
            }
            return nil
        }

        private static func text(_ value: JSONValue?) -> String { value?.text() ?? "nothing" }
    }
}
