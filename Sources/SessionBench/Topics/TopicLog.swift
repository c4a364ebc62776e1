import SessionBase

/// The sequence of one topic's publications as the subscribers of one worker see it: whoever hears of one first decides its
/// place, and all others must hear of it there.
///
/// A ring that grows up to a limit and then forgets the oldest, so that its memory is bounded however far a subscriber is
/// behind.
struct TopicLog {
    /// A publication in the sequence.
    struct Entry {
        var publication: Publication
        /// How many subscribers have still to hear of it.
        var waiting: Int32
        /// Whether none of those that waited has skipped it.
        var isWhole = true
    }

    private var entries: [Entry] = []
    private var first = 0
    private let capacityMax: Int
    /// The place of the oldest that is kept, counted from the first of all.
    private(set) var start: UInt64 = 0
    /// How many are kept.
    private(set) var count = 0

    /// Makes an empty sequence that keeps so many.
    init(capacityMax: Int) { self.capacityMax = capacityMax }

    /// The place of the next publication.
    var end: UInt64 { start &+ UInt64(count) }

    /// Adds the youngest, and forgets the oldest where there is no room.
    ///
    /// - Returns: What was forgotten.
    mutating func append(_ entry: Entry) -> Publication? {
        let forgotten = count == capacityMax ? removeFirst() : nil
        if count == entries.count { grow(with: entry) }
        entries[slot(count)] = entry
        count += 1
        return forgotten
    }

    /// The publication at a place that is kept.
    subscript(place: UInt64) -> Entry {
        @inline(__always) get { entries[slot(Int(place &- start))] }
        @inline(__always) _modify { yield &entries[slot(Int(place &- start))] }
    }

    /// Finds a publication, which probably stands near a place.
    ///
    /// - Returns: Its place; `nil` where it is not kept.
    /// - Complexity: O(n) in how far it is from there.
    func place(of publication: Publication, near cursor: UInt64) -> UInt64? {
        let cursor = min(max(cursor, start), end)
        var distance: UInt64 = 0
        while cursor + distance < end || cursor - start > distance {
            let (behind, before) = (cursor + distance, cursor &- distance &- 1)
            if behind < end, self[behind].publication.isSame(as: publication) { return behind }
            if cursor - start > distance, self[before].publication.isSame(as: publication) { return before }
            distance += 1
        }
        return nil
    }

    private func slot(_ index: Int) -> Int {
        let slot = first &+ index
        return slot < entries.count ? slot : slot &- entries.count
    }

    private mutating func removeFirst() -> Publication {
        let publication = entries[first].publication
        first = slot(1)
        start += 1
        count -= 1
        return publication
    }

    private mutating func grow(with entry: Entry) {
        let kept = (0..<count).map { entries[slot($0)] }
        first = 0
        entries = kept
        entries.append(contentsOf: repeatElement(entry, count: min(max(16, count), capacityMax - count)))
    }
}
