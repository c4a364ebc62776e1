import CommandKit
import SessionCodec
import SessionConsole
import Testing

@Suite struct SyncVerbValueTests {
    @Test(
        arguments: [
            (.set, "[1, 2.50]", false, "[1,2.50]"), (.set, "calm", true, #""calm""#), (.delete, nil, false, nil),
            (.merge, #"{"a":1}"#, true, #"{"a":1}"#), (.increment, nil, false, "1"),
            (.increment, "-0.5", false, "-0.5"),
        ] as [(SyncChangeVerb, String?, Bool, String?)])
    func `a command line becomes a change`(verb: SyncChangeVerb, text: String?, isText: Bool, value: String?) throws {
        let update = try verb.update("k", text, isText: isText, baseVersion: 3)
        #expect(update.key == "k" && update.operation == verb.operation && update.baseVersion == 3)
        #expect(update.value?.text == value)
    }

    @Test(
        arguments: [
            (.set, "calm"), (.merge, "5"), (.merge, "{"), (.increment, "x"), (.increment, "[]"), (.increment, ""),
        ] as [(SyncChangeVerb, String)])
    func `a value that does not fit is a mistake of the command line`(verb: SyncChangeVerb, text: String) {
        #expect { try verb.update("k", text, isText: false, baseVersion: nil) } throws: {
            ($0 as? CommandError)?.status == .usage
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 257)])
    func `a key that the server would refuse is not sent`(key: String) {
        #expect(throws: CommandError.self) {
            try SyncChangeVerb.delete.update(key, nil, isText: false, baseVersion: nil)
        }
    }

    @Test(
        arguments: [
            ("http://h:1", "/ws", "/"), ("ws://h:1/ws", "/ws", "/"), ("http://h/sync/ws", "/sync/ws", "/"),
            ("https://h/below/ws", "/below/ws", "/below"), ("https://h/below", "/below", "/below"),
        ])
    func `one URL leads to the socket and to the API`(url: String, socket: String, root: String) throws {
        let endpoint = try Endpoint(parsing: url)
        #expect(endpoint.socketOfSync.target == socket)
        #expect(endpoint.rootOfSync.target == root)
    }

    @Test func `a token says whose it is, and one that cannot be read says nothing`() {
        // {"alg":"none"} . {"sub":"u7","device_id":"d"} . x
        let claims = TokenClaims(unverified: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1NyIsImRldmljZV9pZCI6ImQifQ.eA")
        #expect(claims?.user == "u7" && claims?.device == "d")
        #expect(TokenClaims(unverified: "abc") == nil)
    }
}
