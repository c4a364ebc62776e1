import SessionBase

/// The connections of one loop at stable slots: an array with holes, and a generation per slot.
///
/// A slot's generation is odd while it is filled and even while it is empty, so that an id, which carries an odd one,
/// finds nothing once its connection has left. Not generic, because it lies on the hottest path, and generic code is not
/// specialised across modules; not optional, because asking for the connection then costs nothing; its own storage, because
/// an array asks at each change whether it is the only owner, which a message would pay a dozen times.
struct ConnectionTable: ~Copyable {
    private struct Entry {
        var generation: UInt32
        var connection: ServerConnection

        var isFilled: Bool { generation & 1 == 1 }
    }

    /// A line of the cache; entries are a whole number of them, so that none shares one with its neighbour.
    private static let alignment = 64

    /// The first `count` of `capacity` entries are initialized, filled or not.
    private var entries = UnsafeMutablePointer<Entry>(bitPattern: ConnectionTable.alignment)!
    private var count = 0
    private var capacity = 0
    private var holes: [UInt32] = []

    /// How many connections there are.
    var filledCount: Int { count - holes.count }

    deinit {
        // What `grow` allocated, with as many entries as were ever initialized.
        entries.deinitialize(count: count)
        if capacity > 0 { UnsafeMutableRawPointer(entries).deallocate() }
    }

    /// Puts a connection into the slot left last, or behind all others.
    mutating func insert(_ connection: ServerConnection) -> ConnectionID {
        guard let slot = holes.popLast() else {
            if count == capacity { grow() }
            // `grow` made room for one more entry than `count`.
            (entries + count).initialize(to: Entry(generation: 1, connection: connection))
            count += 1
            return id(of: UInt32(count - 1))
        }
        self[slot].generation &+= 1
        self[slot].connection = connection
        return id(of: slot)
    }

    /// Moves all entries to storage for twice as many.
    private mutating func grow() {
        let larger = max(16, 2 * capacity)
        // The old storage is left uninitialized by the move, and nobody else has its address.
        let moved = UnsafeMutableRawPointer.allocate(
            byteCount: larger * MemoryLayout<Entry>.stride, alignment: Self.alignment
        ).bindMemory(to: Entry.self, capacity: larger)
        moved.moveInitialize(from: entries, count: count)
        if capacity > 0 { UnsafeMutableRawPointer(entries).deallocate() }
        entries = moved
        capacity = larger
    }

    /// Takes the connection out of a filled slot; its id is void from now on.
    @discardableResult
    mutating func remove(slot: UInt32) -> ServerConnection {
        precondition(self[slot].isFilled, "removing a connection that is gone")
        var connection = ServerConnection.none
        swap(&connection, &self[slot].connection)
        self[slot].generation &+= 1
        holes.append(slot)
        return connection
    }

    /// The entry in a slot below `count`, which is initialized.
    private subscript(_ slot: UInt32) -> Entry {
        _read {
            precondition(slot < count, "no such slot")
            yield entries[Int(slot)]
        }
        _modify {
            precondition(slot < count, "no such slot")
            yield &entries[Int(slot)]
        }
    }

    /// The connection in a filled slot, looked at and changed where it lies.
    subscript(slot slot: UInt32) -> ServerConnection {
        @inline(__always) _read { yield self[slot].connection }
        @inline(__always) _modify { yield &self[slot].connection }
    }

    /// Whether the connection that an id names is still there.
    func contains(_ id: ConnectionID) -> Bool {
        id.slot < count && self[id.slot].generation == id.generation
    }

    /// Whether a slot is filled.
    func contains(slot: UInt32) -> Bool { slot < count && self[slot].isFilled }

    /// The id of the connection in a slot.
    func id(of slot: UInt32) -> ConnectionID {
        ConnectionID(slot: slot, generation: self[slot].generation)
    }

    /// The ids of all connections, in slot order.
    var ids: [ConnectionID] {
        var ids: [ConnectionID] = []
        forEach { id, _ in ids.append(id) }
        return ids
    }

    /// Calls `body` with every connection, in slot order.
    func forEach(_ body: (ConnectionID, borrowing ServerConnection) -> Void) {
        for slot in 0..<UInt32(count) where self[slot].isFilled { body(id(of: slot), self[slot: slot]) }
    }
}
