extension JSONReader {
    /// Reads one value of any kind, checking it fully.
    ///
    /// - Returns: Where its bytes are, without white space around them.
    /// - Complexity: O(n), no allocation: the open containers are bits of one word.
    @discardableResult
    package mutating func skipValue(in bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        let kind = try kind(in: bytes)
        let start = offset
        switch kind {
        case .object, .array: try skipContainer(in: bytes)
        default: try skipScalar(kind, in: bytes)
        }
        return start..<offset
    }

    private mutating func skipScalar(_ kind: JSONKind, in bytes: Span<UInt8>) throws(JSONError) {
        switch kind {
        case .string: _ = try scanString(in: bytes)
        case .number: _ = try number(in: bytes)
        case .boolean: _ = try boolean(in: bytes)
        case .null: try null(in: bytes)
        case .object, .array: preconditionFailure("a container is no scalar")
        }
    }

    /// Reads a whole object or array.
    private mutating func skipContainer(in bytes: Span<UInt8>) throws(JSONError) {
        let outerDepth = depth
        // Bit 0 is the innermost container: 1 for an object, 0 for an array.
        var containers: UInt64 = 0
        repeat {
            if depth > outerDepth, try !hasNextItem(inObject: containers & 1 == 1, in: bytes) {
                containers >>= 1
                continue
            }
            let kind = try kind(in: bytes)
            switch kind {
            case .object:
                try beginObject(in: bytes)
                containers = containers << 1 | 1
            case .array:
                try beginArray(in: bytes)
                containers <<= 1
            default: try skipScalar(kind, in: bytes)
            }
        } while depth > outerDepth
    }

    /// Reads up to the next value of the innermost container, or its closing bracket.
    private mutating func hasNextItem(inObject: Bool, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        if inObject { try nextKey(in: bytes) != nil } else { try nextElement(in: bytes) }
    }
}
