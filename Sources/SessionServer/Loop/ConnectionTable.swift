import SessionBase

/// The connections of one loop at stable slots: an array with holes, and a generation per slot.
///
/// A slot's generation is odd while it is filled and even while it is empty, so that an id, which carries an odd one,
/// finds nothing once its connection has left. Not generic, because it lies on the hottest path, and generic code is not
/// specialised across modules; not optional, because asking for the connection then costs nothing.
struct ConnectionTable {
    private struct Entry {
        var generation: UInt32
        var connection: ServerConnection

        var isFilled: Bool { generation & 1 == 1 }
    }

    private var entries: ContiguousArray<Entry> = []
    private var holes: [UInt32] = []

    /// Puts a connection into the slot left last, or behind all others.
    mutating func insert(_ connection: ServerConnection) -> ConnectionID {
        guard let slot = holes.popLast() else {
            entries.append(Entry(generation: 1, connection: connection))
            return id(of: UInt32(entries.count - 1))
        }
        entries[Int(slot)].generation &+= 1
        entries[Int(slot)].connection = connection
        return id(of: slot)
    }

    /// Takes the connection out of a filled slot; its id is void from now on.
    @discardableResult
    mutating func remove(slot: UInt32) -> ServerConnection {
        precondition(entries[Int(slot)].isFilled, "removing a connection that is gone")
        var connection = ServerConnection.none
        swap(&connection, &entries[Int(slot)].connection)
        entries[Int(slot)].generation &+= 1
        holes.append(slot)
        return connection
    }

    /// The connection in a filled slot, looked at and changed where it lies.
    subscript(slot slot: UInt32) -> ServerConnection {
        _read { yield entries[Int(slot)].connection }
        _modify { yield &entries[Int(slot)].connection }
    }

    /// Whether the connection that an id names is still there.
    func contains(_ id: ConnectionID) -> Bool {
        id.slot < entries.count && entries[Int(id.slot)].generation == id.generation
    }

    /// Whether a slot is filled.
    func contains(slot: UInt32) -> Bool { slot < entries.count && entries[Int(slot)].isFilled }

    /// The id of the connection in a slot.
    func id(of slot: UInt32) -> ConnectionID {
        ConnectionID(slot: slot, generation: entries[Int(slot)].generation)
    }

    /// The ids of all connections, in slot order.
    var ids: [ConnectionID] {
        var ids: [ConnectionID] = []
        forEach { id, _ in ids.append(id) }
        return ids
    }

    /// Calls `body` with every connection, in slot order.
    func forEach(_ body: (ConnectionID, borrowing ServerConnection) -> Void) {
        for slot in entries.indices where entries[slot].isFilled {
            body(id(of: UInt32(slot)), self[slot: UInt32(slot)])
        }
    }
}
