import SessionCodec

/// The last rows of a stream, at the loop that owns it (PROTOCOLS 2-24): a ring in one array.
struct StreamFeed: Sendable {
    private var rows: [StreamRow] = []
    /// Where the oldest row is, once the ring is full.
    private var oldest = 0

    /// Adds a row, in place of the oldest one where there are `countMax` already.
    mutating func append(_ row: StreamRow, countMax: Int) {
        if rows.count > countMax || (rows.count < countMax && oldest > 0) { straighten(countMax) }
        if rows.count < countMax {
            rows.append(row)
        } else if countMax > 0 {
            rows[oldest] = row
            oldest = (oldest + 1) % countMax
        }
    }

    /// The rows, newest first.
    var newestFirst: [StreamRow] { (rows[oldest...] + rows[..<oldest]).reversed() }

    /// Arranges the ring anew after its size was changed.
    private mutating func straighten(_ countMax: Int) {
        rows = Array((rows[oldest...] + rows[..<oldest]).suffix(countMax))
        oldest = 0
    }
}
