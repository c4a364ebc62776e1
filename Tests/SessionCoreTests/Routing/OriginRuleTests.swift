import SessionCore
import Testing

@Suite struct OriginRuleTests {
    struct Case: CustomTestStringConvertible {
        let origin: String, host: String, isSecure: Bool, isAccepted: Bool
        var testDescription: String { "\(origin) at \(host)\(isSecure ? " (TLS)" : "")" }
    }

    @Test(arguments: [
        Case(origin: "http://hub.example", host: "hub.example", isSecure: false, isAccepted: true),
        Case(origin: "http://HUB.example", host: "hub.EXAMPLE", isSecure: false, isAccepted: true),
        Case(origin: "http://hub.example:80", host: "hub.example", isSecure: false, isAccepted: true),
        Case(origin: "https://hub.example", host: "hub.example:443", isSecure: true, isAccepted: true),
        Case(origin: "https://hub.example", host: "hub.example", isSecure: false, isAccepted: false),
        Case(origin: "http://hub.example:8080", host: "hub.example:8765", isSecure: false, isAccepted: false),
        Case(origin: "http://evil.example", host: "hub.example", isSecure: false, isAccepted: false),
        Case(origin: "http://hub.example.evil", host: "hub.example", isSecure: false, isAccepted: false),
        Case(origin: "http://localhost:3000", host: "localhost:8765", isSecure: false, isAccepted: true),
        Case(origin: "http://127.0.0.1:3000", host: "127.0.0.1:8765", isSecure: false, isAccepted: true),
        Case(origin: "http://[::1]:3000", host: "[::1]:8765", isSecure: false, isAccepted: true),
        Case(origin: "http://localhost:3000", host: "127.0.0.1:8765", isSecure: false, isAccepted: false),
        Case(origin: "null", host: "localhost:8765", isSecure: false, isAccepted: false),
        Case(origin: "", host: "", isSecure: false, isAccepted: false),
        Case(origin: "http://hub.example/path", host: "hub.example", isSecure: false, isAccepted: false),
        Case(origin: "http://user@hub.example", host: "hub.example", isSecure: false, isAccepted: false),
    ])
    func `without patterns only the server's own origin is accepted`(_ example: Case) {
        let rule = OriginRule.sameHost
        let isAccepted = rule.accepts(origin: example.origin, host: example.host, isSecure: example.isSecure)
        #expect(isAccepted == example.isAccepted)
    }

    @Test(arguments: [
        ("https://viewer.example", true), ("https://a.clinic.example", true), ("https://a.b.clinic.example", true),
        ("https://clinic.example", false), ("https://evilclinic.example", false), ("http://viewer.example", false),
        ("https://viewer.example:8443", false), ("https://lab.example:8443", true),
    ])
    func `patterns add origins and whole subdomains`(origin: String, isAccepted: Bool) throws {
        let rule = try #require(
            OriginRule(patterns: ["https://viewer.example", "https://*.clinic.example", "https://lab.example:8443"]))
        #expect(rule.accepts(origin: origin, host: "hub.example", isSecure: true) == isAccepted)
    }

    @Test(arguments: [
        "viewer.example", "https://", "https://viewer.example/", "https://viewer.example:port", "*", "null",
    ])
    func `a pattern that is no origin is refused`(pattern: String) {
        #expect((OriginRule(patterns: [pattern]) as OriginRule?).map { _ in true } == nil)
    }
}
