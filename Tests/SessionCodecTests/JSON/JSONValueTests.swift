import SessionBase
import SessionCodec
import Testing

@Suite struct JSONValueTests {
    @Test func `a key given twice keeps its place and has its last value`() throws {
        let value = try JSONValue.parse(#"{"a":1,"b":2,"a":3}"#)
        #expect(value.text() == #"{"a":3,"b":2}"#)
        #expect(try JSONValue.parse(#"{"\u0061":1,"a":2}"#).text() == #"{"a":2}"#)
    }

    @Test func `composed and decomposed characters are different keys and different strings`() throws {
        let value = try JSONValue.parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    }

    @Test func `a large object finds, replaces and removes its keys`() {
        var object = JSONObject()
        for number in 0..<100 { object["key\(number)"] = .number("\(number)") }
        object["key50"] = "changed"
        object["key0"] = nil
        object["nothing"] = nil
        #expect(object.members.count == 99)
        #expect(object["key0"] == nil)
        #expect(object["key50"] == "changed")
        #expect(object["key99"] == 99)
        #expect(object.members.first?.key == "key1")
        for number in 1..<99 { object["key\(number)"] = nil }
        #expect(object["key99"] == 99)
        #expect(object.members.count == 1)
    }

    @Test func `an object of many keys is read in linear time`() throws {
        let count = 50_000
        let text = "{" + (0..<count).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSONValue.parse(text)["k49999"] == 1)
    }

    @Test(arguments: [
        ("1", "1.0", true), ("100", "1e2", true), ("9007199254740993", "9007199254740992", false), ("0", "-0", true),
        ("1e999", "1e998", false), ("1e999", "1e999", true), ("18446744073709551615", "18446744073709551614", false),
        ("1", "\"1\"", false), ("null", "false", false), ("[1,2]", "[1,2]", true), ("[1,2]", "[2,1]", false),
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true), (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
    ])
    func `values are equal by what they mean`(left: String, right: String, areEqual: Bool) throws {
        #expect((try JSONValue.parse(left) == JSONValue.parse(right)) == areEqual)
        #expect((try JSONValue.parse(right) == JSONValue.parse(left)) == areEqual)
    }

    @Test(arguments: [
        (#"{"type":"pong"}"#, true), (#"{}"#, true), (#"{"payload":{"n":1.0}}"#, true),
        (#"{"payload":{"list":[1,{"b":2}]}}"#, true), (#"{"payload":{"list":[1]}}"#, false),
        (#"{"payload":{"list":[1,{}]}}"#, true), (#"{"payload":{"m":null}}"#, false),
        (#"{"payload":{"z":null}}"#, true),
        (#"{"type":"ping"}"#, false), (#"[]"#, false), (#"{"payload":[]}"#, false),
    ])
    func `a pattern may leave fields out but nothing else`(pattern: String, matches: Bool) throws {
        let value = try JSONValue.parse(#"{"type":"pong","payload":{"n":1,"list":[1,{"a":1,"b":2}],"z":null}}"#)
        #expect(try value.matches(pattern: .parse(pattern)) == matches)
    }

    @Test(arguments: [
        ("[1,3]", true), ("[1,2,3]", true), ("[2]", true), ("[3,1]", false), ("[1,1]", false), ("[4]", false),
        ("[]", false), (#"[{"a":{"list":["y"]}}]"#, true), (#"[{"a":{"list":[]}}]"#, false),
        (#"[2,{"b":[]},3]"#, true), (#"[{"b":[]},3]"#, true), (#"[{"a":{"list":[]}},3]"#, false),
    ])
    func `an array may have more than the pattern's elements where the rule is so`(
        pattern: String, matches: Bool
    ) throws {
        let value = try JSONValue.parse(#"[1,2,{"a":{"list":["x","y"]},"b":[]},3]"#)
        #expect(try value.matches(pattern: .parse(pattern), elements: .some) == matches)
    }

    @Test func `a value is written compactly or one item a line`() throws {
        let value: JSONValue = ["a": [1, true, nil, "x\"\n\u{1}"], "b": [:], "c": []]
        #expect(value.text() == #"{"a":[1,true,null,"x\"\n\u0001"],"b":{},"c":[]}"#)
        #expect(
            value.text(pretty: true) == """
                {
                  "a": [
                    1,
                    true,
                    null,
                    "x\\"\\n\\u0001"
                  ],
                  "b": {},
                  "c": []
                }
                """)
    }

    @Test func `parts are read by kind`() throws {
        let value = try JSONValue.parse(#"{"s":"a","i":7,"d":1.5,"b":true,"l":[1],"big":1e999}"#)
        #expect(value["s"]?.string == "a" && value["i"]?.integer == 7 && value["d"]?.double == 1.5)
        #expect(value["b"]?.boolean == true && value["l"]?.elements == [1] && value["l"]?[0] == 1)
        #expect(value["l"]?[1] == nil && value["x"] == nil && value[0] == nil && value["big"]?.double == nil)
        #expect(value["s"]?.integer == nil && value["i"]?.string == nil && value["b"]?.elements == nil)
    }

    @Test func `what is written reads back the same`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let value = RandomJSON.value(depth: 4, using: &random)
            #expect(try JSONValue.parse(value.text()) == value, "seed \(seed)")
            #expect(try JSONValue.parse(value.text(pretty: true)) == value, "seed \(seed)")
            #expect(try JSONValue.parse(value.text()).text() == value.text(), "seed \(seed)")
        }
    }

    @Test func `changing any byte gives JSON or an error, never a trap`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Array(RandomJSON.value(depth: 3, using: &random).text().utf8)
            for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = JSONGrammarTests.accepts(bytes)
        }
    }
}

/// Random trees with everything that JSON can hold.
enum RandomJSON {
    static func value(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: depth > 0 ? 0...6 : 0...4, using: &random) {
        case 0: return .null
        case 1: return .boolean(.random(using: &random))
        case 2: return .number(number(using: &random))
        case 3, 4: return .string(string(using: &random))
        case 5:
            let count = Int.random(in: 0...4, using: &random)
            return .array((0..<count).map { _ in value(depth: depth - 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                object[string(using: &random)] = value(depth: depth - 1, using: &random)
            }
            return .object(object)
        }
    }

    private static func number(using random: inout SeededRandom) -> String {
        switch Int.random(in: 0...3, using: &random) {
        case 0: String(Int64.random(in: .min ... .max, using: &random))
        case 1: String(UInt64.random(in: .min ... .max, using: &random))
        case 2: "\(Int.random(in: -9...9, using: &random)).50e\(Int.random(in: -400...400, using: &random))"
        default: String(Double.random(in: -1e9...1e9, using: &random))
        }
    }

    private static func string(using random: inout SeededRandom) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let top: UInt32 = [0x20, 0x7F, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &random) ?? 0x7F
            scalars.append(Unicode.Scalar(UInt32.random(in: 0...top, using: &random)) ?? "\"")
        }
        return String(scalars)
    }
}
