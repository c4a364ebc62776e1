/// Elements at stable places that are used again: an array with holes, a generation per place, and a list of the holes.
///
/// ```
/// entries   [ 0: gen 3, A ] [ 1: gen 1, – ] [ 2: gen 0, B ]
/// holes     [ 1 ]                                   (the last one made is filled first, while it is in the cache)
/// ```
/// A place's generation grows whenever its element leaves, so that an id kept from before finds nothing.
///
/// Public, because Swift 6.3 specialises generic code of other modules only where it is: `package` made each access of
/// an event loop cost 90 ns instead of 1.
public struct Slab<Element> {
    /// One place: how often it was left, and what is in it now.
    @usableFromInline struct Entry {
        @usableFromInline var generation: UInt32
        @usableFromInline var element: Element?

        @inlinable init(generation: UInt32, element: Element?) {
            self.generation = generation
            self.element = element
        }
    }

    @usableFromInline var entries: [Entry] = []
    @usableFromInline var holes: [UInt32] = []

    /// Makes an empty slab.
    @inlinable public init() {}

    /// How many elements there are.
    @inlinable public var count: Int { entries.count - holes.count }

    /// Whether there is no element.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// How many places there are, filled or not; every slot lies below it.
    @inlinable public var slotCount: Int { entries.count }

    /// The id that the next ``insert(_:)`` gives, for elements that know their own.
    @inlinable public var nextID: ConnectionID {
        guard let slot = holes.last else { return ConnectionID(slot: UInt32(entries.count), generation: 0) }
        return ConnectionID(slot: slot, generation: entries[Int(slot)].generation)
    }

    /// Puts an element into the hole made last, or at the end.
    ///
    /// - Complexity: O(1), amortised.
    @discardableResult
    @inlinable public mutating func insert(_ element: Element) -> ConnectionID {
        let id = nextID
        if holes.popLast() == nil {
            precondition(entries.count < Int(Int32.max), "a slab holds at most 2³¹ elements")
            entries.append(Entry(generation: 0, element: element))
        } else {
            entries[Int(id.slot)].element = element
        }
        return id
    }

    /// Takes the element out of a place that must be filled; its id is void from now on.
    @discardableResult
    @inlinable public mutating func remove(slot: UInt32) -> Element {
        guard let element = entries[Int(slot)].element.take() else { preconditionFailure("removing an empty slot") }
        entries[Int(slot)].generation &+= 1
        holes.append(slot)
        return element
    }

    /// The element in a place that must be filled; changed where it lies.
    @inlinable public subscript(slot slot: UInt32) -> Element {
        get { entries[Int(slot)].element! }
        _modify { yield &entries[Int(slot)].element! }
    }

    /// The element that an id names; `nil` where it has left.
    @inlinable public subscript(id: ConnectionID) -> Element? { contains(id) ? entries[Int(id.slot)].element : nil }

    /// Whether the element that an id names is still there.
    @inlinable public func contains(_ id: ConnectionID) -> Bool {
        guard id.slot < entries.count else { return false }
        return entries[Int(id.slot)].generation == id.generation && entries[Int(id.slot)].element != nil
    }

    /// Whether a place is filled.
    @inlinable public func contains(slot: UInt32) -> Bool {
        slot < entries.count && entries[Int(slot)].element != nil
    }

    /// The id of the element in a place that must be filled.
    @inlinable public func id(of slot: UInt32) -> ConnectionID {
        precondition(contains(slot: slot), "an empty slot has no id")
        return ConnectionID(slot: slot, generation: entries[Int(slot)].generation)
    }

    /// The first filled place at or after `slot`; walks all elements in slot order, also while they are changed.
    ///
    /// A cursor and no sequence: a sequence would hold the storage, and the first change during the walk copy it.
    @inlinable public func firstSlot(from slot: UInt32 = 0) -> UInt32? {
        var index = Int(slot)
        while index < entries.count {
            if entries[index].element != nil { return UInt32(index) }
            index += 1
        }
        return nil
    }
}

extension Slab: Sendable where Element: Sendable {}
extension Slab.Entry: Sendable where Element: Sendable {}
