import SessionBase
import Testing

@Suite struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{FB}\u{FF}", "w7vDvw"),
    ])
    func `the texts of RFC 4648 are spelled without padding and read back`(text: String, spelled: String) {
        let bytes = Array(text.utf8)
        #expect(Base64URL.encode(bytes.span) == spelled)
        #expect(decode(spelled) == bytes)
    }

    @Test func `the last two characters of the alphabet are minus and underscore`() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xBF]
        #expect(Base64URL.encode(bytes.span) == "---_")
        #expect(decode("---_") == bytes)
        #expect(decode("+++/") == nil)
    }

    @Test(arguments: [
        "A", "AAAAA", "Zg==", "Zg=", "Zm8=", "Zh", "Zm9", "Zm9v\n", " Zm9v", "Zm9v.", "Zm?v", "Zm9v====", "é",
    ])
    func `other spellings are refused`(text: String) { #expect(decode(text) == nil) }

    @Test func `any bytes come back`() {
        var random = SeededRandom(seed: 7)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(decode(Base64URL.encode(bytes.span)) == bytes)
        }
    }

    private func decode(_ text: String) -> [UInt8]? { Base64URL.decode(Array(text.utf8).span) }
}
