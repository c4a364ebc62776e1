import SessionCodec
import Testing

/// RFC 8259 by cases, grouped as in the well-known test suite: what every parser must accept, what none may, and what is
/// left to the parser, with our answer to it.
@Suite struct JSONGrammarTests {
    /// Both readers' verdicts, which must agree: the tree's and the one that skips.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        let tree = try? JSONValue.parse(bytes.span)
        var reader = JSONReader()
        let skipped: Bool
        do {
            try reader.skipValue(in: bytes.span)
            try reader.end(in: bytes.span)
            skipped = true
        } catch {
            skipped = false
        }
        #expect((tree != nil) == skipped, "the two readers disagree about \(bytes)")
        return skipped
    }

    static let accepted: [String] = [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "123456789012345678901234567890", "0.0", "-0.5", "1.25",
        "1e0", "1E5", "1e+5", "1e-5", "1.5e300", "0e0", "0e+1", "-0e-1", "0.1e1", "1e999", "-1e999", "1e-999", "20e1",
        "\"\"", "\" \"", "\"a\"", "\"abcdefgh\"", "\"abcdefg\"", "\"abcdefghi\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"",
        "\"\\b\\f\\n\\r\\t\"", "\"/\"", "\"\\u0000\"", "\"\\u001f\"", "\"\\u0041\"", "\"\\u00e9\"", "\"\\u20ac\"",
        "\"\\uD834\\uDD1E\"", "\"\\udbff\\udfff\"", "\"\\ud800\\udc00\"", "\"\\uFFFF\"", "\"\\uFFFE\"", "\"\\ufdd0\"",
        "\"\\\\u0041\"", "\"\\\\n\"", "\"\\u0022\"", "\"\\u005C\"", "\"a\\\"b\"", "\"\u{7F}\"", "\"é\"", "\"€\"",
        "\"𝄞\"",
        "\"\u{80}\"", "\"\u{7FF}\"", "\"\u{800}\"", "\"\u{D7FF}\"", "\"\u{E000}\"", "\"\u{FFFF}\"", "\"\u{10000}\"",
        "\"\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"", "\"abcdefgé\"", "\"abcdefghé\"", "\"'\"", "\"/* */\"",
        "[]", "[ ]", "[[]]", "[1]", "[1,2]", "[ 1 , 2 ]", "[1,null,\"a\",{},[]]", "[\"a\"]", "[[],[]]", "[\"\"]",
        "[1\n]", "[\t]", "\r\n[\r\n]\r\n", " [] ", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[false,true]",
        "{}", "{ }", "{\"\":0}", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{ \"a\" : 1 , \"b\" : 2 }", "{\"a\":{\"b\":{}}}",
        "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"\\u0061\":1}", "{\"a\\u0000b\":1}", "{\"é\":1}", "{\"a\":[]}",
        "{\n\"a\":\n1\n}", "{\"a\":\"b\",\"c\":\"d\"}", "{\"min\":-1.0e+28,\"max\":1.0e+28}", "\t1", "1\n", " \"a\" ",
    ]

    static let refused: [String] = [
        "", " ", "\n", "a", "'a'", "nul", "nulll", "Null", "NULL", "tru", "truee", "True", "fals", "falsy", "nan",
        "NaN",
        "Infinity", "-Infinity", "-NaN", "undefined", "+1", "++1", "-", "--1", "- 1", "01", "-01", "00", "1.", ".1",
        "-.1", "1.e1", "1e", "1E", "1e+", "1e-", "1e1.5", "1.5.5", "0x10", "0X1", "1a", "1_000", "1,000", "1 2", "0 0",
        "1f", "-1a", "2.e+3", "0.3e", "0e", "0e+", "9.e+", "0.e1", "1+2", "[-]", "[1.]", "[.5]", "[0x1]", "[+1]",
        "[1e]",
        "\"", "\"a", "a\"", "'", "\"\\\"", "\"\\", "\"\\a\"", "\"\\x41\"", "\"\\0\"", "\"\\'\"", "\"\\U0041\"",
        "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\u00A\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800a\"", "\"\\ud800\\n\"",
        "\"\\ud800\\u\"", "\"\\ud800\\u1\"", "\"\\ud800\\u0041\"", "\"\\ud8\"", "\"\\ud834\\udd\"",
        "\"\\uD834\\uGD1E\"",
        "\"\n\"", "\"\r\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\"a\nb\"", "\"abcdefg\u{1}\"", "\"abcdefgh\u{1F}\"",
        "\"a\"x", "\"a\" \"b\"", "\"a\"\"b\"", "\\u0022a\"", "\"a\u{0}", "\"é", "\\\"a\"", "é",
        "[", "]", "[1", "[1,", "[,", "[,]", "[1,]", "[1,,2]", "[,1]", "[1 2]", "[1:2]", "[\"a\"", "[\"a\",", "[1}",
        "[[]",
        "[]]", "[][]", "[] []", "[1]x", "[a]", "['a']", "[\"a\"\"b\"]", "[\"a\":1]", "[1;2]", "[\u{B}]", "[\u{A0}]",
        "[\u{FEFF}]", "[\\n]", "[\"a\\", "[\"", "[{}", "[1,\n1\n,1", "[\"x\"]]", "[3[4]]", "[\u{0}]", "[*]", "[<null>]",
        "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\":1,,\"b\":2}",
        "{\"a\" 1}", "{\"a\"}", "{\"a\":}", "{:1}", "{1:1}", "{a:1}", "{'a':1}", "{null:1}", "{\"a\":1 \"b\":2}",
        "{\"a\"::1}", "{\"a\":1:2}", "{\"a\",1}", "{[]:1}", "{\"a\":1]", "{\"a\":1}}", "{\"a\":1}{}", "{\"a\":1}#",
        "{\"a\":1}//", "{\"a\":/**/1}", "// \n{}", "{\"a\":'b'}", "{\"a\\n\":1", "{{}}", "{\"a\":1;}", "{\"a\":TRUE}",
        "{\"a\" \"b\"}", "{\"a\":\"b\",\"c\"}", "{\"a\":b}", "{\"\\ud800\":1}", "{\"a\nb\":1}", "{\"a\":1,\"b\"", "*",
        "$",
        "\u{FEFF}{}", "\u{2060}", "\u{B}1", "\u{C}1", "1\u{0}", "<null>", "[\"a\",\n4\n,1,", "{}}", "{]", "[}",
        "[1,\"\u{1}\"]", "{\"a\":\"\u{0}\"}", "123\u{0}", "[True]", "[fals]", "\u{0}",
    ]

    /// Bytes that no Swift string holds.
    static let refusedBytes: [(name: String, bytes: [UInt8])] = [
        ("a lone tail", [0x80]), ("two tails", [0xBF, 0x80]), ("a cut sequence of two", [0xC3]),
        ("an overlong slash of two", [0xC0, 0xAF]), ("an overlong NUL", [0xC0, 0x80]), ("a lead of C1", [0xC1, 0xBF]),
        ("an overlong slash of three", [0xE0, 0x80, 0xAF]), ("an overlong slash of four", [0xF0, 0x80, 0x80, 0xAF]),
        ("a high surrogate", [0xED, 0xA0, 0x80]), ("a low surrogate", [0xED, 0xBF, 0xBF]),
        ("a pair of surrogates", [0xED, 0xA0, 0x81, 0xED, 0xB0, 0x80]), ("beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
        ("a lead of F5", [0xF5, 0x80, 0x80, 0x80]), ("a lead of five", [0xF8, 0x88, 0x80, 0x80, 0x80]),
        ("a lead of six", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]), ("FE", [0xFE]), ("FF", [0xFF]),
        ("a cut sequence of three", [0xE2, 0x82]), ("a cut sequence of four", [0xF0, 0x9F, 0x98]),
        ("Latin-1", [0x61, 0xE9, 0x62]), ("an escape inside of a sequence", [0xE2, 0x5C, 0x6E]),
    ]

    @Test(arguments: accepted)
    func `JSON is accepted`(text: String) {
        #expect(Self.accepts(Array(text.utf8)))
    }

    @Test(arguments: refused)
    func `what only looks like JSON is refused`(text: String) {
        #expect(!Self.accepts(Array(text.utf8)))
    }

    @Test(arguments: refusedBytes)
    func `a string that is not UTF-8 is refused wherever it is broken`(name: String, bytes: [UInt8]) {
        for padding in 0..<9 {
            let text = Array("\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: padding) + bytes
            #expect(!Self.accepts(text + Array("\"".utf8)), "\(name) after \(padding)")
            #expect(!Self.accepts(text + Array("abcdefgh\"".utf8)), "\(name) after \(padding)")
            #expect(!Self.accepts(text), "\(name) after \(padding)")
        }
    }

    @Test func `UTF-16 and a byte order mark are refused`() {
        #expect(!Self.accepts([0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00]))
        #expect(!Self.accepts([0x00, 0x5B, 0x00, 0x5D]))
        #expect(!Self.accepts([0xEF, 0xBB, 0xBF, 0x5B, 0x5D]))
    }

    @Test(arguments: accepted)
    func `every beginning of a text but a number is refused`(text: String) {
        let bytes = Array(text.utf8)
        guard let whole = try? JSONValue.parse(bytes.span) else { return }
        if case .number = whole { return }
        let trimmed = bytes.prefix { _ in true }.reversed().drop { $0 <= 0x20 }.reversed()
        for count in 0..<trimmed.count { #expect(!Self.accepts(Array(bytes.prefix(count))), "\(count) bytes") }
    }
}
