import SessionBase
import SessionCodec

/// The shapes of a board in the order of their creation (PROTOCOLS 3-24), each with its bytes as snapshots carry them.
///
/// A shape keeps its place; one that is deleted leaves a hole, and the holes are closed once they are many. What happens
/// between two calls of ``keep()`` is *tentative*: it can be undone, and told as a patch or as a record of the journal.
struct ShapeTable: Sendable {
    /// A shape and its bytes in the form of the seed.
    private struct Entry {
        var shape: Shape
        var bytes: [UInt8]
    }

    /// What was done to one place since the last ``keep()``.
    private struct Touch {
        var place: Int
        /// What stood there; `nil` where the shape is new.
        var before: Entry?
        /// All changes together; counts only where there was a shape and is one.
        var change = ShapeChange()
    }

    /// `nil` where a shape was deleted.
    private var entries: [Entry?] = []
    private var places = TextMap<Int>()
    /// Where shapes stood that the journal says were deleted, while it is replayed.
    private var graves = TextMap<Int>()
    private var touches: [Touch] = []
    /// Where the touch of a place is in ``touches``.
    private var touchOfPlace: [Int: Int] = [:]
    /// Bytes of all shapes, with the commas between them.
    private(set) var byteCount = 0

    /// So many holes are not worth closing.
    private static let holesKept = 32

    /// How many shapes there are.
    var count: Int { places.count }

    /// Whether nothing is tentative.
    var isKept: Bool { touches.isEmpty }

    /// All shapes in their order.
    var shapes: [Shape] { entries.compactMap { $0?.shape } }

    /// The place of a shape, until the next ``keep()``.
    func place(of id: String) -> Int? { places[id] }

    /// The shape at a place, where there is one.
    func shape(at place: Int) -> Shape? { entries[place]?.shape }

    /// How many bytes the shape at a place takes, with a comma; 0 where there is none.
    func byteCount(at place: Int) -> Int { entries[place].map { $0.bytes.count + 1 } ?? 0 }

    // MARK: Changing

    /// Adds a shape, whose id must be new, behind the others, where there is room.
    ///
    /// - Parameter bytesMax: How many bytes all shapes may take.
    /// - Returns: Whether there was room; otherwise nothing is changed.
    mutating func insert(_ shape: Shape, bytesMax: Int = .max) -> Bool {
        precondition(places[shape.id] == nil, "a shape is created twice")
        let bytes = shape.encoded(.seed)
        guard byteCount + bytes.count + 1 <= bytesMax else { return false }
        touch(entries.count, before: nil)
        places[shape.id] = entries.count
        entries.append(Entry(shape: shape, bytes: bytes))
        byteCount += bytes.count + 1
        return true
    }

    /// Changes a shape, where there is room for what it grows by.
    ///
    /// - Returns: Whether there was; otherwise nothing is changed.
    mutating func update(
        _ place: Int, _ change: ShapeChange, by user: String, at time: Timestamp, version: UInt64, bytesMax: Int
    ) -> Bool {
        guard let before = entries[place] else { preconditionFailure("a shape is changed that is not there") }
        var shape = before.shape
        change.apply(to: &shape)
        (shape.updatedBy, shape.timestamp, shape.version) = (user, time, version)
        let bytes = shape.encoded(.seed)
        let growth = bytes.count - before.bytes.count
        guard growth <= 0 || byteCount + growth <= bytesMax else { return false }
        touches[touch(place, before: before)].change.merge(change)
        entries[place] = Entry(shape: shape, bytes: bytes)
        byteCount += growth
        return true
    }

    /// Takes a shape away.
    mutating func remove(_ place: Int) {
        guard let before = entries[place] else { preconditionFailure("a shape is deleted that is not there") }
        touch(place, before: before)
        drop(place)
    }

    private mutating func drop(_ place: Int) {
        guard let entry = entries[place] else { return }
        places[entry.shape.id] = nil
        byteCount -= entry.bytes.count + 1
        entries[place] = nil
    }

    /// Notes what stands at a place before it is changed for the first time.
    ///
    /// - Returns: Where the note is.
    @discardableResult
    private mutating func touch(_ place: Int, before: Entry?) -> Int {
        if let known = touchOfPlace[place] { return known }
        touchOfPlace[place] = touches.count
        touches.append(Touch(place: place, before: before))
        return touches.count - 1
    }

    // MARK: Keeping and undoing

    /// Makes everything tentative final.
    mutating func keep() {
        forgetTouches()
        let holes = entries.count - count
        guard holes > Self.holesKept, holes > count else { return }
        entries.removeAll { $0 == nil }
        for (place, entry) in entries.enumerated() { if let entry { places[entry.shape.id] = place } }
    }

