import SessionCodec
import Testing

@Suite struct JSONTextTests {
    private static func read(_ json: String) throws -> (text: JSONText, bytes: [UInt8]) {
        let bytes = Array(json.utf8)
        var reader = JSONReader()
        return (try reader.string(in: bytes.span), bytes)
    }

    @Test(arguments: [
        (#""""#, "", false, true), (#""abc""#, "abc", false, true), (#""a\"b\\c\/d""#, "a\"b\\c/d", true, true),
        (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t", true, true), (#""\u0041\u0000""#, "A\u{0}", true, true),
        (#""\u00e9""#, "é", true, false), (#""é""#, "é", false, false), (#""\u20AC""#, "€", true, false),
        (#""\ud834\udd1e""#, "𝄞", true, false), (#""x\uDBFF\uDFFFy""#, "x\u{10FFFF}y", true, false),
        (#""\\u0041""#, "\\u0041", true, true),
        (#""a long text without any escape""#, "a long text without any escape", false, true),
        (#""\u007f\u0080""#, "\u{7F}\u{80}", true, false),
        (#""\u07ff\u0800\uffff""#, "\u{7FF}\u{800}\u{FFFF}", true, false),
    ])
    func `escapes mean characters`(json: String, string: String, hasEscapes: Bool, isASCII: Bool) throws {
        let (text, bytes) = try Self.read(json)
        #expect(text.string(in: bytes.span) == string)
        #expect(text.hasEscapes == hasEscapes)
        #expect(text.isASCII == isASCII)
        let isEqual = text.equals(Array(string.utf8), in: bytes.span)
        #expect(isEqual)
        var appended: [UInt8] = [1]
        text.append(to: &appended, in: bytes.span)
        #expect(appended == [1] + Array(string.utf8))
    }

    @Test func `a text equals nothing that is longer, shorter or different`() throws {
        for json in [#""abcdefghij""#, #""\u0061bcdefghi\u006a""#] {
            let (text, bytes) = try Self.read(json)
            func equals(_ other: String) -> Bool { text.equals(Array(other.utf8), in: bytes.span) }
            #expect(equals("abcdefghij"))
            for other in ["", "abcdefghi", "abcdefghijk", "abcdefghiJ", "Abcdefghij", "abcdefgh\u{0}j"] {
                #expect(!equals(other), "\(other)")
            }
        }
    }

    @Test func `a key is found whether or not it is written with escapes`() throws {
        for json in [#""windowId""#, #""window\u0049d""#, #""\u0077indowId""#] {
            let (text, bytes) = try Self.read(json)
            let found = [
                text.matches("windowId", in: bytes.span), text.matches("windowI", in: bytes.span),
                text.matches("windowIds", in: bytes.span), text.matches("caseId", in: bytes.span),
            ]
            #expect(found == [true, false, false, false])
        }
    }

    @Test(arguments: [#""plain""#, #""wi\u0074h \"escapes\" and é \ud834\udd1e\n""#, #""\/""#])
    func `a text is written again with the same characters`(json: String) throws {
        let (text, bytes) = try Self.read(json)
        var copy: [UInt8] = []
        copy.appendJSON(text, in: bytes.span)
        let (again, place) = (try Self.read(String(decoding: copy, as: UTF8.self)), text.string(in: bytes.span))
        #expect(again.text.string(in: again.bytes.span) == place)
    }
}

@Suite struct JSONNumberTests {
    private static func read(_ json: String) throws -> (number: JSONNumber, bytes: [UInt8]) {
        let bytes = Array(json.utf8)
        var reader = JSONReader()
        return (try reader.number(in: bytes.span), bytes)
    }

    @Test(arguments: [
        ("0", 0 as Int64?, 0 as UInt64?), ("-0", 0, nil), ("1", 1, 1), ("-1", -1, nil),
        ("9223372036854775807", .max, 9_223_372_036_854_775_807),
        ("9223372036854775808", nil, 9_223_372_036_854_775_808),
        ("-9223372036854775808", .min, nil), ("-9223372036854775809", nil, nil),
        ("18446744073709551615", nil, .max), ("18446744073709551616", nil, nil), ("99999999999999999999999", nil, nil),
        ("1.0", nil, nil), ("1e2", nil, nil),
    ])
    func `an integer is exact or it is none`(json: String, signed: Int64?, unsigned: UInt64?) throws {
        let (number, bytes) = try Self.read(json)
        #expect(number.integer(in: bytes.span) == signed)
        #expect(number.unsigned(in: bytes.span) == unsigned)
    }

    @Test(arguments: [
        ("0", 0 as Double?), ("-0.5", -0.5), ("1e2", 100), ("1.25E-2", 0.0125), ("1e308", 1e308), ("1e309", nil),
        ("-1e400", nil), ("1e-400", 0), ("9007199254740993", 9_007_199_254_740_992),
    ])
    func `a double is the nearest one and never infinite`(json: String, value: Double?) throws {
        let (number, bytes) = try Self.read(json)
        #expect(number.double(in: bytes.span) == value)
        #expect(number.text(in: bytes.span) == json)
    }
}
