import SessionBase

/// What kind of value a JSON text continues with.
package enum JSONKind: Sendable {
    case object, array, string, number, boolean, null
}

/// A cursor over one JSON text (RFC 8259), which the caller asks for what it expects next.
///
/// The bytes are an argument of every call, so that the reader stays a small value without a lifetime: always pass the
/// same ones. Nothing is allocated. Strings come back as places in the text (``JSONText``), fully validated, and so do
/// numbers. After an error the reader must not be used further.
///
///     try reader.beginObject(in: bytes)
///     while let key = try reader.nextKey(in: bytes) {
///         if key.matches("type", in: bytes) { type = try reader.string(in: bytes) } else { try reader.skipValue(in: bytes) }
///     }
///     try reader.end(in: bytes)
package struct JSONReader: Sendable {
    /// Index of the next byte to be read.
    package internal(set) var offset = 0
    /// Objects and arrays that are open.
    var depth = 0
    /// How many may be open at once; at most 64, the width of the stack that `skipValue` keeps in one word.
    let maxDepth: Int
    /// Nothing was read yet of the innermost object or array, so no comma stands before the next item.
    var isAtFirstItem = false

    /// Makes a reader that stands before the first byte and refuses more than `maxDepth` (1...64) open containers.
    package init(maxDepth: Int = 32) {
        precondition((1...64).contains(maxDepth), "JSON depth must be 1...64")
        self.maxDepth = maxDepth
    }

    /// Skips white space and tells what kind of value follows, without reading it.
    package mutating func kind(in bytes: Span<UInt8>) throws(JSONError) -> JSONKind {
        switch peek(in: bytes) {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw failure(.value)
        }
    }

    // MARK: Objects and arrays

    /// Reads the opening brace of an object; ``nextKey(in:)`` follows until it returns `nil`.
    @inline(__always)
    package mutating func beginObject(in bytes: Span<UInt8>) throws(JSONError) {
        try open(UInt8(ascii: "{"), else: .object, in: bytes)
    }

    /// Reads up to the next value of the innermost object.
    ///
    /// - Returns: The key, the colon being read too; `nil` when the closing brace was read.
    @inline(__always)
    package mutating func nextKey(in bytes: Span<UInt8>) throws(JSONError) -> JSONText? {
        guard try findKey(in: bytes) else { return nil }
        let key = try scanString(in: bytes)
        try readColon(in: bytes)
        return key
    }

    /// The same as ``nextKey(in:)``, for keys that are compared with several known ones.
    @inline(__always)
    mutating func nextShortKey(in bytes: Span<UInt8>) throws(JSONError) -> ShortText? {
        guard try findKey(in: bytes) else { return nil }
        let key = try scanShortText(in: bytes)
        try readColon(in: bytes)
        return key
    }

    /// Reads up to the opening quote of the next key.
    ///
    /// - Returns: Whether there is one; `false` when the closing brace was read.
    @inline(__always)
    private mutating func findKey(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var byte = peek(in: bytes)
        if byte == UInt8(ascii: "}") {
            close()
            return false
        }
        if isAtFirstItem {
            isAtFirstItem = false
            guard byte == UInt8(ascii: "\"") else { throw failure(.key) }
        } else {
            guard byte == UInt8(ascii: ",") else { throw failure(.commaOrBrace) }
            offset &+= 1
            byte = peek(in: bytes)
            guard byte == UInt8(ascii: "\"") else { throw failure(.string) }
        }
        return true
    }

    @inline(__always)
    private mutating func readColon(in bytes: Span<UInt8>) throws(JSONError) {
        guard peek(in: bytes) == UInt8(ascii: ":") else { throw failure(.colon) }
        offset &+= 1
    }

    /// Reads the opening bracket of an array; ``nextElement(in:)`` follows until it returns `false`.
    package mutating func beginArray(in bytes: Span<UInt8>) throws(JSONError) {
        try open(UInt8(ascii: "["), else: .array, in: bytes)
    }

    /// Reads up to the next value of the innermost array.
    ///
    /// - Returns: Whether there is one; `false` when the closing bracket was read.
    @inline(__always)
    package mutating func nextElement(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let byte = peek(in: bytes)
        if byte == UInt8(ascii: "]") {
            close()
            return false
        }
        if isAtFirstItem {
            isAtFirstItem = false
        } else {
            guard byte == UInt8(ascii: ",") else { throw failure(.commaOrBracket) }
            offset &+= 1
            // A value must follow a comma, and whoever reads it would take the bracket for a missing value's place.
            guard peek(in: bytes) != UInt8(ascii: "]") else { throw failure(.value) }
        }
        return true
    }

    /// Reads the white space that may follow the outermost value; anything else is an error.
    @inline(__always)
    package mutating func end(in bytes: Span<UInt8>) throws(JSONError) {
        if offset < bytes.count { offset = Self.endOfWhiteSpace(from: offset, in: bytes) }
        guard offset == bytes.count else { throw failure(.end) }
    }

    // MARK: Steps

    /// Skips white space and returns the byte after it, or 0, which is no part of JSON, at the end.
    @inline(__always)
    mutating func peek(in bytes: Span<UInt8>) -> UInt8 {
        let byte = bytes.byte(orZeroAt: offset)
        if byte > UInt8(ascii: " ") { return byte }
        offset = Self.endOfWhiteSpace(from: offset, in: bytes)
        return bytes.byte(orZeroAt: offset)
    }

    /// Index of the first byte from `start` on that is no white space.
    ///
    /// As all that is rarely needed this is a call, and changes no reader: one that a call can change lies in memory.
    @inline(never)
    private static func endOfWhiteSpace(from start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index &+= 1
            default: return index
            }
        }
        return index
    }

    /// Opens an object or array.
    @inline(__always)
    private mutating func open(
        _ bracket: UInt8, else expectation: JSONError.Expectation, in bytes: Span<UInt8>
    ) throws(JSONError) {
        guard peek(in: bytes) == bracket else { throw failure(expectation) }
        guard depth < maxDepth else { throw failure(.shallowerNesting) }
        depth &+= 1
        offset &+= 1
        isAtFirstItem = true
    }

    /// Reads the closing bracket that `peek` saw; the container around it has had at least this item.
    @inline(__always)
    private mutating func close() {
        precondition(depth > 0, "closing an object or array that was never begun")
        depth &-= 1
        offset &+= 1
        isAtFirstItem = false
    }

    /// The error that the byte at ``offset`` is.
    func failure(_ expectation: JSONError.Expectation) -> JSONError {
        JSONError(offset: offset, expected: expectation)
    }
}
