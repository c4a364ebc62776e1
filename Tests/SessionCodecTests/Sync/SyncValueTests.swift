import SessionBase
import SessionCodec
import Testing

/// The small values of sync's messages.
@Suite struct SyncValueTests {
    @Test(arguments: [
        ("550e8400-e29b-41d4-a716-446655440000", true), ("550E8400-E29B-41D4-A716-446655440000", true),
        ("00000000-0000-0000-0000-000000000000", true), ("ffffffff-ffff-ffff-ffff-ffffffffffff", true),
        ("", false), ("550e8400e29b41d4a716446655440000", false), ("550e8400-e29b-41d4-a716-44665544000", false),
        ("550e8400-e29b-41d4-a716-4466554400000", false), ("550e8400-e29b-41d4-a716_446655440000", false),
        ("g50e8400-e29b-41d4-a716-446655440000", false), ("{50e8400-e29b-41d4-a716-44665544000}", false),
    ])
    func `a UUID of any version is taken, in lower case`(text: String, isUUID: Bool) {
        #expect(UUIDText.normalized(text) == (isUUID ? text.lowercased() : nil))
    }

    @Test func `a UUID that is made has version and variant`() {
        #expect(UUIDText.version4([UInt8](repeating: 0xFF, count: 16)) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(UUIDText.version4([UInt8](repeating: 0, count: 16)) == "00000000-0000-4000-8000-000000000000")
        let counting = (0..<16).map { UInt8($0) }
        #expect(UUIDText.version4(counting) == "00010203-0405-4607-8809-0a0b0c0d0e0f")
        #expect(UUIDText.normalized(UUIDText.version4(counting)) != nil)
    }

    @Test func `a fragment loses white space and nothing else`() throws {
        let text = " { \"a b\" : [ 1.50e+0 , true,null ,\"\\u0020 \\\"\" ] ,\n\"é\":{ } } "
        #expect(try JSONFragment.parse(text).text == #"{"a b":[1.50e+0,true,null,"\u0020 \""],"é":{}}"#)
        #expect(throws: JSONError.self) { try JSONFragment.parse("1e309") }
        #expect(throws: JSONError.self) { try JSONFragment.parse("1" + String(repeating: "0", count: 309)) }
        #expect(try JSONFragment.parse("-0.5e-400").kind == .number)
    }

    @Test func `fragments are equal when they mean the same`() throws {
        #expect(try JSONFragment.parse(#"{"a":1.0,"b":"é"}"#) == .parse(#"{"b":"\u00e9","a":1}"#))
        #expect(try JSONFragment.parse(#"{"a":1}"#) != .parse(#"{"a":2}"#))
        #expect(try JSONFragment.parse("1") != .parse(#""1""#))
    }

    @Test func `members keep their order, and the last value of a repeated key`() throws {
        let members = try #require(try JSONFragment.parse(#"{"b":1,"a":[2],"\u0062":{"c":3}}"#).members)
        #expect(members.map(\.key) == ["b", "a"])
        #expect(members.map(\.value.text) == [#"{"c":3}"#, "[2]"])
        #expect(try JSONFragment.parse("[]").members == nil)
        let composed = try #require(try JSONFragment.parse(#"{"\u00e9":1,"e\u0301":2}"#).members)
        #expect(composed.count == 2)
    }

    @Test func `random values are the same as fragments and as trees`() throws {
        var random = RandomSyncMessages(seed: 16)
        for _ in 0..<500 {
            let tree = random.tree(depth: 4)
            let spelled = random.base.respell(tree, isMeta: true)
            #expect(try JSONFragment.parse(spelled).value == tree)
            #expect(try JSONFragment.parse(spelled) == JSONFragment(tree))
        }
    }

    @Test func `each failure of AUTH closes with its own code`() {
        let codes = SyncAuthFailureCode.allCases.map { ($0.name, $0.closeCode.rawValue) }
        let expected: [(String, UInt16)] = [
            ("INVALID_TOKEN", 4401), ("TOKEN_EXPIRED", 4401), ("TOKEN_REVOKED", 4440), ("DEVICE_REQUIRED", 4401),
            ("DEVICE_LIMIT", 4429), ("AUTH_TIMEOUT", 4408), ("SESSION_LIMIT", 4429), ("SESSION_NOT_FOUND", 4401),
        ]
        #expect(codes.elementsEqual(expected, by: ==))
    }
}
