import SessionBase

/// A request that is one object: what stands at the keys that it knows is remembered, and judged once all is read.
protocol FlatRequest {
    /// Why it may be refused.
    associatedtype Code: RefusalCode

    /// What was found at `type` and `id`.
    var type: FoundValue { get }
    var id: FoundValue { get }

    /// Remembers what was found at a key; the last of a repeated key counts.
    mutating func keep(_ value: FoundValue, as name: ShortText)
}

extension FlatRequest {
    /// Reads a whole text, which must be an object.
    @inline(__always)
    mutating func read(_ bytes: Span<UInt8>) throws(Refusal<Code>) {
        precondition(bytes.count <= Int(UInt32.max), "a message is shorter than 4 GiB")
        var isObject = false
        do { isObject = try readText(bytes) } catch { throw Refusal(.invalidJSON, problem: error) }
        guard isObject else { throw Refusal(.invalidMessage) }
    }

    /// Checks id and type, and tells the kind that the type names.
    ///
    /// - Parameter isKnown: Whether there are messages of a kind here.
    @inline(__always)
    func judgedKind<Kind: Spelled & RawRepresentable<Int>>(
        _ bytes: Span<UInt8>, where isKnown: (Kind) -> Bool = { _ in true }
    ) throws(Refusal<Code>) -> Kind {
        guard id.isTag(in: bytes) else { throw .field("id") }
        guard type.isText else { throw .field("type") }
        guard let kind: Kind = type.spelledKind(in: bytes), isKnown(kind) else {
            throw Refusal(.unknownType, type: type.text.string(in: bytes))
        }
        return kind
    }

    /// - Returns: Whether the text is an object.
    @inline(__always)
    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
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

extension FoundValue {
    /// Whether there is no correlation id, or one that is allowed.
    fileprivate func isTag(in bytes: Span<UInt8>) -> Bool {
        !isPresent || (kind == .number && range.count <= MessageTag.numberBytesMax) || isIdentifier(in: bytes)
    }

    /// A correlation id: a string that is an identifier, or a number of reasonable length.
    func tag(in bytes: Span<UInt8>) -> MessageTag? {
        if kind == .number, range.count <= MessageTag.numberBytesMax { return .number(spelling(in: bytes)) }
        return isIdentifier(in: bytes) ? .text(text.string(in: bytes)) : nil
    }

    /// The kind that a text names; kinds are numbered from 0 on, the frequent ones first.
    @inline(__always)
    fileprivate func spelledKind<Kind: Spelled & RawRepresentable<Int>>(in bytes: Span<UInt8>) -> Kind? {
        var place = 0
        while let candidate = Kind(rawValue: place) {
            if text.matches(candidate.spelling, in: bytes) { return candidate }
            place += 1
        }
        return nil
    }
}
