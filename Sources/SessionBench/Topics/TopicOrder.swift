/// The order in which one worker's subscribers heard of a topic's publications: how many, and a hash that depends on each
/// one's place, so that workers who heard of the same ones differ in it where the order was another.
package struct TopicOrder: Equatable, Sendable {
    /// How many publications.
    package private(set) var count: UInt64 = 0
    /// The hash.
    package private(set) var hash: UInt64 = 0

    /// The order of none.
    package init() {}

    /// Repeats what a document holds.
    init(count: UInt64, hash: UInt64) {
        self.count = count
        self.hash = hash
    }

    /// Adds the next one.
    mutating func append(_ publication: Publication) {
        count &+= 1
        let word = publication.number &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: publication.publisher)
        // 53 bits, which all readers of JSON keep.
        hash = ((hash ^ word) &* 0xD6E8_FEB8_6659_FD93) >> 11
    }

    /// Whether two workers that heard of equally many heard of them in another order.
    ///
    /// Where one of them has lost some, nothing can be said, and the loss is counted elsewhere.
    func contradicts(_ other: TopicOrder) -> Bool { count == other.count && hash != other.hash }
}
