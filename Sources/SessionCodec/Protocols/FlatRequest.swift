import SessionBase

/// A request that is one object: what stands at the keys that it knows is remembered, and judged once all is read.
protocol FlatRequest {
    /// Remembers what was found at a key; the last of a repeated key counts.
    mutating func keep(_ value: FoundValue, as name: ShortText)
}

extension FlatRequest {
    /// Reads a whole text.
    ///
    /// - Returns: Whether it is an object.
    @inline(__always)
    mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            try reader.skipValue(in: bytes)
            try reader.end(in: bytes)
            return false
        }
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) { keep(try FoundValue(&reader, bytes), as: name) }
        try reader.end(in: bytes)
        return true
    }
}

/// The types of message of a protocol, numbered from 0 on, the frequent ones first.
protocol SpelledKind: RawRepresentable where RawValue == Int {
    /// How the type is spelled on the wire.
    var spelling: StaticString { get }
}

extension FoundValue {
    /// The kind that a text names.
    @inline(__always)
    func spelledKind<Kind: SpelledKind>(in bytes: Span<UInt8>) -> Kind? {
        var place = 0
        while let candidate = Kind(rawValue: place) {
            if text.matches(candidate.spelling, in: bytes) { return candidate }
            place += 1
        }
        return nil
    }
}
