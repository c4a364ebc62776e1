import SessionBase
import SessionCodec
import Testing

/// How the server reads a client's message: PROTOCOLS §1.8, §2.5, §2.8, 0-9, 0-10, 0-21.
@Suite struct AwarenessRequestTests {
    private func refusal(_ text: String) -> AwarenessRefusal? {
        let bytes = [UInt8](text.utf8)
        do {
            _ = try AwarenessRequest.decode(bytes.span)
            return nil
        } catch {
            return error
        }
    }

    private func kind(_ text: String) -> AwarenessClientKind? {
        let bytes = [UInt8](text.utf8)
        return try? AwarenessRequest.decode(bytes.span).kind
    }

    /// A register whose payload has one field replaced or added.
    private func register(_ field: String, _ json: String) -> String {
        var fields = ["userId": #""u""#, "windowId": #""w""#, "caseId": #""c""#]
        fields[field] = json
        let payload = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        return #"{"type":"register","payload":{\#(payload)}}"#
    }

    // MARK: Order and repetition

    @Test func `fields may come in any order, the type after the payload`() throws {
        let text = #"{"payload":{"caseId":"c","windowId":"w","userId":"u"},"id":1,"type":"register"}"#
        let bytes = [UInt8](text.utf8)
        let request = try AwarenessRequest.decode(bytes.span)
        #expect(request.kind == .register)
        #expect(request.userID.string(in: bytes.span) == "u")
        #expect(request.windowID.string(in: bytes.span) == "w")
        #expect(request.caseID.string(in: bytes.span) == "c")
        #expect(request.slideID == nil)
    }

    @Test func `of a repeated key the last counts, a payload as a whole`() throws {
        #expect(kind(#"{"type":"shout","type":"ping"}"#) == .ping)
        #expect(refusal(#"{"type":"ping","type":1}"#)?.field == .type)
        let twice = #"{"type":"list","payload":{"userId":"a"},"payload":{}}"#
        #expect(refusal(twice)?.field == .userID, "the first payload is forgotten")
        let bytes = [UInt8](#"{"type":"list","payload":{"userId":1,"userId":"b"}}"#.utf8)
        #expect(try AwarenessRequest.decode(bytes.span).userID.string(in: bytes.span) == "b")
    }

    @Test func `unknown fields are ignored, but must be JSON`() {
        #expect(kind(#"{"x":[{"type":"list"},null,1e5,"\n"],"type":"ping","payload":{"x":{}}}"#) == .ping)
        #expect(refusal(#"{"type":"ping","x":[1,]}"#)?.code == .invalidJSON)
        #expect(refusal(#"{"type":"ping","x":01}"#)?.code == .invalidJSON)
        #expect(refusal(#"{"type":"ping","x":"\#u{1}"}"#)?.code == .invalidJSON)
    }

    @Test func `a key is another one if a single byte is, a zero included`() {
        for key in ["Type", "typ", "types", #"type\u0000"#, #"\u0000type"#, "typetypetypetypetype", ""] {
            #expect(refusal("{\"\(key)\":\"ping\"}")?.field == .type, "\(key)")
        }
        for type in ["pin", "pingg", #"ping\u0000"#, "registers", "deregisterr", "deregisterderegister", ""] {
            #expect(refusal("{\"type\":\"\(type)\"}")?.code == .unknownType, "\(type)")
        }
    }

    @Test func `an id has no space and no delete at any place`() {
        for count in 1...20 {
            let id = String(repeating: "~!", count: count).prefix(count)
            #expect(refusal(register("userId", "\"\(id)\"")) == nil)
            for place in 0..<count {
                for bad in [" ", "\u{7F}"] {
                    let other = id.prefix(place) + bad + id.dropFirst(place + 1)
                    #expect(refusal(register("userId", "\"\(other)\""))?.field == .userID, "\(other)")
                }
            }
        }
    }

    @Test func `keys and types may be written with escapes`() {
        #expect(kind(#"{"\u0074ype":"p\u0069ng"}"#) == .ping)
    }

    @Test func `thirty-two levels are read and thirty-three are not`() {
        func nested(_ levels: Int) -> String {
            // The message itself is the first level.
            #"{"type":"ping","x":"# + String(repeating: "[", count: levels - 1)
                + String(repeating: "]", count: levels - 1) + "}"
        }
        #expect(kind(nested(32)) == .ping)
        #expect(refusal(nested(33))?.code == .invalidJSON)
    }

    // MARK: Shape

    @Test(arguments: ["[]", "1", "null", #""ping""#, "true"])
    func `a text that is no object is an invalid message without a field`(text: String) {
        #expect(refusal(text) == AwarenessRefusal(code: .invalidMessage))
    }

    @Test(arguments: ["{}", #"{"type":1}"#, #"{"type":null}"#, #"{"type":["ping"]}"#, #"{"payload":{}}"#])
    func `a message needs a type that is a string`(text: String) {
        #expect(refusal(text)?.code == .invalidMessage)
        #expect(refusal(text)?.field == .type)
    }

    @Test(arguments: ["", "Ping", "pong", "registered", "register "])
    func `any other type is unknown, whatever its payload`(type: String) {
        #expect(refusal(#"{"type":"\#(type)","payload":5}"#) == AwarenessRefusal(code: .unknownType))
    }

    @Test func `a ping needs no payload, and every other message does`() {
        #expect(kind(#"{"type":"ping"}"#) == .ping)
        #expect(kind(#"{"type":"ping","payload":{}}"#) == .ping)
        #expect(kind(#"{"type":"ping","payload":null}"#) == .ping)
        #expect(refusal(#"{"type":"ping","payload":7}"#)?.field == .payload)
        for type in AwarenessClientKind.allCases where type != .ping {
            #expect(refusal(#"{"type":"\#(type.name)"}"#)?.field == .payload)
            #expect(refusal(#"{"type":"\#(type.name)","payload":[]}"#)?.field == .payload)
            #expect(refusal(#"{"type":"\#(type.name)","payload":null}"#)?.field == .payload)
        }
    }

    @Test(arguments: [
        ("register", ["userId", "windowId", "caseId"]), ("deregister", ["userId", "windowId"]),
        ("heartbeat", ["userId", "windowId"]), ("focus", ["userId", "windowId"]), ("list", ["userId"]),
    ])
    func `a missing or mistyped field is named`(type: String, required: [String]) {
        for missing in required {
            for json in [nil, "1", "null", #""""#, "{}", "[]", "true", #""a b""#] {
                let fields = required.compactMap { name in
                    name == missing ? json.map { #""\#(name)":\#($0)"# } : #""\#(name)":"x""#
                }
                let text = #"{"type":"\#(type)","payload":{\#(fields.joined(separator: ","))}}"#
                #expect(refusal(text)?.code == .invalidMessage)
                #expect(refusal(text)?.field?.name == missing)
            }
        }
    }

    // MARK: Ids

    @Test(arguments: [
        "a", "!", "~", "window-abc", "é", "漢字", "𝄞", "\u{10FFFF}", "e\u{301}", "\u{AD}",
        String(repeating: "x", count: 128), String(repeating: "𝄞", count: 128),
    ])
    func `an id has 1 to 128 visible scalars (2-8)`(id: String) {
        #expect(kind(register("windowId", "\"\(id)\"")) == .register)
        let escaped = id.utf16.map { "\\u" + String(String($0, radix: 16).reversed() + "0000").prefix(4).reversed() }
        #expect(kind(register("windowId", "\"\(escaped.joined())\"")) == .register, "however it is written")
    }

    @Test(arguments: [
        "", " ", "a b", "a\u{7F}", "\u{85}", "\u{A0}", "\u{2003}", "\u{2028}", "\u{3000}", "\u{1680}", "\u{9F}",
        String(repeating: "x", count: 129), String(repeating: "𝄞", count: 129),
    ])
    func `white space, controls and too many scalars make no id (2-8)`(id: String) {
        #expect(refusal(register("caseId", "\"\(id)\""))?.field == .caseID)
    }

    @Test func `one space or delete anywhere spoils an id, and no other ASCII character does`() {
        for byte in UInt8(0x20)...0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
            for place in 0..<18 {
                var id = [UInt8](repeating: UInt8(ascii: "a"), count: 18)
                id[place] = byte
                let text = register("userId", "\"" + String(decoding: id, as: UTF8.self) + "\"")
                #expect((kind(text) == .register) == (byte != 0x20 && byte != 0x7F))
            }
        }
    }

    @Test(arguments: [#"\u0000"#, #"a\n"#, #"\u0020"#, #"\u00a0"#, #"\t"#])
    func `what an escape means counts`(id: String) {
        #expect(refusal(register("userId", "\"\(id)\""))?.field == .userID)
    }

    @Test func `a lone surrogate is no JSON`() {
        #expect(refusal(register("userId", #""\ud834""#))?.code == .invalidJSON)
    }

    // MARK: Optional fields

    @Test func `a slide is an id or null (0-10)`() {
        #expect(kind(register("slideId", "null")) == .register)
        #expect(kind(register("slideId", #""S1""#)) == .register)
        for json in [#""""#, "1", #""a b""#, "[]"] { #expect(refusal(register("slideId", json))?.field == .slideID) }
    }

    @Test(arguments: [
        ("2024-01-15T10:30:00Z", 0), ("2024-01-15T10:30:00.5Z", 500), ("2024-01-15T11:30:00.123456789+01:00", 123),
        ("2024-01-15T05:00:00.25-05:30", 250), ("2024-01-15t10:30:00z", 0),
    ])
    func `a timestamp may have an offset and up to nine digits of a second (0-9)`(time: String, milliseconds: Int)
        throws
    {
        let bytes = [UInt8](register("timestamp", "\"\(time)\"").utf8)
        let request = try AwarenessRequest.decode(bytes.span)
        #expect(request.timestamp == Timestamp(milliseconds: 1_705_314_600_000 + Int64(milliseconds)))
    }

    @Test(arguments: [
        #""2024-01-15T10:30:00""#, #""2024-01-15""#, #""2024-13-15T10:30:00Z""#, #""2024-02-30T10:30:00Z""#,
        #""2024-01-15T24:00:00Z""#, #""2024-01-15T10:30:00.Z""#, #""2024-01-15T10:30:00.1234567890Z""#, #""now""#,
        #""""#, "1705314600000", "null", #""2024-01-15T10:30:00Z ""#,
    ])
    func `a timestamp without a zone, or of another form, is refused (2-8)`(json: String) {
        #expect(refusal(register("timestamp", json))?.field == .timestamp)
    }

    @Test func `meta is an object of 2 KiB at most`() {
        let padding = #"{"a":""#.count + 2
        let longest = #"{"a":"\#(String(repeating: "x", count: 2048 - padding))"}"#
        #expect(kind(register("meta", "{}")) == .register)
        #expect(kind(register("meta", longest)) == .register)
        #expect(refusal(register("meta", longest.replacingFirst("x", with: "xx")))?.field == .meta)
        for json in ["[]", "null", #""x""#] { #expect(refusal(register("meta", json))?.field == .meta) }
    }

    // MARK: Correlation

    @Test(arguments: ["1", "-0.5e3", #""r-1""#, #""\u0041""#])
    func `an id is a number or an identifier, and is repeated as written (0-21)`(json: String) throws {
        let bytes = [UInt8](#"{"type":"ping","id": \#(json) }"#.utf8)
        let request = try AwarenessRequest.decode(bytes.span)
        #expect(String(decoding: bytes[request.tag], as: UTF8.self) == json)
    }

    @Test(arguments: ["null", "{}", "[]", "true", #""""#, #""a b""#, "1" + String(repeating: "0", count: 40)])
    func `any other id makes the message invalid (0-21)`(json: String) {
        #expect(
            refusal(#"{"type":"ping","id":\#(json)}"#) == AwarenessRefusal(code: .invalidMessage, field: .id))
    }

    @Test func `no id is an empty place`() throws {
        let bytes = [UInt8](#"{"type":"ping"}"#.utf8)
        #expect(try AwarenessRequest.decode(bytes.span).tag.isEmpty)
    }
}

extension String {
    fileprivate func replacingFirst(_ character: Character, with replacement: String) -> String {
        guard let index = firstIndex(of: character) else { return self }
        return self[..<index] + replacement + self[self.index(after: index)...]
    }
}
