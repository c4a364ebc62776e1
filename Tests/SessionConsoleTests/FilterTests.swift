import SessionBase
import SessionCodec
import SessionConsole
import Testing

@Suite struct FilterTests {
    private static let fields = [
        ListField("id", .count), ListField("user", key: "user_id"), ListField("idle", .milliseconds, key: "idle_ms"),
        ListField("queued", .bytes, key: "queued_bytes"), ListField("age", .distance, key: "connected_at"),
    ]
    private static let item: JSONValue = [
        "id": "17", "user_id": "dr.house", "idle_ms": 61_000, "queued_bytes": 2048,
        "connected_at": "2026-11-21T10:00:00.000Z",
    ]

    /// An hour after the item's connection.
    private static let now =
        Timestamp(parsing: Array("2026-11-21T11:00:00.000Z".utf8).span) ?? Timestamp(milliseconds: 0)

    @Test(arguments: [
        ("idle>60s", true), ("idle > 2m", false), ("idle<=61s", true), ("idle = 61s", true), ("idle != 61s", false),
        ("queued>=2KiB", true), ("queued<2KiB", false), ("queued>2047", true), ("id=17", true), ("id>9", true),
        (#"user~"^dr""#, true), ("user ~ '^mr'", false), ("user=dr.house", true), (#"user = "dr.house""#, true),
        ("user != x", true), ("user > a", true), ("age>=1h", true), ("age>61m", false),
        (#"idle>60s and user~"^dr""#, true), ("idle>60s and user=x", false), ("idle>2m or id=17", true),
        ("not idle>2m", true), ("not not id=17", true), ("id=1 or id=2 and user=x or id=17", true),
        ("(id=1 or id=17) and user=x", false), ("NOT (id=1 OR id=2)", true), ("user_id=dr.house", true),
        ("id==17", true), (#"user ~ "\.house$""#, true), (#"user != "a\"b""#, true),
    ])
    func `a filter says what is wanted`(text: String, isWanted: Bool) throws {
        #expect(try Filter(text, fields: Self.fields).accepts(Self.item, now: Self.now) == isWanted)
    }

    @Test(arguments: [
        ("user = ''", true), ("user != x", true), ("user = x", false), ("user < x", false), ("idle < 1h", false),
        ("idle > 0", false), ("idle != 1s", true), ("user ~ x", false), ("not idle > 0", true),
    ])
    func `an absent value equals the empty text and has no order`(text: String, isWanted: Bool) throws {
        #expect(try Filter(text, fields: Self.fields).accepts(["user_id": nil], now: Self.now) == isWanted)
    }

    @Test(arguments: [
        ("", "a field is missing; there are id, user, idle, queued, age, at the end"),
        ("usr~x", "character 1: usr is no field here; did you mean user? (at usr~x)"),
        ("idle>60s and usr~x", "character 14: usr is no field here; did you mean user? (at usr~x)"),
        ("idle", "idle needs a comparison behind it, as in idle > 60s, at the end"),
        ("idle >", "idle > needs a value, as in idle > 60s, at the end"),
        ("idle > 60", "character 8: 60 does not fit; write idle > 60s (at 60)"),
        ("queued > 2kb", "character 10: 2kb does not fit; write queued > 64KiB (at 2kb)"),
        ("id > x", "character 6: x does not fit; write id > 100 (at x)"),
        ("(id=1", "character 1: the ( is not closed (at (id=1)"),
        ("id=1)", "character 5: what follows needs an 'and' or 'or' before it (at ))"),
        ("id=1 id=2", "character 6: what follows needs an 'and' or 'or' before it (at id=2)"),
        (#"user="x"#, "character 6: the quote is not closed (at \"x)"),
        ("user ! x", "character 6: ! is no comparison; these are: = != < <= > >= ~ (at ! x)"),
        (#"user ~ "a[b""#, "character 10: in the pattern: the [ is not closed (at [b\")"),
        ("id=1 and", "a field is missing; there are id, user, idle, queued, age, at the end"),
    ])
    func `a mistake is told with its place and what to write`(text: String, description: String) {
        let error = #expect(throws: FilterError.self) { try Filter(text, fields: Self.fields) }
        #expect(error?.description == description)
    }

    @Test func `a filter that is too deep is refused`() {
        let text = String(repeating: "not ", count: 100) + "id=1"
        #expect(throws: FilterError.self) { try Filter(text, fields: Self.fields) }
    }

    @Test func `a filter of many comparisons is refused where it grows too deep`() throws {
        let many = [String](repeating: "id=1", count: 200).joined(separator: " or ")
        #expect(try !Filter(many, fields: Self.fields).accepts(Self.item, now: Self.now))
        #expect(throws: FilterError.self) { try Filter(many + " or id=17", fields: Self.fields) }
    }
}
