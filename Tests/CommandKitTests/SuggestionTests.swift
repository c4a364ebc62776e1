import CommandKit
import Testing

@Suite struct SuggestionTests {
    private let names = [
        "ping-interval", "pong-timeout", "awareness-heartbeat-timeout", "awareness-port", "echo-port", "dev",
    ]

    @Test(arguments: [
        ("ping-intervall", "ping-interval"), ("pnig-interval", "ping-interval"), ("ping-intrval", "ping-interval"),
        ("ping_interval", "ping-interval"), ("pong", "pong-timeout"),
        ("heartbeat-timeout", "awareness-heartbeat-timeout"),
        ("port", "awareness-port"), ("dve", "dev"),
    ])
    func `a near name is suggested`(typed: String, meant: String) {
        #expect(Suggestion.nearest(to: typed, among: names) == meant)
    }

    @Test(arguments: ["", "x", "colour", "zzzzzzzzzzzz", "de\u{301}jà"])
    func `a far name gets no suggestion`(typed: String) {
        #expect(Suggestion.nearest(to: typed, among: names) == nil)
    }
}
