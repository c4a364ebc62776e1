import SessionCodec
import SessionServer
import Testing

/// Where a request shows its session (PROTOCOLS 4-2, 4-5).
@Suite struct SessionCredentialTests {
    private static let query: [(name: String, value: String)] = [("sessionId", "from-query")]

    private static func token(_ text: String) -> Credential { .token(Array(text.utf8)) }

    @Test func `Authorization comes before the cookie, and the cookie before the query`() {
        var fields: HTTPFields = ["Cookie": "theme=dark; sessionId=from-cookie"]
        #expect(Credential.findSession(in: HTTPFields(), query: Self.query) == Self.token("from-query"))
        #expect(Credential.findSession(in: fields, query: Self.query) == Self.token("from-cookie"))
        fields.append("Authorization", "Bearer from-header")
        #expect(Credential.findSession(in: fields, query: Self.query) == Self.token("from-header"))
        #expect(Credential.findSession(in: HTTPFields(), query: []) == nil)
    }

    @Test func `the first that is there decides, though it is no good`() {
        let basic: HTTPFields = ["Authorization": "Basic dTpw", "Cookie": "sessionId=from-cookie"]
        #expect(
            Credential.findSession(in: basic, query: Self.query)
                == .malformed("Authorization must be Bearer and a token"))
        let empty: HTTPFields = ["Cookie": "sessionId="]
        #expect(
            Credential.findSession(in: empty, query: Self.query) == .malformed("the token in the cookie is empty"))
    }

    @Test func `a session in the query can be forbidden, and an empty one is a bad one`() {
        let found = Credential.findSession(in: HTTPFields(), query: Self.query, takesQuery: false)
        guard case .malformed(let reason)? = found else {
            Issue.record("taken")
            return
        }
        #expect(!reason.contains("from-query"))
        #expect(
            Credential.findSession(in: HTTPFields(), query: [("sessionId", "")]) == .malformed("sessionId is empty"))
    }

    @Test func `a cookie counts only where the page is known`() {
        let fields: HTTPFields = ["Cookie": "sessionId=from-cookie"]
        #expect(Credential.findSession(in: fields, query: [], takesCookie: false) == nil)
    }

    @Test func `a token in the query is a bad credential`() {
        guard case .malformed? = Credential.findSession(in: HTTPFields(), query: [("token", "a.b.c")]) else {
            Issue.record("taken")
            return
        }
    }
}
