/// One deadline for each of many slots, in constant time and 16 bytes a slot: a hierarchical timing wheel.
///
/// Time is cut into ticks of 2²⁰ ns (about a millisecond). A deadline lies in the level of the highest base-64 digit in
/// which its tick differs from the present one, in the bucket of that digit (Varghese and Lauck, 1987, scheme 7):
/// ```
/// level 0   64 buckets of 1 tick        1 ms each
/// level 1   64 buckets of 64 ticks     67 ms each
/// level 2   64 buckets of 4096 ticks  4.3 s  each      … level 6: 2.3 years each
/// ```
/// When time reaches a bucket above level 0, its slots sink to lower levels, each slot at most six times. Buckets are
/// doubly linked lists through ``Node``; a bit per bucket tells which are filled, so that finding the next one takes a
/// few instructions. Deadlines are never early and less than one tick late, plus what the caller is late.
///
/// An owner whose deadlines mostly move into the future, as with every message of a connection, need not move them here:
/// it lets the old one expire, looks at the real one, and schedules that.
package struct TimingWheel: Sendable {
    /// What a slot holds: its tick, and its neighbours in the bucket.
    private struct Node {
        var tick: UInt64 = 0
        var next = TimingWheel.unlinked
        var previous = TimingWheel.unlinked
    }

    private static let tickShift = 20
    private static let levelCount = 7
    /// Beyond this, deadlines are as good as never: 146 years.
    private static let tickMax: UInt64 = 1 << (6 * 7) - 1
    /// In ``Node/next``: the slot has no deadline.
    private static let unlinked = UInt32.max
    /// Set in a link that leads to a bucket's head instead of a slot; the bucket's number is in the other bits.
    private static let headFlag: UInt32 = 1 << 31

    private var nodes: [Node] = []
    private var heads: [UInt32]
    private var filled: [UInt64]
    /// The present as far as it was told: everything before it has expired.
    private var elapsed: UInt64

    /// How many slots have a deadline.
    package private(set) var count = 0

    /// Makes a wheel without deadlines.
    package init(startingAt now: Instant) {
        heads = (0..<UInt32(64 * Self.levelCount)).map { $0 | Self.headFlag }
        filled = Array(repeating: 0, count: Self.levelCount)
        elapsed = Self.tick(at: now)
    }

    /// Gives a slot its deadline, in place of the one it may have had.
    ///
    /// - Parameters:
    ///   - slot: Small numbers are best, because there is a node for each number up to the largest.
    ///   - deadline: One in the past expires with the next ``advance(to:into:)``.
    package mutating func schedule(slot: UInt32, at deadline: Instant) {
        precondition(slot < Self.headFlag, "slots are 31 bits wide")
        if slot >= nodes.count {
            nodes.append(contentsOf: repeatElement(Node(), count: Int(slot) + 1 - nodes.count))
        } else {
            cancel(slot: slot)
        }
        nodes[Int(slot)].tick = Swift.max(elapsed, Self.tick(after: deadline))
        link(slot)
        count += 1
    }

    /// Takes a slot's deadline away; a slot without one is fine.
    package mutating func cancel(slot: UInt32) {
        guard isScheduled(slot: slot) else { return }
        unlink(slot)
        count -= 1
    }

    /// Whether a slot has a deadline that has not expired.
    package func isScheduled(slot: UInt32) -> Bool {
        slot < nodes.count && nodes[Int(slot)].next != Self.unlinked
    }

    /// When to call ``advance(to:into:)`` next: not after the first deadline's tick, and perhaps before it, to let slots
    /// sink; `nil` while there is no deadline.
    package var next: Instant? { nextBucket().map { Self.instant(at: $0.tick) } }

    /// Moves the present forward and appends the slots whose deadlines have come, earlier ticks first.
    ///
    /// They have no deadline afterwards. Within one tick the order follows from the calls made, not from the deadlines.
    package mutating func advance(to now: Instant, into expired: inout [UInt32]) {
        let target = Self.tick(at: now)
        while let (bucket, tick) = nextBucket(), tick <= target {
            elapsed = Swift.max(elapsed, tick)
            empty(bucket, into: &expired)
        }
        elapsed = Swift.max(elapsed, target)
    }

    /// Lets a bucket whose time has come expire or sink.
    private mutating func empty(_ bucket: Int, into expired: inout [UInt32]) {
        var link = heads[bucket]
        heads[bucket] = UInt32(bucket) | Self.headFlag
        filled[bucket / 64] &= ~(1 << UInt64(bucket % 64))
        while link & Self.headFlag == 0 {
            let slot = link
            link = nodes[Int(slot)].next
            if nodes[Int(slot)].tick <= elapsed {
                nodes[Int(slot)].next = Self.unlinked
                expired.append(slot)
                count -= 1
            } else {
                self.link(slot)
            }
        }
    }

    /// The filled bucket whose time comes first: lower levels always lie before higher ones.
    private func nextBucket() -> (bucket: Int, tick: UInt64)? {
        for level in 0..<Self.levelCount where filled[level] != 0 {
            let digit = filled[level].trailingZeroBitCount
            let start = elapsed & ~(1 << UInt64(6 * (level + 1)) - 1)
            return (level * 64 + digit, start | UInt64(digit) << UInt64(6 * level))
        }
        return nil
    }

    private mutating func link(_ slot: UInt32) {
        let tick = nodes[Int(slot)].tick
        let level = (63 - ((tick ^ elapsed) | 63).leadingZeroBitCount) / 6
        let digit = tick >> UInt64(6 * level) & 63
        let bucket = level * 64 + Int(digit)
        filled[level] |= 1 << digit
        let first = heads[bucket]
        heads[bucket] = slot
        nodes[Int(slot)].next = first
        nodes[Int(slot)].previous = UInt32(bucket) | Self.headFlag
        if first & Self.headFlag == 0 { nodes[Int(first)].previous = slot }
    }

    private mutating func unlink(_ slot: UInt32) {
        let (next, previous) = (nodes[Int(slot)].next, nodes[Int(slot)].previous)
        nodes[Int(slot)].next = Self.unlinked
        if next & Self.headFlag == 0 { nodes[Int(next)].previous = previous }
        guard previous & Self.headFlag != 0 else {
            nodes[Int(previous)].next = next
            return
        }
        let bucket = Int(previous & ~Self.headFlag)
        heads[bucket] = next
        if next & Self.headFlag != 0 { filled[bucket / 64] &= ~(1 << UInt64(bucket % 64)) }
    }

    private static func tick(at instant: Instant) -> UInt64 {
        Swift.min(tickMax, UInt64(Swift.max(0, instant.nanoseconds)) >> UInt64(tickShift))
    }

    /// The first tick that begins at or after an instant, so that nothing expires early.
    private static func tick(after instant: Instant) -> UInt64 {
        let tick = tick(at: instant)
        return tick < tickMax && Self.instant(at: tick) < instant ? tick + 1 : tick
    }

    private static func instant(at tick: UInt64) -> Instant { Instant(nanoseconds: Int64(tick) << Int64(tickShift)) }
}
