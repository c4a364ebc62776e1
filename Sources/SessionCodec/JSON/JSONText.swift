import SessionBase

/// The place of a string in a JSON text, between its quotes: validated, not yet unescaped.
///
/// Every method is given the bytes that the reader was given.
package struct JSONText: Equatable, Sendable {
    /// Index of the byte after the opening quote.
    package var start: Int
    /// Bytes between the quotes, escapes as they are written.
    package var count: Int
    /// Whether there is an escape; without one the bytes are the characters.
    package var hasEscapes: Bool
    /// Whether all characters, unescaped, are ASCII.
    package var isASCII: Bool

    /// Marks `count` bytes from `start`.
    package init(start: Int, count: Int, hasEscapes: Bool = false, isASCII: Bool = true) {
        self.start = start
        self.count = count
        self.hasEscapes = hasEscapes
        self.isASCII = isASCII
    }

    /// Where the bytes between the quotes are.
    package var range: Range<Int> { start..<start + count }

    /// Whether there is nothing between the quotes.
    package var isEmpty: Bool { count == 0 }

    /// Tells whether the characters are those of `literal`; escapes count as what they mean.
    ///
    /// - Complexity: O(length of the literal), no allocation.
    @inline(__always)
    package func matches(_ literal: StaticString, in bytes: Span<UInt8>) -> Bool {
        if !hasEscapes { return count == literal.utf8CodeUnitCount && bytes.hasLiteral(literal, at: start) }
        // Safe: the pointer does not leave the closure, and a literal's bytes are constant data of the binary.
        return literal.withUTF8Buffer { unsafe equalsUnescaped(Span(_unsafeElements: $0), in: bytes) }
    }

    /// Tells whether the characters are those of the UTF-8 `other`; escapes count as what they mean.
    ///
    /// - Complexity: O(n), no allocation.
    package func equals(_ other: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        if !hasEscapes { return count == other.count && bytes.isEqual(from: start, count: count, to: other) }
        return equalsUnescaped(other, in: bytes)
    }

    /// Tells whether the characters are those of the UTF-8 `other`; escapes count as what they mean.
    package func equals(_ other: [UInt8], in bytes: Span<UInt8>) -> Bool { equals(other.span, in: bytes) }

    /// Appends the characters, unescaped, as UTF-8.
    package func append(to output: inout [UInt8], in bytes: Span<UInt8>) {
        guard hasEscapes else {
            output.append(copying: bytes.extracting(range))
            return
        }
        output.reserveCapacity(output.count + count)
        var characters = Characters(self)
        while let byte = characters.nextByte(in: bytes) { output.append(byte) }
    }

    /// The characters, unescaped.
    package func string(in bytes: Span<UInt8>) -> String {
        var unescaped: [UInt8] = []
        append(to: &unescaped, in: bytes)
        return String(decoding: unescaped, as: UTF8.self)
    }

    private func equalsUnescaped(_ other: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        var characters = Characters(self)
        for index in other.indices where characters.nextByte(in: bytes) != other[index] { return false }
        return characters.nextByte(in: bytes) == nil
    }

    /// Walks over the unescaped bytes of a text without storing them.
    private struct Characters {
        private var index: Int
        private let end: Int
        private var pending = PackedUTF8()

        init(_ text: JSONText) {
            index = text.start
            end = text.start + text.count
        }

        mutating func nextByte(in bytes: Span<UInt8>) -> UInt8? {
            if let byte = pending.next() { return byte }
            guard index < end else { return nil }
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                index += 1
                return byte
            }
            do {
                let escape = try JSONEscape(at: index, in: bytes)
                index += escape.length
                pending = PackedUTF8(escape.scalar)
                return pending.next()
            } catch {
                preconditionFailure("a JSONText was used with other bytes than those it was read from")
            }
        }
    }
}
