import SessionCrypto
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", "b37a4f2cc0624f1690f64606cf385945b2bec4ea"),
    ])
    func `SHA-1 of the texts in FIPS 180 and RFC 6455`(text: String, expected: String) {
        #expect(hex(hash(text, .sha1)) == expected)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `SHA-256 of the texts in FIPS 180`(text: String, expected: String) {
        #expect(hex(hash(text, .sha256)) == expected)
    }

    private func hash(_ text: String, _ algorithm: Digest.Algorithm) -> [UInt8] {
        Digest.hash(Array(text.utf8).span, with: algorithm)
    }

    @Test func `a digest that is used again starts anew`() {
        var digest = Digest(.sha256)
        let (one, other): ([UInt8], [UInt8]) = ([1, 2, 3], [4])
        let first = digest.hash(one.span)
        _ = digest.hash(other.span)
        let again = digest.hash(one.span)
        #expect(again == first)
    }

    @Test func `a hash is appended behind what is there`() {
        var digest = Digest(.sha1)
        let message: [UInt8] = []
        var output: [UInt8] = [9, 9]
        digest.append(hashOf: message.span, to: &output)
        #expect(output == [9, 9] + digest.hash(message.span))
    }
}

@Suite struct SecretTests {
    @Test func `random bytes have the length asked for and differ`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(32).count == 32)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(SecureRandom.word() != SecureRandom.word())
    }

    @Test func `equal secrets are equal, and a difference anywhere is one`() {
        let secret = SecureRandom.bytes(40)
        #expect(isEqual(secret, secret))
        #expect(isEqual([], []))
        #expect(!isEqual(secret, Array(secret.dropLast())))
        for index in secret.indices {
            var other = secret
            other[index] ^= 1
            #expect(!isEqual(secret, other))
        }
    }

    /// `#expect` cannot hold spans.
    private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool { ConstantTime.isEqual(left.span, right.span) }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
