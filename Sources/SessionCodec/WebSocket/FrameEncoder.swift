import SessionBase

/// Writes frames (RFC 6455 §5).
package enum FrameEncoder {
    /// Appends one frame.
    ///
    /// - Parameters:
    ///   - header: Its `payloadBytes` must be the payload's count; a `maskKey` masks the copy that is written.
    ///   - payload: The plain payload.
    ///   - output: Grows by the header and the payload, geometrically.
    /// - Complexity: O(n), one copy.
    package static func append(_ header: FrameHeader, _ payload: Span<UInt8>, to output: inout [UInt8]) {
        precondition(header.payloadBytes == payload.count, "a frame header that counts another payload")
        if header.maskKey == nil, payload.count <= FrameHeader.controlPayloadBytesMax {
            // What a server mostly sends: a header of two bytes.
            output.append(header.firstByte)
            output.append(UInt8(truncatingIfNeeded: payload.count))
            return output.append(copying: payload)
        }
        output.append(addingCapacity: FrameHeader.bytesMax) { header.write(to: &$0) }
        output.append(copying: payload)
        guard let maskKey = header.maskKey else { return }
        var bytes = output.mutableSpan
        var copy = bytes._mutatingExtracting(bytes.count &- payload.count..<bytes.count)
        _ = Masking.apply(maskKey, to: &copy)
    }
}
