import SessionBase

/// What a reader found at a key that it knows: a kind and a place, in twelve bytes.
///
/// Requests remember one for each field until they know what the message is about.
struct FoundValue {
    enum Kind: UInt8 {
        /// The key was not found.
        case absent
        case null, text, number, object
        /// `true`, `false` or an array: no field of any message.
        case other
    }

    private var start: UInt32
    private var count: UInt32
    let kind: Kind
    private var hasEscapes = false
    private var isASCII = true

    /// Nothing was found.
    static var absent: FoundValue { FoundValue(.absent, 0..<0) }

    /// Notes a value; the text must be shorter than 4 GiB.
    init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
    }

    private init(_ text: JSONText) {
        self.init(.text, text.range)
        hasEscapes = text.hasEscapes
        isASCII = text.isASCII
    }

    /// Reads the next value; nearly always a string.
    init(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
        if reader.peek(in: bytes) == UInt8(ascii: "\"") {
            self.init(try reader.scanString(in: bytes))
            return
        }
        switch try reader.kind(in: bytes) {
        case .string: self.init(try reader.string(in: bytes))
        case .number: self.init(.number, try reader.number(in: bytes).range)
        case .object: self.init(.object, try reader.skipValue(in: bytes))
        case .null:
            try reader.null(in: bytes)
            self.init(.null, 0..<0)
        case .array, .boolean: self.init(.other, try reader.skipValue(in: bytes))
        }
    }

    /// Where the value stands; for a string, what is between the quotes.
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

    /// Where a string stands, its quotes included.
    var quotedRange: Range<Int> { Int(start) - 1..<Int(start) + Int(count) + 1 }

    /// The string that was found.
    var text: JSONText {
        JSONText(start: Int(start), count: Int(count), hasEscapes: hasEscapes, isASCII: isASCII)
    }
}
