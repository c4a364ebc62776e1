/// The orders of all topics of a run, as several workers' subscribers heard of them.
package struct TopicOrders: Equatable, Sendable {
    /// The orders of the topics, by their numbers; empty where nothing was published.
    package private(set) var orders: [TopicOrder] = []
    /// How many topics two workers heard of in another order.
    package private(set) var conflicts: UInt64 = 0

    /// The orders of no topics.
    package init() {}

    /// Describes what one worker heard.
    init(_ orders: [TopicOrder], conflicts: UInt64 = 0) {
        self.orders = orders
        self.conflicts = conflicts
    }

    /// Compares with another worker's; seconds before the last one have none.
    mutating func merge(_ other: TopicOrders) {
        conflicts &+= other.conflicts
        guard !orders.isEmpty else { return orders = other.orders }
        for (order, others) in zip(orders, other.orders) where order.contradicts(others) { conflicts &+= 1 }
    }
}
