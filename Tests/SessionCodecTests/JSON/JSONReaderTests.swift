import SessionCodec
import Testing

@Suite struct JSONReaderTests {
    private static let register = Array(
        """
        {"type":"register","payload":{"userId":"user-123","windowId":"window-abc","caseId":"CASE-001","slideId":null,\
        "timestamp":"2024-01-15T10:30:00Z"}}
        """.utf8)

    @Test func `a message is read field by field without copying`() throws {
        let bytes = Self.register
        var reader = JSONReader()
        var keys: [String] = []
        try reader.beginObject(in: bytes.span)
        while let key = try reader.nextKey(in: bytes.span) {
            keys.append(key.string(in: bytes.span))
            if key.matches("payload", in: bytes.span) {
                try reader.beginObject(in: bytes.span)
                while let key = try reader.nextKey(in: bytes.span) {
                    keys.append(key.string(in: bytes.span))
                    let place = try reader.skipValue(in: bytes.span)
                    if key.matches("slideId", in: bytes.span) {
                        #expect(String(decoding: bytes[place], as: UTF8.self) == "null")
                    }
                }
            } else {
                #expect(try reader.string(in: bytes.span).matches("register", in: bytes.span))
            }
        }
        try reader.end(in: bytes.span)
        #expect(keys == ["type", "payload", "userId", "windowId", "caseId", "slideId", "timestamp"])
        #expect(reader.offset == bytes.count)
    }

    @Test func `a value that is skipped is reported where it stands`() throws {
        let bytes = Array("[ 1 , {\"a\":[[],{}]} ,\"x\"]".utf8)
        var reader = JSONReader()
        var places: [String] = []
        try reader.beginArray(in: bytes.span)
        while try reader.nextElement(in: bytes.span) {
            places.append(String(decoding: bytes[try reader.skipValue(in: bytes.span)], as: UTF8.self))
        }
        try reader.end(in: bytes.span)
        #expect(places == ["1", "{\"a\":[[],{}]}", "\"x\""])
    }

    @Test(arguments: [
        ("{\"type\" \"a\"}", 8, JSONError.Expectation.colon), ("{\"a\":1,}", 7, .string), ("[1,]", 3, .value),
        ("[1 2]", 3, .commaOrBracket), ("{\"a\":1 \"b\":2}", 7, .commaOrBrace), ("{a:1}", 1, .key), ("", 0, .value),
        ("\"abc", 4, .closingQuote), ("\"a\tb\"", 2, .escapedCharacter), ("\"\\x\"", 2, .escape),
        ("\"\\u12G4\"", 5, .hexDigits), ("\"\\ud800\"", 1, .surrogatePair), ("\"\\ud800\\u0041\"", 7, .surrogatePair),
        ("-", 1, .digit), ("1.", 2, .digit), ("1e+", 3, .digit), ("01", 1, .end), ("tru", 0, .boolean),
        ("nul", 0, .null), ("1 1", 2, .end),
    ])
    func `an error says where it is and what should be there`(
        text: String, offset: Int, expected: JSONError.Expectation
    ) {
        #expect(throws: JSONError(offset: offset, expected: expected)) { try JSONValue.parse(text) }
        #expect(throws: JSONError(offset: offset, expected: expected)) {
            let bytes = Array(text.utf8)
            var reader = JSONReader()
            try reader.skipValue(in: bytes.span)
            try reader.end(in: bytes.span)
        }
    }

    @Test func `an error reads as a sentence`() {
        #expect(JSONError(offset: 17, expected: .colon).description == "expected ':' at byte 17")
    }

    @Test(arguments: [1, 2, 32, 64])
    func `nesting to the limit is read and one more is refused`(limit: Int) throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
            Array((String(repeating: open, count: depth) + String(repeating: close, count: depth)).utf8)
        }
        func skip(_ bytes: [UInt8]) throws {
            var reader = JSONReader(maxDepth: limit)
            try reader.skipValue(in: bytes.span)
            try reader.end(in: bytes.span)
        }
        try skip(nested(limit, "[", "]"))
        #expect(throws: JSONError(offset: limit, expected: .shallowerNesting)) {
            try skip(nested(limit + 1, "[", "]"))
        }
        func objects(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        }
        try skip(objects(limit))
        #expect(throws: JSONError(offset: 5 * limit, expected: .shallowerNesting)) { try skip(objects(limit + 1)) }
        #expect(try JSONValue.parse(objects(limit).span, maxDepth: limit)["a"] != nil)
    }

    @Test func `kinds are told without reading`() throws {
        let bytes = Array(" [null,true,-1,\"\",{},[]] ".utf8)
        var reader = JSONReader()
        #expect(try reader.kind(in: bytes.span) == .array)
        try reader.beginArray(in: bytes.span)
        var kinds: [JSONKind] = []
        while try reader.nextElement(in: bytes.span) {
            kinds.append(try reader.kind(in: bytes.span))
            try reader.skipValue(in: bytes.span)
        }
        #expect(kinds == [.null, .boolean, .number, .string, .object, .array])
    }

    @Test func `asking for another kind is an error at the value`() {
        let bytes = Array("  true".utf8)
        func error(_ read: (inout JSONReader, Span<UInt8>) throws(JSONError) -> Void) -> JSONError? {
            var reader = JSONReader()
            do throws(JSONError) { try read(&reader, bytes.span) } catch { return error }
            return nil
        }
        #expect(
            error { (r, b) throws(JSONError) in _ = try r.string(in: b) } == JSONError(offset: 2, expected: .string))
        #expect(
            error { (r, b) throws(JSONError) in _ = try r.number(in: b) } == JSONError(offset: 2, expected: .number))
        #expect(error { (r, b) throws(JSONError) in try r.null(in: b) } == JSONError(offset: 2, expected: .null))
        #expect(
            error { (r, b) throws(JSONError) in try r.beginObject(in: b) } == JSONError(offset: 2, expected: .object))
        #expect(error { (r, b) throws(JSONError) in try r.beginArray(in: b) } == JSONError(offset: 2, expected: .array))
        #expect(error { (r, b) throws(JSONError) in _ = try r.boolean(in: b) } == nil)
    }
}
