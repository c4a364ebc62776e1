/// The requests of one connection that are answered in order: a ring that grows when more wait than ever before, and
/// allocates nothing otherwise.
struct RequestQueue<Request> {
    private var slots: [Request] = []
    private var first = 0
    /// How many wait.
    private(set) var count = 0

    /// The request that is answered next; `nil` where none waits.
    var oldest: Request? { count > 0 ? slots[first] : nil }

    /// The request behind so many older ones; there must be one.
    subscript(place: Int) -> Request {
        get { slots[slot(place)] }
        set { slots[slot(place)] = newValue }
    }

    private func slot(_ place: Int) -> Int {
        precondition(place >= 0 && place < count, "a request behind the last one")
        return (first + place) % slots.count
    }

    /// Adds the youngest.
    mutating func append(_ request: Request) {
        if count == slots.count {
            slots = (0..<count).map { slots[(first + $0) % count] }
            slots.append(contentsOf: repeatElement(request, count: max(1, count)))
            first = 0
        } else {
            slots[(first + count) % slots.count] = request
        }
        count += 1
    }

    /// Takes the oldest; `nil` where none waits.
    mutating func removeFirst() -> Request? {
        guard count > 0 else { return nil }
        let request = slots[first]
        first = (first + 1) % slots.count
        count -= 1
        return request
    }
}
