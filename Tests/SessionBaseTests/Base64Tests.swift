import SessionBase
import Testing

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    private static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors) func `bytes are spelled as RFC 4648 shows`(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8).span) == Array(text.utf8))
        #expect(Base64.decode(Array(text.utf8).span) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm9_"])
    func `what nobody spells is refused`(text: String) { #expect(Base64.decode(Array(text.utf8).span) == nil) }

    @Test func `every byte at every place comes back`() {
        var random = SeededRandom(seed: 1)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(Base64.decode(Base64.encode(bytes.span).span) == bytes)
        }
    }
}
