import SessionBase
import SessionCodec
import Testing

/// The vectors of project Wycheproof and of RFC 7520 for signed tokens.
@Suite(.enabled(if: SharedSuite.file("wycheproof/LICENSE") != nil, "the shared suites are not there"))
struct JWSVectorTests {
    /// Valid by Wycheproof, refused here: a `?` stands in the header or payload. RFC 7515 §2 allows no character beside
    /// the alphabet, and the other cases of the group say so for the signature.
    private static let stricter: Set<Int64> = [372, 373]

    /// Invalid by Wycheproof for their padding, of which nothing is left in the file: they are case 357 to the letter, which
    /// is valid.
    private static let sameAsValid: Set<Int64> = [367, 370]

    @Test func `every case of the algorithms implemented is judged right`() throws {
        var (judged, notImplemented) = (0, [Int64]())
        for vector in try Wycheproof("json_web_signature_test").cases {
            let key = try #require(vector.group["public"] ?? vector.group["private"])
            let token = Array(try #require(vector.test["jws"]?.string).utf8)
            let isAccepted = isAccepted(token, by: key)
            if vector.isValid, let name = key["alg"]?.string, TokenAlgorithm(rawValue: name) == nil {
                // RS384, RS512, PS256, PS384, PS512 and ES512: their invalid cases are judged, with the keys refused.
                notImplemented.append(vector.id)
                #expect(!isAccepted, "\(vector.name)")
            } else {
                judged += 1
                let isValid = vector.isValid && !Self.stricter.contains(vector.id)
                #expect(isAccepted == (isValid || Self.sameAsValid.contains(vector.id)), "\(vector.name)")
            }
        }
        #expect(judged == 375)
        #expect(notImplemented == Self.foreign)
    }

    /// The valid cases of algorithms that are not implemented.
    private static let foreign: [Int64] =
        Array(264...271) + [272, 273, 274, 275, 287, 288] + Array(320...323) + Array(325...328) + [
            346, 347, 350, 351,
        ]

    @Test func `two invalid cases are a valid one to the letter, so that nobody can judge both right`() throws {
        let cases = try Wycheproof("json_web_signature_test").cases
        let valid = try #require(cases.first { $0.id == 357 })
        for vector in cases where Self.sameAsValid.contains(vector.id) {
            #expect(vector.test["jws"] == valid.test["jws"])
            #expect(vector.isValid != valid.isValid)
        }
    }

    private func isAccepted(_ token: [UInt8], by key: JSONValue) -> Bool {
        guard case .object(let object) = key, let key = try? TokenKey(jwk: object) else { return false }
        return (try? KeySet([key]).authenticate(token.span)) != nil
    }

    @Test(arguments: [
        "4_1.rsa_v15_signature", "4_4.hmac-sha2_integrity_protection",
    ])
    func `tokens of RFC 7520 in compact form are accepted`(name: String) throws {
        let example = try Cookbook(name)
        let token = Array(try #require(example.file["output"]?["compact"]?.string).utf8)
        let payload = Array(try #require(example.file["input"]?["payload"]?.string).utf8)
        let key = try #require(example.keys.first)
        let accepted = try KeySet([key]).authenticate(token.span)
        #expect(accepted.payload == payload)
        for index in token.indices {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: TokenFailure.self) { try KeySet([key]).authenticate(changed.span) }
        }
    }

    /// 4.2 is PS384 and 4.3 is ES512, which are not implemented; 4.5 is detached.
    @Test(arguments: [
        ("4_2.rsa-pss_signature", TokenFailure.unknownAlgorithm), ("4_3.ecdsa_signature", .unknownAlgorithm),
        ("4_5.signature_with_detached_content", .signature),
    ])
    func `tokens of RFC 7520 of another algorithm, and detached ones, are refused`(
        name: String, failure: TokenFailure
    ) throws {
        let example = try Cookbook(name)
        let token = Array(try #require(example.file["output"]?["compact"]?.string).utf8)
        #expect(throws: failure) { try KeySet(example.keys).authenticate(token.span) }
    }

    @Test(arguments: [
        "4_1.rsa_v15_signature", "4_4.hmac-sha2_integrity_protection", "4_6.protecting_specific_header_fields",
        "4_7.protecting_content_only", "4_8.multiple_signatures",
    ])
    func `tokens of RFC 7520 in JSON serialisation are refused`(name: String) throws {
        let example = try Cookbook(name)
        for form in ["json", "json_flat"] {
            guard let value = example.file["output"]?[form] else { continue }
            #expect(throws: TokenFailure.self) { try KeySet(example.keys).authenticate(Array(value.text().utf8).span) }
        }
    }
}

/// An example of RFC 7520 §4.
private struct Cookbook {
    let file: JSONValue
    /// The example's keys that are of an algorithm implemented here.
    let keys: [TokenKey]

    init(_ name: String) throws {
        let text = try #require(SharedSuite.file("jose-cookbook/\(name).json"))
        file = try JSONValue.parse(text.span)
        let key = try #require(file["input"]?["key"])
        keys = (key.elements ?? [key]).compactMap { key in
            guard case .object(let object) = key else { return nil }
            return try? TokenKey(jwk: object)
        }
    }
}
