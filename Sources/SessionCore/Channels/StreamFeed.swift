import SessionCodec

/// The last rows of a stream, at the loop that owns it (PROTOCOLS 2-24): a ring in one array, of a number of bytes at most.
struct StreamFeed: Sendable {
    private var rows: [StreamRow] = []
    /// Where the oldest row is, once the ring is full.
    private var oldest = 0
    /// Bytes of the rows.
    private(set) var byteCount = 0

    /// How many bytes of rows are kept; beyond that the oldest go, however few there are.
    static let bytesMax = 1 << 20

    /// Adds a row, in place of the oldest one where there are `countMax` already.
    mutating func append(_ row: StreamRow, countMax: Int) {
        byteCount += row.fragment.bytes.count
        defer { if byteCount > Self.bytesMax { shorten() } }
        if rows.count > countMax || (rows.count < countMax && oldest > 0) { straighten(countMax) }
        if rows.count < countMax {
            rows.append(row)
        } else if countMax == 0 {
            byteCount = 0
        } else {
            byteCount -= rows[oldest].fragment.bytes.count
            rows[oldest] = row
            oldest = (oldest + 1) % countMax
        }
    }

    /// The rows, newest first.
    var newestFirst: [StreamRow] { (rows[oldest...] + rows[..<oldest]).reversed() }

    /// Arranges the ring anew after its size was changed.
    private mutating func straighten(_ countMax: Int) {
        let kept = (rows[oldest...] + rows[..<oldest]).suffix(countMax)
        byteCount -= rows.reduce(0) { $0 + $1.fragment.bytes.count } - kept.reduce(0) { $0 + $1.fragment.bytes.count }
        rows = Array(kept)
        oldest = 0
    }

    /// Lets the oldest rows go until the others are few enough bytes.
    private mutating func shorten() {
        var count = 0
        var bytes = 0
        for row in newestFirst {
            bytes += row.fragment.bytes.count
            guard bytes <= Self.bytesMax else { break }
            count += 1
        }
        straighten(count)
    }
}
