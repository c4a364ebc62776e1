import SessionConsole
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("^dr", "dr.house", true), ("^dr", "mr.dr", false), ("e$", "house", true), ("e$", "hours", false),
        ("a.c", "xabcx", true), ("a.c", "ac", false), ("ab*c", "ac", true), ("ab*c", "abbbc", true),
        ("ab+c", "ac", false), ("ab?c", "abbc", false), ("colou?r", "the color", true), ("cat|dog", "hotdog", true),
        ("^(cat|dog)s?$", "dogs", true), ("^(cat|dog)s?$", "dogss", false), ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false), ("[]x]", "]", true), ("[a-]", "-", true), (#"\d{3}"#, "a123", true),
        (#"^\d{3}$"#, "1234", false), (#"^\w{2,3}$"#, "ab_", true), (#"^\w{2,}$"#, "a", false),
        (#"a\.b"#, "a.b", true), (#"a\.b"#, "axb", false), (#"\S\s\S"#, "a b", true), ("", "anything", true),
        ("^$", "", true), ("ü+", "Tür", true), ("(a*)*b", "aaab", true), ("x{0}y", "y", true),
    ])
    func `a pattern finds what it says`(pattern: String, text: String, isFound: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == isFound)
    }

    @Test(arguments: [
        ("(ab", 0), ("ab)", 2), ("*a", 0), ("a[bc", 1), (#"a\"#, 2), (#"\q"#, 1), ("a{3", 3), ("a{5,2}", 5),
        ("[z-a]", 4), ("a{101}", 2), (String(repeating: "(", count: 40), 32),
    ])
    func `what is no pattern is told with its place`(pattern: String, offset: Int) {
        #expect(#expect(throws: Pattern.Failure.self) { try Pattern(pattern) }?.offset == offset)
    }

    /// Backtracking takes 2^30 steps for this one, and the test would not end.
    @Test func `a pattern that makes others explode takes linear time`() throws {
        let pattern = try Pattern(String(repeating: "a?", count: 30) + String(repeating: "a", count: 30))
        #expect(pattern.matches(String(repeating: "a", count: 30)))
        let nested = try Pattern("^(a|a)*(a|a)*(a|a)*$")
        #expect(!nested.matches(String(repeating: "a", count: 500) + "b"))
    }

    @Test func `a pattern is as long as a person types, however deep that makes it`() throws {
        #expect(try Pattern("a" + String(repeating: "*", count: 499)).matches(""))
        #expect(try Pattern("a" + String(repeating: "|b", count: 249)).matches("b"))
        let long = String(repeating: "a", count: 501)
        #expect(#expect(throws: Pattern.Failure.self) { try Pattern(long) }?.offset == 500)
    }

    @Test func `repetitions that multiply are refused`() {
        #expect(throws: Pattern.Failure.self) { try Pattern("((a{100}){100}){100}") }
    }
}
