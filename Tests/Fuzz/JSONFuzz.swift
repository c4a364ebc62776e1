import SessionBase
import SessionCodec

/// Two readers that must agree, and texts that must survive being written.
enum JSONFuzz {
    static let seeds: [[UInt8]] = [
        #"{"type":"register","payload":{"userId":"u","windowId":"w","caseId":"c","slideId":null}}"#,
        #"[1,-0,1.5e+300,18446744073709551615,true,false,null,"",{},[[]]]"#,
        #""\"\\\/\b\f\n\r\t\u0041\ud834\udd1e é€𝄞""#, "2024-01-15T10:30:00.123+01:00", #"{"a":1,"a":2}"#,
    ].map { FuzzInput.bytes(Array($0.utf8)) }

    static func check(_ input: FuzzInput) {
        let bytes = input.payload
        checkTimestamp(bytes)
        let tree = Result { () throws(JSONError) in try JSONValue.parse(bytes.span) }
        let skipped = Result { () throws(JSONError) in try skip(bytes.span) }
        switch (tree, skipped) {
        case (.success(let value), .success):
            require(String(validating: bytes, as: UTF8.self) != nil, "text that is not UTF-8 was accepted")
            checkWriting(value)
            checkString(bytes)
            require(
                (try? JSONValue.parse(bytes.span, maxDepth: 64)) == value, "a larger limit reads another value")
        case (.failure(let left), .failure(let right)):
            require(left == right && 0...bytes.count ~= left.offset, "two errors: \(left), \(right)")
        default: fatalError("the readers disagree")
        }
    }

    private static func skip(_ bytes: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        try reader.skipValue(in: bytes)
        try reader.end(in: bytes)
    }

    private static func checkWriting(_ value: JSONValue) {
        let text = value.text()
        require((try? JSONValue.parse(text)) == value, "what was written reads back as something else")
        require(
            (try? JSONValue.parse(value.text(pretty: true))) == value, "the pretty text reads back differently")
        require((try? JSONValue.parse(text))?.text() == text, "the text changes when it is written again")
        require(value.matches(pattern: value), "a value does not match itself")
    }

    /// A string alone: compared in place, unescaped and written again.
    private static func checkString(_ bytes: [UInt8]) {
        var reader = JSONReader()
        guard let text = try? reader.string(in: bytes.span) else { return }
        let string = text.string(in: bytes.span)
        require(text.equals(Array(string.utf8), in: bytes.span), "a string differs from its own characters")
        require(!text.equals(Array(string.utf8) + [0], in: bytes.span), "a string equals a longer one")
        require(text.isASCII == string.utf8.allSatisfy { $0 < 0x80 }, "isASCII is wrong")
        var copy: [UInt8] = []
        copy.appendJSON(text, in: bytes.span)
        var written: [UInt8] = []
        written.appendJSON(string)
        require(text.hasEscapes || copy == written, "two writers differ")
        require((try? JSONValue.parse(copy.span)) == .string(string), "a copied string is another one")
        require((try? JSONValue.parse(written.span)) == .string(string), "a written string is another one")
    }

    private static func checkTimestamp(_ bytes: [UInt8]) {
        guard let time = Timestamp(parsing: bytes.span), 0...9999 ~= time.date.year else { return }
        require(Timestamp(parsing: Array(time.text.utf8).span) == time, "a time reads back as another one")
    }
}
