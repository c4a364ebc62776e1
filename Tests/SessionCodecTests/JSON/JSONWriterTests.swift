import SessionBase
import SessionCodec
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand between items and nowhere else`() {
        var json = JSONWriter()
        json.object { json in
            json.field("text", "a")
            json.field("none", nil)
            json.field("count", 7 as UInt64)
            json.field("share", 0.5)
            json.field("flag", true)
            json.field("time", Timestamp(milliseconds: 0))
            json.field("list") { json in
                json.array { json in
                    json.value(1)
                    json.array { _ in }
                    json.object { _ in }
                    json.null()
                    json.value(["k": "v"])
                }
            }
            json.key("raw")
            json.raw([UInt8]("[1,2]".utf8).span)
            json.field("last", "z")
        }
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"text":"a","none":null,"count":7,"share":0.5,"flag":true,"time":"1970-01-01T00:00:00.000Z","#
                + #""list":[1,[],{},null,{"k":"v"}],"raw":[1,2],"last":"z"}"#)
    }

    @Test func `lines of NDJSON have no commas between them`() {
        var json = JSONWriter(appendingTo: Array("0\n".utf8))
        for number in 1...2 {
            json.object { json in json.field("n", number) }
            json.endLine()
        }
        let bytes = json.takeBytes()
        #expect(String(decoding: bytes, as: UTF8.self) == "0\n{\"n\":1}\n{\"n\":2}\n")
        #expect(json.bytes.isEmpty)
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func `what is no number in JSON is null`(number: Double) {
        var json = JSONWriter()
        json.value(number)
        #expect(json.bytes == Array("null".utf8))
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\u{0}\u{1F}", #""\u0000\u001f""#),
        ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#), ("é€𝄞\u{7F}", "\"é€𝄞\u{7F}\""), ("\"", #""\"""#), ("\n", #""\n""#),
        ("12345678", #""12345678""#), ("1234567\"", #""1234567\"""#), ("é\né", "\"é\\né\""),
    ])
    func `a string is escaped where it must be and only there`(text: String, json: String) {
        var bytes: [UInt8] = []
        bytes.appendJSON(text)
        #expect(String(decoding: bytes, as: UTF8.self) == json)
    }
}
