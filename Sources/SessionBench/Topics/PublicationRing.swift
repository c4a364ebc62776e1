import SessionBase

/// The publications of one publisher in one topic that are not over, by their numbers.
///
/// A ring that grows when more are under way than ever before, and allocates nothing otherwise.
struct PublicationRing {
    /// A publication on its way.
    struct Item {
        var flight: Flight
        /// Whether the server has said that it took it.
        var isAcknowledged = false
        /// Whether all subscribers of this worker have heard of it.
        var isDelivered: Bool
        /// Whether nothing more is to be done about it.
        var isOver = false
    }

    private var items = RequestQueue<Item>()
    /// The number of the oldest that is kept.
    private var first: UInt64 = 1

    /// How many have been published so far: the last number.
    var last: UInt64 { first &+ UInt64(items.count) &- 1 }

    /// The oldest that is not over; `nil` where all are.
    var oldest: (number: UInt64, item: Item)? { items.oldest.map { (first, $0) } }

    /// Adds a publication.
    ///
    /// - Parameter isDelivered: Whether this worker has no subscriber that must hear of it.
    /// - Returns: Its number.
    mutating func append(_ flight: Flight, isDelivered: Bool) -> UInt64 {
        items.append(Item(flight: flight, isDelivered: isDelivered))
        return last
    }

    /// Changes a publication.
    ///
    /// - Returns: What it then is; `nil` for one that is over, or was never begun.
    mutating func update(_ number: UInt64, _ change: (inout Item) -> Void) -> Item? {
        guard number >= first, number <= last else { return nil }
        var item = items[Int(number - first)]
        guard !item.isOver else { return nil }
        change(&item)
        if item.isAcknowledged, item.isDelivered { item.isOver = true }
        items[Int(number - first)] = item
        while let oldest = items.oldest, oldest.isOver {
            _ = items.removeFirst()
            first += 1
        }
        return item
    }
}
