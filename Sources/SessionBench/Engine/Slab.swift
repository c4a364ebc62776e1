/// A fixed number of plain values at one place: an array without the counting of references and the questions about
/// sharing that each change of an array's element asks.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    /// How many there are.
    let count: Int

    /// Makes `count` equal values.
    init(repeating element: Element, count: Int) {
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: element, count: count)
        self.count = count
    }

    deinit { base.deallocate() }

    /// The value at a place, looked at and changed where it lies; traps behind the end.
    subscript(index: Int) -> Element {
        @inline(__always) _read {
            precondition(index >= 0 && index < count, "a place behind the end of a slab")
            yield base[index]
        }
        @inline(__always) _modify {
            precondition(index >= 0 && index < count, "a place behind the end of a slab")
            yield &base[index]
        }
    }
}
