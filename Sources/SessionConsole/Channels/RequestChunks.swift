import SessionCodec

/// Cuts what is sent at once into parts that a request's body may hold.
enum RequestChunks {
    /// Bytes of values that are sent at once at most, unless one alone is longer: half of what a body may hold
    /// (PROTOCOLS §1.10).
    static let bytesMax = 128 << 10

    /// Cuts values into as few parts as may be, in their order.
    static func cut(_ values: [JSONValue], countMax: Int) -> [ArraySlice<JSONValue>] {
        var parts: [ArraySlice<JSONValue>] = []
        var (start, bytes) = (0, 0)
        for (index, value) in values.enumerated() {
            let size = value.text().utf8.count
            if index > start, index - start == countMax || bytes + size > bytesMax {
                parts.append(values[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += size
        }
        if start < values.count { parts.append(values[start...]) }
        return parts
    }
}
