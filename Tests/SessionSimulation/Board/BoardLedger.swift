import SessionBase
import SessionCodec
import SessionCore

/// What every room's board must be: everything that the embedded store confirmed, and nothing else.
///
/// Shapes are compared as the seed spells them; who changed a shape in which version is not kept by every backend.
struct BoardLedger {
    /// A board in the order of creation.
    struct Truth {
        var order: [String] = []
        var shapes: [String: [UInt8]] = [:]
        /// Shapes that were deleted for good.
        var deleted: Set<String> = []
        /// Records of which nobody knows whether they were written; they may be found after a crash.
        var doubts: [BoardRecord] = []
        /// Whether the room is not in memory, or nobody has seen its board yet.
        var isFresh = true
        /// What is being written.
        var pending: BoardRecord?

        /// All shapes in their order.
        var list: [[UInt8]] { order.compactMap { shapes[$0] } }
    }

    private(set) var rooms: [String: Truth] = [:]
    private(set) var crashesSurvived = 0

    /// What must be true of a room.
    func truth(of room: String) -> Truth { rooms[room] ?? Truth() }

    // MARK: Writing

    /// A record is on its way to the store.
    mutating func begin(_ record: BoardRecord, of room: String) throws {
        guard truth(of: room).pending == nil else { throw SimulationFailure("two batches of \(room) at once") }
        for shape in record.put where truth(of: room).deleted.contains(shape.id) {
            throw SimulationFailure("\(shape.id) was deleted and is written again")
        }
        rooms[room, default: Truth()].pending = record
    }

    /// The server is told what became of it.
    mutating func end(of room: String, isWritten: Bool) {
        guard let record = rooms[room]?.pending else { return }
        rooms[room]?.pending = nil
        guard isWritten else {
            rooms[room]?.doubts.append(record)
            return
        }
        apply(record, to: room)
        // The record says of everything doubtful how it really is.
        rooms[room]?.doubts = []
    }

    private mutating func apply(_ record: BoardRecord, to room: String) {
        for shape in record.put {
            if rooms[room]?.shapes[shape.id] == nil { rooms[room]?.order.append(shape.id) }
            rooms[room]?.shapes[shape.id] = shape.encoded(.seed)
        }
        for id in record.deleted {
            guard rooms[room]?.shapes.removeValue(forKey: id) != nil else { continue }
            rooms[room]?.order.removeAll { $0 == id }
            rooms[room]?.deleted.insert(id)
        }
    }

    /// The server crashes: what was under way is doubtful.
    mutating func crash() {
        crashesSurvived += 1
        for room in rooms.keys.sorted() {
            end(of: room, isWritten: false)
            rooms[room]?.isFresh = true
        }
    }

    /// A room is not in memory.
    mutating func forget(_ room: String) { rooms[room]?.isFresh = true }

    // MARK: Reading

    /// Holds a board that members are shown against what is durable.
    mutating func check(_ shapes: [Shape], shownIn room: String) throws {
        let seen = shapes.map { (id: $0.id, bytes: $0.encoded(.seed)) }
        guard truth(of: room).isFresh else {
            guard seen.map(\.bytes) == truth(of: room).list else {
                throw SimulationFailure("\(room) shows what is not durable, or not all of it")
            }
            return
        }
        try adopt(seen, in: room)
    }

    /// Compares a board that was just loaded with what was durable, and goes on with it.
    private mutating func adopt(_ seen: [(id: String, bytes: [UInt8])], in room: String) throws {
        var truth = truth(of: room)
        let loaded = Dictionary(seen.map { ($0.id, $0.bytes) }) { _, last in last }
        guard loaded.count == seen.count else { throw SimulationFailure("a shape is in \(room) twice") }
        for id in Set(loaded.keys).union(truth.shapes.keys) {
            guard loaded[id] != truth.shapes[id] else { continue }
            let isPossible = truth.doubts.contains { record in
                record.put.contains { $0.id == id && $0.encoded(.seed) == loaded[id] }
                    || (loaded[id] == nil && record.deleted.contains(id))
            }
            guard isPossible else {
                throw SimulationFailure("\(id) of \(room) is \(loaded[id] == nil ? "lost" : "not what it was")")
            }
        }
        if truth.doubts.isEmpty, seen.map(\.id) != truth.order {
            throw SimulationFailure("the shapes of \(room) are in another order")
        }
        for id in truth.order where loaded[id] == nil { truth.deleted.insert(id) }
        (truth.order, truth.shapes, truth.doubts, truth.isFresh) = (seen.map(\.id), loaded, [], false)
        rooms[room] = truth
    }

    /// Holds a board that is stored for good against what is durable.
    func check(_ stored: BoardDocument?, storedOf room: String) throws {
        let truth = truth(of: room)
        let list = (stored?.shapes ?? []).map { $0.encoded(.seed) }
        let isSame: Bool
        if !truth.doubts.isEmpty {
            isSame = Set(list).isSuperset(of: truth.list.filter { !isDoubtful($0, truth) })
        } else {
            isSame = list == truth.list
        }
        guard isSame else {
            throw SimulationFailure(
                "what is stored of \(room), \(list.count) shapes, is not its board of \(truth.list.count)")
        }
    }

    private func isDoubtful(_ bytes: [UInt8], _ truth: Truth) -> Bool {
        guard let id = truth.shapes.first(where: { $0.value == bytes })?.key else { return false }
        return truth.doubts.contains { $0.deleted.contains(id) || $0.put.contains { $0.id == id } }
    }
}
