internal import CZlib

/// zlib's raw streams for permessage-deflate (RFC 7692 §7.2). Only this file and `Zlib.swift` know zlib.
///
/// A stream is some memory at a fixed address, because its inner state points back to it. Both types own theirs and free
/// it once. Neither has a copy of itself: a stream belongs to one ``Connection``, which is one value at one place at a
/// time, and moves with it from one thread to another.

/// Undoes the compression of received messages.
// Safe to send: the one connection that holds it is used by one thread at a time, and hands it over by being moved.
@safe package final class Inflater: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes an inflater for streams whose window is at most `1 << windowBits` bytes.
    ///
    /// - Parameter windowBits: 8...15. Eight is taken as nine: peers with an old zlib answer a request for eight with
    ///   nine, and a larger window reads all that a smaller one can.
    package init(windowBits: Int) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Safe: the stream is initialized and zeroed, which is what zlib asks for.
        let status = unsafe inflateInit2_(
            stream, -CInt(max(windowBits, 9)), ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory for a stream")
    }

    deinit {
        // Safe: initialized in `init`, and nobody else holds the pointer.
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends what some compressed bytes of a message hold.
    ///
    /// - Parameters:
    ///   - bytes: The next compressed bytes.
    ///   - output: The message so far; grows geometrically and never beyond the limit by more than one byte.
    ///   - bytesMax: Longest message.
    /// - Throws: `.messageTooBig`, `.invalidCompression`; the inflater must not be used again.
    package func inflate(
        _ bytes: Span<UInt8>, into output: inout [UInt8], bytesMax: Int
    ) throws(WebSocketError) {
        // Safe: zlib only reads the input, and `avail_in` is its count; the pointer is cleared before it dies.
        let result: Result<Void, WebSocketError> = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = CUnsignedInt(input.count)
            defer { unsafe stream.pointee.next_in = nil }
            return Result { () throws(WebSocketError) in try drain(into: &output, bytesMax: bytesMax) }
        }
        try result.get()
    }

    /// Appends what the stream still held back at the end of a message (RFC 7692 §7.2.2).
    package func finishMessage(into output: inout [UInt8], bytesMax: Int) throws(WebSocketError) {
        let tail: InlineArray<4, UInt8> = [0x00, 0x00, 0xFF, 0xFF]
        try inflate(tail.span, into: &output, bytesMax: bytesMax)
    }

    /// Inflates until the input is used up and nothing more comes out.
    private func drain(into output: inout [UInt8], bytesMax: Int) throws(WebSocketError) {
        while true {
            let room = Self.makeRoom(in: &output, bytesMax: bytesMax)
            var status = Z_OK
            output.append(addingCapacity: room) { status = fill(&$0, room: room) }
            guard output.count <= bytesMax else { throw .messageTooBig }
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END:
                // A final block (RFC 7692 §7.2.3.4): what follows goes on with the same window.
                unsafe inflateResetKeep(stream)
            default: throw .invalidCompression
            }
            let isDone = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
            if isDone || status == Z_BUF_ERROR { return }
        }
    }

    /// Lets zlib write up to `room` bytes.
    private func fill(_ output: inout OutputSpan<UInt8>, room: Int) -> CInt {
        // Safe: the span has `room` free bytes behind `count`; zlib writes `room - avail_out` of them.
        unsafe output.withUnsafeMutableBufferPointer { buffer, count in
            unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
            unsafe stream.pointee.avail_out = CUnsignedInt(room)
            let status = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
            count += room - Int(unsafe stream.pointee.avail_out)
            unsafe stream.pointee.next_out = nil
            return status
        }
    }

    /// Makes free capacity, doubling it, but to no more than one byte beyond the limit: that byte tells of a bomb.
    private static func makeRoom(in output: inout [UInt8], bytesMax: Int) -> Int {
        let free = output.capacity - output.count
        if free < 64 {
            let doubled = max(1024, 2 * output.count)
            output.reserveCapacity(max(output.count + 1, min(doubled, bytesMax + 1)))
        }
        return max(1, min(output.capacity, bytesMax + 1) - output.count)
    }
}

/// Compresses messages that are sent.
// Safe to send: the one connection that holds it is used by one thread at a time, and hands it over by being moved.
@safe package final class Deflater: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Of zlib's 1 to 9. On 8 KB of JSON, 3 takes three quarters of the time of 6 for 6 % more bytes; on 64 KB, 60 % of
    /// it for 13 % more.
    private static let level: CInt = 3

    /// Makes a deflater whose back references reach at most `1 << windowBits` bytes.
    ///
    /// - Parameters:
    ///   - windowBits: 8...15. zlib has no raw stream with eight; with nine its references reach 512 - 262 = 250 bytes
    ///     (`MAX_DIST` in its `deflate.h`), so that a window of 256 bytes reads them.
    ///   - messageBytes: Length of the only message where the stream serves just one: a window that is no larger than
    ///     needed saves most of the 256 KiB and of the time to clear them.
    package init(windowBits: Int, messageBytes: Int? = nil) {
        var bits = max(windowBits, 9)
        if let messageBytes { bits = min(bits, max(9, Int.bitWidth - (messageBytes + 262).leadingZeroBitCount)) }
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Safe: the stream is initialized and zeroed, which is what zlib asks for.
        let status = unsafe deflateInit2_(
            stream, Self.level, Z_DEFLATED, -CInt(bits), CInt(min(8, bits - 6)), Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory for a stream")
    }

    deinit {
        // Safe: initialized in `init`, and nobody else holds the pointer.
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses a whole message (RFC 7692 §7.2.1).
    ///
    /// - Returns: The payload of its frames, without the four bytes that every message would end with.
    package func compress(_ message: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        // Safe: zlib only reads the input, and `avail_in` is its count; the pointer is cleared before it dies.
        unsafe message.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = CUnsignedInt(input.count)
            repeat {
                let room = max(64, output.isEmpty ? input.count / 2 : output.count)
                output.append(addingCapacity: room) { fill(&$0, room: room) }
            } while unsafe stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
        }
        // An empty message makes no output at all where the stream was flushed before: one empty stored block.
        guard output.count >= 4 else { return [0x00] }
        output.removeLast(4)
        return output
    }

    private func fill(_ output: inout OutputSpan<UInt8>, room: Int) {
        // Safe: the span has `room` free bytes behind `count`; zlib writes `room - avail_out` of them.
        unsafe output.withUnsafeMutableBufferPointer { buffer, count in
            unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
            unsafe stream.pointee.avail_out = CUnsignedInt(room)
            _ = unsafe deflate(stream, Z_SYNC_FLUSH)
            count += room - Int(unsafe stream.pointee.avail_out)
            unsafe stream.pointee.next_out = nil
        }
    }
}
