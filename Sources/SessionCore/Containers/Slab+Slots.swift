import SessionBase

extension Slab {
    /// The filled places, ascending, as they are now.
    ///
    /// - Complexity: O(``slotCount``), one allocation: for sweeps and administrators, not for the path of a message.
    var slots: [UInt32] {
        var slots: [UInt32] = []
        var next = firstSlot()
        while let slot = next {
            slots.append(slot)
            next = firstSlot(from: slot + 1)
        }
        return slots
    }
}
