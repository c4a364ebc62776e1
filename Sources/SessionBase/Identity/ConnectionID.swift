/// Names one connection of one event loop: a slot, and how often the slot had been used before.
///
/// Public for the sake of ``Slab``, which has it in its signatures.
///
/// A late event for a connection that is gone never reaches the one that got its slot, because the generations differ.
public struct ConnectionID: Hashable, Sendable {
    /// Index into the loop's slab.
    public var slot: UInt32
    /// How often the slot was used before this connection.
    public var generation: UInt32

    /// Names the connection in `slot` of the given `generation`.
    @inlinable public init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// Unpacks what ``packed`` made, as it comes back in epoll's 64 bits of user data.
    @inlinable public init(packed: UInt64) {
        slot = UInt32(truncatingIfNeeded: packed)
        generation = UInt32(truncatingIfNeeded: packed >> 32)
    }

    /// Both halves in 64 bits.
    @inlinable public var packed: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}
