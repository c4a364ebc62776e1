import SessionBase

/// The last patches of a room, for members that were cut off (PROTOCOLS §5.3, `?epoch=&since=`): one of every version,
/// without gaps, at most so many and so many bytes.
///
/// The messages lie one after the other in one array, without cursors, which are of no use later.
struct PatchRing: Sendable {
    /// Where each message ends in ``bytes``, from ``first`` on; it begins where the one before ends.
    private var ends: [Int] = []
    /// The place of the oldest one that is kept.
    private var first = 0
    private var bytes: [UInt8] = []
    /// Where the oldest one that is kept begins.
    private var start = 0
    /// The version of the newest one; meaningless while nothing is kept.
    private var last: UInt64 = 0

    /// Keeps nothing.
    init() {}

    /// How many patches are kept.
    var count: Int { ends.count - first }

    /// Bytes that are kept.
    var byteCount: Int { bytes.count - start }

    /// Bytes that it takes: those that are kept, and at most as many that were dropped and are not freed yet.
    var heldBytes: Int { bytes.count }

    /// Adds the patch of a version; whatever does not lead up to it is forgotten.
    ///
    /// - Parameters:
    ///   - countMax: How many are kept.
    ///   - bytesMax: How many bytes are kept; one patch alone may be larger.
    mutating func append(_ version: UInt64, _ message: Span<UInt8>, countMax: Int, bytesMax: Int) {
        if count > 0, version != last + 1 { self = PatchRing() }
        last = version
        bytes.append(copying: message)
        ends.append(bytes.count)
        while count > max(1, countMax) || (byteCount > bytesMax && count > 1) {
            start = ends[first]
            first += 1
        }
        compact()
    }

    /// The patches after a version up to the newest.
    ///
    /// - Parameter version: What is known; the room's own version where nothing is missed.
    /// - Returns: `nil` where some of them are forgotten.
    func patches(after version: UInt64, upTo current: UInt64) -> [[UInt8]]? {
        if version == current { return [] }
        guard version < current, count > 0, last == current, current - version <= UInt64(count) else { return nil }
        let from = ends.count - Int(current - version)
        return (from..<ends.count).map { place in
            let begin = place == first ? start : ends[place - 1]
            return Array(bytes[begin..<ends[place]])
        }
    }

    /// Frees what was dropped once that is more than what is kept, so that an entry is moved once at most on average.
    private mutating func compact() {
        guard first > 8, first > ends.count - first else { return }
        for place in first..<ends.count { ends[place] -= start }
        ends.removeFirst(first)
        bytes.removeFirst(start)
        (first, start) = (0, 0)
    }
}
