import SessionCodec
import Testing

@Suite struct HTTPFieldsTests {
    @Test func `fields are found, counted, replaced and removed in any case`() {
        var fields: HTTPFields = ["Host": "x", "Set-Cookie": "a", "set-cookie": "b"]
        #expect(fields["HOST"] == "x" && fields["nothing"] == nil)
        #expect(fields.values(of: "Set-Cookie") == ["a", "b"])
        #expect(fields.count(of: "set-cookie") == 2 && fields.contains("host") && !fields.contains("hos"))
        fields.set("SET-COOKIE", "c")
        #expect(fields.values(of: "set-cookie") == ["c"])
        fields.remove("host")
        #expect(fields.pairs.map(\.name) == ["SET-COOKIE"])
        #expect(fields == ["set-cookie": "c"])
        #expect(fields != ["set-cookie": "C"])
    }

    @Test func `nothing can be smuggled into a head by a value`() {
        let fields: HTTPFields = ["X": " a\r\nEvil: 1\u{0}\u{7F} "]
        #expect(fields["x"] == "a  Evil: 1")
        var bytes: [UInt8] = []
        fields.append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "X: a  Evil: 1\r\n")
    }

    @Test func `what a user types is judged before it is used`() {
        #expect(HTTPFields.isValid(name: "X-Token", value: "a b\té"))
        #expect(!HTTPFields.isValid(name: "X Token", value: "a"))
        #expect(!HTTPFields.isValid(name: "", value: "a"))
        #expect(!HTTPFields.isValid(name: "X", value: "a\nb"))
    }

    @Test func `a name that is no token is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            var fields = HTTPFields()
            fields.append("X\r\nEvil", "1")
        }
    }

    @Test(arguments: [
        ("upgrade", true), ("Upgrade", true), ("keep-alive, Upgrade", true), ("keep-alive,UPGRADE", true),
        (" , ,upgrade , ", true), ("upgraded", false), ("up grade", false), ("\"upgrade\"", false), ("", false),
        ("a;upgrade", false), ("\"a, upgrade\"", false), ("x-upgrade, y", false),
    ])
    func `a token is found in a list and only as a whole element`(value: String, isFound: Bool) {
        let fields: HTTPFields = ["Connection": value]
        #expect(fields.containsToken("connection", "upgrade") == isFound)
    }

    @Test func `lists go on over several fields`() {
        let fields: HTTPFields = ["Sec-WebSocket-Protocol": "a, b", "X": "y", "sec-websocket-protocol": ",c,"]
        #expect(fields.tokens(of: "sec-websocket-protocol") == ["a", "b", "c"])
        #expect(fields.containsToken("sec-websocket-protocol", "c"))
    }

    @Test func `elements have parameters, quoted or not`() {
        let fields: HTTPFields = [
            "Sec-WebSocket-Extensions":
                #"permessage-deflate; client_max_window_bits; server_max_window_bits="10", x;a="b,\"c;"; d = e"#
        ]
        #expect(
            fields.elements(of: "sec-websocket-extensions") == [
                HTTPListElement(
                    name: "permessage-deflate",
                    parameters: [
                        .init(name: "client_max_window_bits", value: nil),
                        .init(name: "server_max_window_bits", value: "10"),
                    ]),
                HTTPListElement(
                    name: "x", parameters: [.init(name: "a", value: "b,\"c;"), .init(name: "d", value: "e")]),
            ])
        #expect(HTTPFields().elements(of: "sec-websocket-extensions") == [])
    }

    @Test(arguments: [
        "a;", "a;b=", "a;=b", "a b", "a;b c", "a;b=\"c", "a;b=\"c\"d", "a;b=c d", ";a", "a;b=\"c\\", "\"a\"", "a=b",
    ])
    func `an element outside of the grammar spoils its list`(value: String) {
        let fields: HTTPFields = ["Sec-WebSocket-Extensions": value]
        #expect(fields.elements(of: "sec-websocket-extensions") == nil)
    }
}

@Suite struct HTTPTargetTests {
    @Test(arguments: [
        ("/", "/", nil as String?, nil as String?), ("/ws/lockers", "/ws/lockers", nil, nil), ("/a?b", "/a", "b", nil),
        ("/a?", "/a", "", nil), ("/a%20b%2fc", "/a b/c", nil, nil), ("/%zz%2", "/%zz%2", nil, nil),
        ("*", "*", nil, nil),
        ("http://h:80/p?q", "/p", "q", "h:80"), ("ws://h", "/", nil, "h"), ("https://h?q", "/", "q", "h"),
        ("/a?u=http://x/", "/a", "u=http://x/", nil), ("/%C3%A9", "/é", nil, nil), ("/%FF", "/\u{FFFD}", nil, nil),
        ("/a+b", "/a+b", nil, nil), ("//x/y", "//x/y", nil, nil),
    ])
    func `a target is a path and a query`(text: String, path: String, query: String?, authority: String?) {
        let target = HTTPTarget(text)
        #expect(target.path == path && target.rawQuery == query && target.authority == authority)
    }

    @Test func `a query is decoded in order`() {
        let target = HTTPTarget("/?a=1&b=x+y%26z&c&&d==&a=2&%65=")
        #expect(target.query.map(\.name) == ["a", "b", "c", "d", "a", "e"])
        #expect(target.query.map(\.value) == ["1", "x y&z", "", "=", "2", ""])
        #expect(target.query("a") == "1" && target.query("x") == nil)
        #expect(HTTPTarget("/").query.isEmpty)
    }
}
