internal import CZlib

/// Whole texts in the formats zlib (RFC 1950) and gzip (RFC 1952), as files and HTTP bodies hold them: a stream that is
/// made or read at once.
///
/// permessage-deflate has streams of its own, without these formats' header and check sum: ``Inflater`` and ``Deflater``.
package enum Zlib {
    /// Why some bytes are not a text in this format.
    package enum Failure: Error, Equatable {
        /// They are damaged, or not in this format at all.
        case invalid
        /// They end before the text does.
        case truncated
        /// More bytes follow the end of the text; how many.
        case trailing(Int)
        /// The text is longer than the reader allows, in bytes.
        case tooLarge(bytesMax: Int)
    }

    /// What stands around the compressed bytes.
    package enum Format: CaseIterable, Sendable {
        /// The header and check sum of RFC 1950.
        case zlib
        /// Those of RFC 1952, which `Content-Encoding: gzip` means.
        case gzip

        /// zlib's own number for the format, with the largest window.
        fileprivate var windowBits: CInt { self == .zlib ? 15 : 31 }
    }

    /// What compression may cost.
    package enum Level: Sendable {
        /// A tenth of the time, for what is written often.
        case fastest
        /// As well as zlib can, for what is written once.
        case best

        fileprivate var number: CInt { self == .best ? Z_BEST_COMPRESSION : Z_BEST_SPEED }
    }

    /// Compresses a text.
    package static func compress(
        _ bytes: Span<UInt8>, as format: Format = .zlib, level: Level = .best
    ) -> [UInt8] {
        var stream = unsafe z_stream()
        // Safe: the stream stays at its address until it is ended, and `input` outlives the one call that reads it.
        return unsafe withUnsafeMutablePointer(to: &stream) { stream in
            let status = unsafe deflateInit2_(
                stream, level.number, Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                CInt(MemoryLayout<z_stream>.size))
            precondition(status == Z_OK, "zlib has no memory for a stream")
            defer { unsafe deflateEnd(stream) }
            let room = Int(unsafe deflateBound(stream, CUnsignedLong(bytes.count)))
            var output: [UInt8] = []
            output.append(addingCapacity: room) { span in
                unsafe span.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe bytes.withUnsafeBufferPointer { input in
                        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                        unsafe stream.pointee.avail_in = CUnsignedInt(input.count)
                        unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
                        unsafe stream.pointee.avail_out = CUnsignedInt(room)
                        let status = unsafe deflate(stream, Z_FINISH)
                        precondition(status == Z_STREAM_END, "zlib needs more room than it said")
                        count += room - Int(unsafe stream.pointee.avail_out)
                    }
                }
            }
            return output
        }
    }

    /// Reads a compressed text, all of it.
    ///
    /// - Parameter bytesMax: The longest text, so that a small file cannot ask for all memory.
    package static func decompress(
        _ bytes: Span<UInt8>, as format: Format = .zlib, bytesMax: Int
    ) throws(Failure) -> [UInt8] {
        // Safe: the stream stays at its address until it is ended, and `input` outlives every read of it.
        let result: Result<[UInt8], Failure> = unsafe bytes.withUnsafeBufferPointer { input in
            var stream = unsafe z_stream()
            return unsafe withUnsafeMutablePointer(to: &stream) { stream in
                let status = unsafe inflateInit2_(
                    stream, format.windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
                precondition(status == Z_OK, "zlib has no memory for a stream")
                defer { unsafe inflateEnd(stream) }
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = CUnsignedInt(input.count)
                return Result { () throws(Failure) in try unsafe drain(stream, bytesMax: bytesMax) }
            }
        }
        return try result.get()
    }

    /// Reads a stream until its end.
    @unsafe private static func drain(
        _ stream: UnsafeMutablePointer<z_stream>, bytesMax: Int
    ) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        while true {
            // One byte beyond the limit tells of too long a text.
            let room = min(max(1024, output.count), bytesMax + 1 - output.count)
            var status = Z_OK
            // Safe: zlib writes at most `room` bytes, which the span has free behind `count`.
            output.append(addingCapacity: room) { span in
                unsafe span.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
                    unsafe stream.pointee.avail_out = CUnsignedInt(room)
                    status = unsafe inflate(stream, Z_NO_FLUSH)
                    count += room - Int(unsafe stream.pointee.avail_out)
                }
            }
            guard output.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
            let rest = Int(unsafe stream.pointee.avail_in)
            switch status {
            case Z_STREAM_END:
                if rest > 0 { throw .trailing(rest) }
                return output
            case Z_OK where rest > 0, Z_OK where unsafe stream.pointee.avail_out == 0: continue
            case Z_OK, Z_BUF_ERROR: throw .truncated
            default: throw .invalid
            }
        }
    }
}
