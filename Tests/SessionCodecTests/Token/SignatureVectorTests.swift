import SessionBase
import SessionCodec
import SessionCrypto
import Testing

/// The vectors of project Wycheproof for the primitives below tokens.
@Suite(.enabled(if: SharedSuite.file("wycheproof/LICENSE") != nil, "the shared suites are not there"))
struct SignatureVectorTests {
    @Test(arguments: [
        ("hmac_sha256_test", Digest.Algorithm.sha256), ("hmac_sha384_test", .sha384), ("hmac_sha512_test", .sha512),
    ])
    func `every HMAC is judged right`(file: String, algorithm: Digest.Algorithm) throws {
        let suite = try Wycheproof(file)
        #expect(suite.cases.count == 174)
        for vector in suite.cases {
            let key = try vector.bytes("key")
            let message = try vector.bytes("msg")
            let tag = try vector.bytes("tag")
            // Half of the groups have tags that are cut to half; tokens never have those, but they come of the whole ones.
            let code = MessageAuthentication.code(of: message.span, key: key.span, with: algorithm)
            #expect((Array(code.prefix(tag.count)) == tag) == vector.isValid, "\(vector.name)")
            let isAccepted = MessageAuthentication.isValid(tag.span, of: message.span, key: key.span, with: algorithm)
            #expect(isAccepted == (vector.isValid && tag.count == algorithm.byteCount), "\(vector.name)")
        }
    }

    @Test func `every Ed25519 signature is judged right, whatever form the key has`() throws {
        let suite = try Wycheproof("ed25519_test")
        #expect(suite.cases.count == 151)
        for vector in suite.cases {
            let raw = try #require(vector.group["publicKey"]?["pk"]?.string)
            let pem = try #require(vector.group["publicKeyPem"]?.string)
            let keys = [
                try PublicKey(ed25519: SharedSuite.hexBytes(raw)), try PublicKey(pem: Array(pem.utf8)),
            ]
            let message = try vector.bytes("msg")
            let signature = try vector.bytes("sig")
            for key in keys {
                let isAccepted = key.verifies(signature.span, of: message.span)
                #expect(isAccepted == vector.isValid, "\(vector.name)")
            }
        }
    }
}

/// A file of project Wycheproof.
struct Wycheproof {
    struct Vector {
        let group: JSONValue
        let test: JSONValue

        var id: Int64 { test["tcId"]?.integer ?? -1 }
        var name: String { "case \(id), \(test["comment"]?.string ?? "")" }
        var isValid: Bool { test["result"]?.string == "valid" }

        /// A field of hexadecimal digits.
        func bytes(_ field: String) throws -> [UInt8] {
            SharedSuite.hexBytes(try #require(test[field]?.string))
        }
    }

    /// The tests of all groups.
    let cases: [Vector]

    init(_ name: String) throws {
        let text = try #require(SharedSuite.file("wycheproof/\(name).json"))
        let file = try JSONValue.parse(text.span)
        cases = (file["testGroups"]?.elements ?? []).flatMap { group in
            (group["tests"]?.elements ?? []).map { Vector(group: group, test: $0) }
        }
        #expect(file["numberOfTests"]?.integer == Int64(cases.count))
    }
}
