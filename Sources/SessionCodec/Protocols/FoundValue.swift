import SessionBase

/// What a reader found at a key that it knows: a kind and a place, in nine bytes that are stored at once.
///
/// Requests remember one for each field until they know what the message is about.
struct FoundValue {
    enum Kind: UInt8 {
        /// The key was not found.
        case absent
        case null, number, object
        /// `true`, `false` or an array: no field of any message.
        case other
        /// A string with escapes, or one that leaves ASCII, or both.
        case anyText
        /// A string of plain ASCII without escapes.
        case plainText
        /// The same without space and control characters: an identifier, if it is neither empty nor too long.
        case graphicText
    }

    /// The start in the lower half, the count in the upper one.
    private let place: UInt64
    let kind: Kind

    /// Nothing was found.
    static var absent: FoundValue { FoundValue(.absent, start: 0, count: 0) }

    /// Notes a value; the text must be shorter than 4 GiB.
    @inline(__always)
    init(_ kind: Kind, start: Int, count: Int) {
        self.kind = kind
        place = UInt64(truncatingIfNeeded: count) << 32 | UInt64(UInt32(truncatingIfNeeded: start))
    }

    @inline(__always)
    private init(_ text: JSONText) {
        self.init(text.hasEscapes || !text.isASCII ? .anyText : .plainText, start: text.start, count: text.count)
    }

    /// Reads the next value; nearly always a string as ids are.
    @inline(__always)
    init(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        if reader.peek(in: bytes) == UInt8(ascii: "\""), let text = reader.scanGraphicString(in: bytes) {
            self.init(.graphicText, start: text.start, count: text.count)
        } else {
            (self, reader.offset) = try Self.any(at: reader, bytes)
        }
    }

    /// Reads a value of any kind.
    ///
    /// - Returns: The value, and the offset after it. The reader is a copy: one that a call can change lies in memory.
    @inline(never)
    static func any(
        at reader: JSONReader, _ bytes: Span<UInt8>
    ) throws(JSONError) -> (value: FoundValue, end: Int) {
        var reader = reader
        let kind = try reader.kind(in: bytes)
        if kind == .string { return (FoundValue(try reader.scanString(in: bytes)), reader.offset) }
        let range = try reader.skipValue(in: bytes)
        let value =
            switch kind {
            case .number: FoundValue(.number, start: range.lowerBound, count: range.count)
            case .object: FoundValue(.object, start: range.lowerBound, count: range.count)
            case .null: FoundValue(.null, start: 0, count: 0)
            case .string, .array, .boolean: FoundValue(.other, start: range.lowerBound, count: range.count)
            }
        return (value, reader.offset)
    }

    private var start: Int { Int(place & 0xFFFF_FFFF) }
    private var count: Int { Int(place >> 32) }

    /// Whether the key was found.
    @inline(__always)
    var isPresent: Bool { kind.rawValue != Kind.absent.rawValue }

    /// Whether the value is a string.
    @inline(__always)
    var isText: Bool { kind.rawValue >= Kind.anyText.rawValue }

    /// Whether the value is a string with the characters of the UTF-8 `other`.
    @inline(__always)
    func equals(_ other: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        if case .anyText = kind { return text.equals(other, in: bytes) }
        return isText && count == other.count && bytes.isEqual(from: start, count: count, to: other)
    }

    /// Whether the value is a string that is an identifier.
    @inline(__always)
    func isIdentifier(in bytes: Span<UInt8>) -> Bool {
        if case .graphicText = kind { return 1...IdentifierRule.scalarsMax ~= count }
        return isText && IdentifierRule.allows(text, in: bytes)
    }

    /// Where the value stands; for a string, what is between the quotes.
    var range: Range<Int> { start..<start + count }

    /// Where a string stands, its quotes included.
    var quotedRange: Range<Int> { start - 1..<start + count + 1 }

    /// The string that was found; one that is not plain is taken to have escapes and to leave ASCII.
    @inline(__always)
    var text: JSONText {
        JSONText(start: start, count: count, hasEscapes: kind == .anyText, isASCII: kind != .anyText)
    }
}
