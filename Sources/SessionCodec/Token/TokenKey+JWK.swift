import SessionBase
import SessionCrypto

extension TokenKey {
    /// Reads one JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). Private members are ignored.
    ///
    /// - Throws: ``TokenKeyError`` for a key that is for something else than checking signatures, of another kind, or
    ///   broken.
    package init(jwk: JSONObject, allowingWeak: Bool = false) throws(TokenKeyError) {
        try Self.checkPurpose(of: jwk)
        let id = jwk["kid"]?.string
        switch jwk["kty"]?.string {
        case "oct":
            let algorithms = try Self.hmacAlgorithms(of: jwk)
            let secret = try Self.number("k", of: jwk)
            try self.init(secret: secret, id: id, algorithms: algorithms, allowingWeak: allowingWeak)
        case "RSA":
            let (modulus, exponent) = (try Self.number("n", of: jwk), try Self.number("e", of: jwk))
            self.init(
                try Self.publicKey { () throws(KeyError) in
                    try PublicKey(rsaModulus: modulus, exponent: exponent)
                }, id: id)
        case "EC":
            guard jwk["crv"]?.string == "P-256" else { throw TokenKeyError("its curve is not P-256") }
            let (x, y) = (try Self.number("x", of: jwk), try Self.number("y", of: jwk))
            self.init(try Self.publicKey { () throws(KeyError) in try PublicKey(p256X: x, y: y) }, id: id)
        case "OKP":
            guard jwk["crv"]?.string == "Ed25519" else { throw TokenKeyError("its curve is not Ed25519") }
            let x = try Self.number("x", of: jwk)
            self.init(try Self.publicKey { () throws(KeyError) in try PublicKey(ed25519: x) }, id: id)
        default: throw TokenKeyError("its kty is none of oct, RSA, EC, OKP")
        }
        if let name = jwk["alg"]?.string, !algorithms.contains(where: { $0.rawValue == name }) {
            throw TokenKeyError("its alg is not supported for its kind")
        }
    }

    /// Refuses keys for encryption (RFC 7517 §4.2, §4.3).
    private static func checkPurpose(of jwk: JSONObject) throws(TokenKeyError) {
        if let use = jwk["use"], use.string != "sig" { throw TokenKeyError("its use is not sig") }
        if let operations = jwk["key_ops"]?.elements, !operations.contains(where: { $0.string == "verify" }) {
            throw TokenKeyError("its key_ops do not include verify")
        }
    }

    /// The one algorithm that a secret names, or all where it names none.
    private static func hmacAlgorithms(of jwk: JSONObject) throws(TokenKeyError) -> [TokenAlgorithm] {
        guard let name = jwk["alg"]?.string else { return TokenAlgorithm.hmac }
        guard let algorithm = TokenAlgorithm(rawValue: name), algorithm.hmacDigest != nil else {
            throw TokenKeyError("its alg is not supported for its kind")
        }
        return [algorithm]
    }

    private static func number(_ name: String, of jwk: JSONObject) throws(TokenKeyError) -> [UInt8] {
        guard let text = jwk[name]?.string, let bytes = Base64URL.decode([UInt8](text.utf8).span), !bytes.isEmpty
        else { throw TokenKeyError("its \(name) is missing or not base64url") }
        return bytes
    }

    private static func publicKey(_ make: () throws(KeyError) -> PublicKey) throws(TokenKeyError) -> PublicKey {
        do throws(KeyError) { return try make() } catch { throw TokenKeyError("\(error)") }
    }
}
