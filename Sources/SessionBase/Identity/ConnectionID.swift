/// Names one connection of one event loop: a slot, and how often the slot had been used before.
///
/// A late event for a connection that is gone never reaches the one that got its slot, because the generations differ.
package struct ConnectionID: Hashable, Sendable {
    /// Index into the loop's table.
    package var slot: UInt32
    /// How often the slot was used before this connection.
    package var generation: UInt32

    /// Names the connection in `slot` of the given `generation`.
    package init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// Unpacks what ``packed`` made, as it comes back in epoll's 64 bits of user data.
    package init(packed: UInt64) {
        slot = UInt32(truncatingIfNeeded: packed)
        generation = UInt32(truncatingIfNeeded: packed >> 32)
    }

    /// Both halves in 64 bits.
    package var packed: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}
