/// Cuts a stream of bytes into lines, however it was chunked.
package struct LineSplitter: Sendable {
    private var pending: [UInt8] = []
    /// How much of `pending` is known to hold no line feed.
    private var searched = 0
    private var start = 0

    /// Starts at the beginning of a line.
    package init() {}

    /// Adds bytes at the end of the stream.
    package mutating func append(_ bytes: Span<UInt8>) {
        if start > 0 {
            pending.removeFirst(start)
            searched -= start
            start = 0
        }
        pending.reserveCapacity(pending.count + bytes.count)
        for index in 0..<bytes.count { pending.append(bytes[index]) }
    }

    /// Takes the next whole line, without its line feed.
    package mutating func next() -> [UInt8]? {
        guard let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = pending.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return Array(pending[start..<end])
    }

    /// Takes what stands behind the last line feed once the stream has ended; `nil` where there is nothing.
    package mutating func finish() -> [UInt8]? {
        defer { self = LineSplitter() }
        return start < pending.count ? Array(pending[start...]) : nil
    }
}
