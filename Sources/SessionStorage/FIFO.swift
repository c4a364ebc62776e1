/// A queue whose ends cost O(1): an array, and where its first element stands.
package struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// Makes an empty queue.
    package init() {}

    /// How many there are.
    package var count: Int { elements.count - head }

    /// Whether there are none.
    package var isEmpty: Bool { count == 0 }

    /// The one that waits longest.
    package var first: Element? { head < elements.count ? elements[head] : nil }

    /// Adds one at the end.
    package mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the one that waits longest.
    package mutating func popFirst() -> Element? {
        guard let element = first else { return nil }
        elements[head] = nil
        head += 1
        // What was taken is given back once it is the greater part, so that each element is moved once on average.
        if head > 64, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Puts several in front of all others, in their order.
    package mutating func prepend(_ others: [Element]) {
        elements.replaceSubrange(0..<head, with: others)
        head = 0
    }

    /// Takes all, in their order.
    package mutating func takeAll() -> [Element] {
        let all = elements[head...].compactMap { $0 }
        self = FIFO()
        return all
    }
}

extension FIFO: Sendable where Element: Sendable {}
