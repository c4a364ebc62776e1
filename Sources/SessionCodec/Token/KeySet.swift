import SessionBase
import SessionCrypto

/// The keys that tokens are checked with.
package struct KeySet: Sendable {
    /// More keys are not read from one set: each may cost a signature check for a token that names none.
    package static let keysMax = 64

    /// The keys that are usable.
    package private(set) var keys: [TokenKey] = []
    /// Why other keys of a set were left out, a line each, without their numbers; for logs.
    package private(set) var skipped: [String] = []

    /// A set without keys, which refuses every token.
    package init() {}

    /// A set of keys made elsewhere.
    package init(_ keys: [TokenKey]) { self.keys = keys }

    /// One shared secret, for HS256, HS384 and HS512.
    package init(secret: [UInt8], allowingWeak: Bool = false) throws(TokenKeyError) {
        keys = [try TokenKey(secret: secret, allowingWeak: allowingWeak)]
    }

    /// Reads a file of keys: a JWK, a JWK Set (RFC 7517), or PEM with one or several keys.
    package init(contents: [UInt8], allowingWeak: Bool = false) throws(TokenKeyError) {
        let start = contents.first { !" \t\r\n".utf8.contains($0) }
        if start == UInt8(ascii: "{") {
            try self.init(jwks: contents, allowingWeak: allowingWeak)
        } else if PublicKey.looksLikePEM(contents) {
            try self.init(pem: contents)
        } else {
            throw TokenKeyError("it is neither a JWK, nor a JWK Set, nor PEM")
        }
    }

    /// Reads public keys, certificates or private keys in PEM, one after the other.
    package init(pem: [UInt8]) throws(TokenKeyError) {
        for block in Self.pemBlocks(pem) {
            do throws(KeyError) { keys.append(TokenKey(try PublicKey(pem: block))) } catch {
                throw TokenKeyError("its key number \(keys.count + 1) cannot be used: \(error)")
            }
        }
        guard !keys.isEmpty else { throw TokenKeyError("it holds no PEM key") }
    }

    /// Reads a JWK or a JWK Set; keys of a set that are of no use here are left out (RFC 7517 §5).
    package init(jwks: [UInt8], allowingWeak: Bool = false) throws(TokenKeyError) {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue.parse(jwks.span) } catch {
            throw TokenKeyError("it is not JSON: \(error)")
        }
        guard case .object(let object) = document else { throw TokenKeyError("it is not a JSON object") }
        guard let elements = object["keys"]?.elements else {
            keys = [try TokenKey(jwk: object, allowingWeak: allowingWeak)]
            return
        }
        guard elements.count <= Self.keysMax else {
            throw TokenKeyError("it holds \(elements.count) keys, and at most \(Self.keysMax) are read")
        }
        for (place, element) in elements.enumerated() {
            do throws(TokenKeyError) {
                guard case .object(let object) = element else { throw TokenKeyError("it is not a JSON object") }
                keys.append(try TokenKey(jwk: object, allowingWeak: allowingWeak))
            } catch {
                skipped.append("key \(place + 1): \(error)")
            }
        }
        guard !keys.isEmpty else {
            throw TokenKeyError("it holds no key that can be used" + (skipped.first.map { "; \($0)" } ?? ""))
        }
    }

    /// The keys of both.
    package func joined(with other: KeySet) -> KeySet {
        var all = self
        all.keys += other.keys
        all.skipped += other.skipped
        return all
    }

    /// The keys that are no secrets, for a set that everybody can read.
    package var withoutSecrets: KeySet {
        var rest = self
        rest.keys.removeAll(where: \.isSecret)
        if rest.keys.count < keys.count { rest.skipped.append("secrets: whoever can read them could sign") }
        return rest
    }

    /// Whether a key of that name is there.
    package func contains(keyID: String) -> Bool { keys.contains { $0.id == keyID } }

    /// Checks a token's signature, and nothing else of it.
    ///
    /// - Returns: The token, taken apart.
    package func authenticate(_ text: Span<UInt8>) throws(TokenFailure) -> CompactToken {
        let token = try CompactToken.parse(text)
        let algorithm = try Self.algorithm(of: token)
        let candidates = keys.filter { $0.id == nil || token.keyID == nil || $0.id == token.keyID }
        let message = text.extracting(0..<token.signedCount)
        var failure = TokenFailure.wrongAlgorithm
        for key in candidates where key.algorithms.contains(algorithm) {
            if key.verifies(token.signature.span, of: message, by: algorithm) { return token }
            failure = .signature
        }
        // Where keys have names, an unknown one is the better reason: the set may be older than the key.
        if let name = token.keyID, !contains(keyID: name), keys.contains(where: { $0.id != nil }) || keys.isEmpty {
            throw .unknownKey
        }
        throw keys.isEmpty ? .unknownKey : failure
    }

    private static func algorithm(of token: CompactToken) throws(TokenFailure) -> TokenAlgorithm {
        guard let name = token.algorithmName else { throw .unknownAlgorithm }
        guard name.lowercased() != "none" else { throw .unsecured }
        guard let algorithm = TokenAlgorithm(rawValue: name) else { throw .unknownAlgorithm }
        return algorithm
    }

    /// Cuts a PEM text before each line that begins a block.
    private static func pemBlocks(_ text: [UInt8]) -> [[UInt8]] {
        let mark = Array("-----BEGIN ".utf8)
        let starts = text.indices.filter { text[$0] == mark[0] && text[$0...].starts(with: mark) }
        return zip(starts, starts.dropFirst() + [text.count]).map { Array(text[$0..<$1]) }
    }
}