    /// Undoes everything tentative.
    ///
    /// - Returns: The ids of the shapes that were created, changed or deleted.
    mutating func undo() -> [String] {
        var ids: [String] = []
        for touch in touches.reversed() {
            if let id = touch.before?.shape.id ?? entries[touch.place]?.shape.id { ids.append(id) }
            drop(touch.place)
            guard let before = touch.before else { continue }
            entries[touch.place] = before
            places[before.shape.id] = touch.place
            byteCount += before.bytes.count + 1
        }
        forgetTouches()
        // Places of shapes that were created and are gone stand at the end, and nothing refers to them.
        while let last = entries.last, last == nil { entries.removeLast() }
        return ids
    }

    private mutating func forgetTouches() {
        touches.removeAll(keepingCapacity: true)
        touchOfPlace.removeAll(keepingCapacity: true)
    }

    // MARK: Telling

    /// Whether anything is to be told: a shape that was created and deleted again is nothing.
    var hasChanges: Bool { touches.contains { $0.before != nil || entries[$0.place] != nil } }

    /// What is tentative as a patch tells it.
    func appendChanges(to patch: inout BoardPatch) {
        for touch in touches {
            switch (touch.before, entries[touch.place]) {
            case (nil, nil): continue
            case (nil, let entry?): patch.put.append(.full(entry.shape))
            case (let before?, nil): patch.deleted.append(before.shape.id)
            case (.some, let entry?):
                let shape = entry.shape
                patch.put.append(
                    .changed(
                        ChangedShape(
                            id: shape.id, change: touch.change, timestamp: shape.timestamp,
                            updatedBy: shape.updatedBy, version: shape.version)))
            }
        }
    }

    /// What is tentative as the journal keeps it: shapes whole, in their order.
    ///
    /// - Parameter doubtful: Ids of which the journal may hold something that did not happen.
    func record(version: UInt64, doubtful: [String]) -> BoardRecord {
        var record = BoardRecord(version: version)
        var told = Set<Int>()
        var gone = Set<ExactText>()
        for touch in touches.sorted(by: { $0.place < $1.place }) {
            told.insert(touch.place)
            if let entry = entries[touch.place] {
                record.put.append(entry.shape)
            } else if let before = touch.before, gone.insert(ExactText(before.shape.id)).inserted {
                record.deleted.append(before.shape.id)
            }
        }
        for id in doubtful {
            guard let place = places[id], let shape = shape(at: place) else {
                if gone.insert(ExactText(id)).inserted { record.deleted.append(id) }
                continue
            }
            if told.insert(place).inserted { record.put.append(shape) }
        }
        return record
    }

    /// Applies a record of the journal, over whatever is there; ``endReplay()`` follows the last one.
    mutating func apply(_ record: BoardRecord) {
        for shape in record.put { replace(shape) }
        for id in record.deleted {
            guard let place = places[id] else { continue }
            drop(place)
            graves[id] = place
        }
    }

    /// Forgets where shapes stood that are deleted.
    mutating func endReplay() {
        graves = TextMap()
        keep()
    }

    /// Puts a shape that is whole in its place, or behind the others where there is none of its id.
    ///
    /// No id is given twice: one that was deleted and is there again was refused its end, and members have seen it in its old
    /// place all the time.
    mutating func replace(_ shape: Shape) {
        let entry = Entry(shape: shape, bytes: shape.encoded(.seed))
        byteCount += entry.bytes.count + 1
        if let place = places[shape.id], let before = entries[place] {
            byteCount -= before.bytes.count + 1
            entries[place] = entry
        } else if let place = graves[shape.id] {
            graves[shape.id] = nil
            places[shape.id] = place
            entries[place] = entry
        } else {
            places[shape.id] = entries.count
            entries.append(entry)
        }
    }

    /// Appends all shapes with commas between them, in the form of the seed.
    func appendSeed(to output: inout [UInt8]) {
        output.reserveCapacity(output.count + byteCount + 16)
        var isFirst = true
        for case .some(let entry) in entries {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(contentsOf: entry.bytes)
        }
    }

    /// Appends all shapes with commas between them, in the form ``Shape/Form/extended``: the seed's, and who changed the
    /// shape last in which version.
    func appendExtended(to output: inout [UInt8]) {
        output.reserveCapacity(output.count + byteCount + 64 * count)
        var isFirst = true
        for case .some(let entry) in entries {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(contentsOf: entry.bytes.dropLast())
            output.append(literal: #","updatedBy":"#)
            output.appendJSON(entry.shape.updatedBy)
            output.append(literal: #","version":"#)
            output.appendDecimal(entry.shape.version)
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Traps where it contradicts itself.
    func checkInvariants() {
        var bytes = 0
        var known = 0
        for (place, entry) in entries.enumerated() {
            guard let entry else { continue }
            known += 1
            bytes += entry.bytes.count + 1
            precondition(places[entry.shape.id] == place, "a shape is looked for at another place")
            precondition(entry.bytes == entry.shape.encoded(.seed), "a shape's kept bytes are old")
        }
        precondition(known == count, "shapes are known that are not there")
        precondition(bytes == byteCount, "the shapes' bytes were miscounted")
        precondition(touches.count == touchOfPlace.count, "a place was touched twice")
    }
}
