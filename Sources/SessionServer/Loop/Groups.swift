import SessionBase
import SessionCore

/// Who is in which group of this loop.
///
/// The members of a group lie sorted by slot: it is walked in the order in which its connections lie in memory, and one
/// member is found by halving.
struct Groups {
    private var lists: [GroupID: [ConnectionID]] = [:]

    /// Adds a member.
    ///
    /// - Returns: Whether it was none before.
    mutating func join(_ id: ConnectionID, _ group: GroupID) -> Bool { lists[group, default: []].insert(bySlot: id) }

    /// Removes a member; the group goes with its last one.
    ///
    /// - Returns: Whether it was one before.
    mutating func leave(_ id: ConnectionID, _ group: GroupID) -> Bool {
        guard let list = lists.index(forKey: group), lists.values[list].remove(bySlot: id) else { return false }
        if lists.values[list].isEmpty { lists.remove(at: list) }
        return true
    }

    /// Whether a connection is a member of a group.
    func contains(_ id: ConnectionID, in group: GroupID) -> Bool { lists[group]?.contains(bySlot: id) ?? false }

    /// The members of a group, in slot order.
    subscript(_ group: GroupID) -> [ConnectionID] { lists[group] ?? [] }

    /// Whether nobody would hear a message to the group.
    func isEmpty(_ group: GroupID) -> Bool { lists[group] == nil }
}

extension [ConnectionID] {
    /// Where an id is, or would be, in a list that is sorted by slot.
    private func place(ofSlot slot: UInt32) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = self[middle].slot < slot ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    fileprivate func contains(bySlot id: ConnectionID) -> Bool {
        let place = place(ofSlot: id.slot)
        return place < count && self[place] == id
    }

    fileprivate mutating func insert(bySlot id: ConnectionID) -> Bool {
        // Most join in the order in which they were accepted.
        if last.map({ $0.slot < id.slot }) ?? true {
            append(id)
            return true
        }
        let place = place(ofSlot: id.slot)
        guard self[place] != id else { return false }
        if self[place].slot == id.slot { self[place] = id } else { insert(id, at: place) }
        return true
    }

    fileprivate mutating func remove(bySlot id: ConnectionID) -> Bool {
        let place = place(ofSlot: id.slot)
        guard place < count, self[place] == id else { return false }
        remove(at: place)
        return true
    }
}
