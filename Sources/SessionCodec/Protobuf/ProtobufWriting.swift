import SessionBase

/// The wire format of Protocol Buffers, appended field by field.
extension [UInt8] {
    /// Appends a number, seven bits a byte, the lowest first.
    package mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a field with a varint.
    package mutating func appendProtobuf(_ number: Int, varint value: UInt64) {
        appendVarint(UInt64(number) << 3)
        appendVarint(value)
    }

    /// Appends a field with a double.
    package mutating func appendProtobuf(_ number: Int, double value: Double) {
        appendVarint(UInt64(number) << 3 | 1)
        for place in 0..<8 { append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * place))) }
    }

    /// Appends a field with a string's bytes.
    package mutating func appendProtobuf(_ number: Int, bytes: Span<UInt8>) {
        appendVarint(UInt64(number) << 3 | 2)
        appendVarint(UInt64(bytes.count))
        append(copying: bytes)
    }

    /// Appends a field with whatever `body` writes: a message or a string.
    ///
    /// - Complexity: what is longer than 127 bytes is moved once, to make room for its length.
    mutating func appendProtobuf<Failure: Error>(
        _ number: Int, _ body: (inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        appendVarint(UInt64(number) << 3 | 2)
        let place = count
        append(0)
        try body(&self)
        let length = count - place - 1
        if length < 0x80 {
            self[place] = UInt8(length)
        } else {
            var varint: [UInt8] = []
            varint.appendVarint(UInt64(length))
            replaceSubrange(place...place, with: varint)
        }
    }
}
