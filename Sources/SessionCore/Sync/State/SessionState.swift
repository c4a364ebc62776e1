import SessionBase
import SessionCodec

/// The state of one session: values by key, each with the version that changed it last (PROTOCOLS 1-14 to 1-17).
///
/// Values are JSON as it was sent. Keys that were deleted are remembered with the version of their deletion, so that
/// `conflicting_keys` is exact; the oldest are forgotten in time, and ``floor`` says up to which version nothing is known
/// about keys that are absent.
struct SessionState: Equatable, Sendable {
    /// One key.
    struct Entry: Equatable, Sendable {
        var key: String
        /// Its value as JSON text.
        var value: String
        /// The version that gave it this value.
        var version: UInt64
    }

    /// A key that was deleted.
    struct Tombstone: Equatable, Sendable {
        var key: String
        /// The version that deleted it.
        var version: UInt64
    }

    /// Deleted keys that are remembered.
    static let tombstonesMax = 256

    /// The version: 0 before the first write.
    private(set) var version: UInt64 = 0
    /// In the order of first appearance.
    private(set) var entries: [Entry] = []
    /// Oldest deletion first.
    private(set) var tombstones: [Tombstone] = []
    /// Deletions up to this version may be forgotten.
    private(set) var floor: UInt64 = 0
    /// Bytes of the state as JSON.
    private(set) var byteCount = 2

    /// An empty state of version 0.
    init() {}

    /// Puts a stored state together; `nil` where its parts contradict each other.
    init?(version: UInt64, floor: UInt64, entries: [Entry], tombstones: [Tombstone]) {
        guard entries.allSatisfy({ $0.version <= version }), tombstones.allSatisfy({ $0.version <= version }),
            floor <= version
        else { return nil }
        (self.version, self.floor, self.entries, self.tombstones) = (version, floor, entries, tombstones)
        byteCount = entries.reduce(2) { $0 + Self.bytes(of: $1.key, $1.value) } - (entries.isEmpty ? 0 : 1)
    }

    /// The value of a key as JSON text.
    subscript(key: String) -> String? { place(of: key).map { entries[$0].value } }

    // MARK: Changes

    /// Begins a version; the changes that follow belong to it.
    mutating func begin(version: UInt64) {
        precondition(version > self.version, "the versions of a session rise")
        self.version = version
    }

    /// Gives a key a value.
    mutating func set(_ key: String, to value: String) {
        if let place = place(of: key) {
            byteCount += value.utf8.count - entries[place].value.utf8.count
            entries[place].value = value
            entries[place].version = version
            return
        }
        byteCount += Self.bytes(of: key, value) - (entries.isEmpty ? 1 : 0)
        entries.append(Entry(key: key, value: value, version: version))
        tombstones.removeAll { $0.key.isSameBytes(as: key) }
    }

    /// Deletes a key where it is there.
    ///
    /// - Returns: Whether it was.
    @discardableResult
    mutating func delete(_ key: String) -> Bool {
        guard let place = place(of: key) else { return false }
        let removed = entries.remove(at: place)
        byteCount -= Self.bytes(of: key, removed.value) - (entries.isEmpty ? 1 : 0)
        bury(key)
        return true
    }

    /// Replaces the whole state; values that stay as they are keep their versions.
    mutating func replace(with members: [StateMember]) {
        var old: [ExactText: Entry] = [:]
        for entry in entries { old[ExactText(entry.key)] = entry }
        entries = members.map { member in
            let before = old.removeValue(forKey: ExactText(member.key))
            guard let before, before.value == member.value else {
                return Entry(key: member.key, value: member.value, version: version)
            }
            return before
        }
        byteCount = entries.reduce(2) { $0 + Self.bytes(of: $1.key, $1.value) } - (entries.isEmpty ? 0 : 1)
        let new = Set(members.lazy.map { ExactText($0.key) })
        tombstones.removeAll { new.contains(ExactText($0.key)) }
        // Sorted, as the order of a dictionary is another one in every process.
        for key in old.values.map(\.key).sorted() { bury(key) }
    }

    private mutating func bury(_ key: String) {
        tombstones.append(Tombstone(key: key, version: version))
        if tombstones.count > Self.tombstonesMax { floor = max(floor, tombstones.removeFirst().version) }
    }

    // MARK: Questions

    /// Which of some keys were changed after a version (PROTOCOLS 1-15), in the order in which they are given.
    func changed(since base: UInt64, among keys: [String]) -> [String] {
        keys.filter { key in
            if let place = place(of: key) { return entries[place].version > base }
            if let buried = tombstones.last(where: { $0.key.isSameBytes(as: key) }) { return buried.version > base }
            return base < floor
        }
    }

    /// Whether the values are the same ones: numbers by what they mean, without regard to order.
    func hasSameValues(as members: [StateMember]) -> Bool {
        guard members.count == entries.count else { return false }
        return members.allSatisfy { member in
            guard let value = self[member.key] else { return false }
            return StateMember.isSame(value, member.value)
        }
    }

    /// What of the limits is crossed (PROTOCOLS 1-29), if anything.
    var crossedLimit: StateLimit? {
        if byteCount > SyncLimits.stateBytesMax { return .bytes }
        return entries.count > SyncLimits.stateKeysMax ? .keys : nil
    }

    /// The state as one JSON object.
    var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        append(to: &bytes)
        return bytes
    }

    /// Appends the state as one JSON object.
    func append(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (place, entry) in entries.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.appendJSON(entry.key)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: entry.value.utf8)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// - Complexity: O(keys); a thousand of them are compared in a few microseconds.
    private func place(of key: String) -> Int? { entries.firstIndex { $0.key.isSameBytes(as: key) } }

    /// Bytes of a member, its colon and a comma included.
    private static func bytes(of key: String, _ value: String) -> Int {
        var spelled: [UInt8] = []
        spelled.appendJSON(key)
        return spelled.count + value.utf8.count + 2
    }
}

/// A limit of a session's state (PROTOCOLS 1-29).
enum StateLimit: Equatable, Sendable {
    /// More than 1 MiB of JSON.
    case bytes
    /// More than 1,000 keys.
    case keys
}

/// A key and its value as JSON text.
struct StateMember: Equatable, Sendable {
    var key: String
    var value: String

    /// Whether two JSON texts mean the same value.
    static func isSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        // What was stored was read as JSON before; a text that cannot be read again equals nothing.
        guard let left = try? JSONValue.parse(left), let right = try? JSONValue.parse(right) else { return false }
        return left == right
    }
}
