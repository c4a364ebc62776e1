import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto

/// A key that programs show in `X-API-Key`, known by its hash alone (PROTOCOLS §1.10, `--api-key`).
package struct APIKey: Equatable, Sendable {
    /// Who has it; what lists and logs say.
    package let name: String
    /// What it allows.
    package let roles: [String]
    /// SHA-256 of the key.
    package let hash: [UInt8]

    /// Describes a key.
    package init(name: String, roles: [String], hash: [UInt8]) {
        self.name = name
        self.roles = roles
        self.hash = hash
    }

    /// Reads `NAME:ROLE[,ROLE]:SHA256HEX`; `nil` where it is something else.
    package init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let roles = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let digits = parts[2].compactMap(\.hexDigitValue)
        guard IdentifierRule.allows(String(parts[0])), roles.allSatisfy(IdentifierRule.allows),
            digits.count == 64, parts[2].utf8.count == 64
        else { return nil }
        name = String(parts[0])
        self.roles = roles
        hash = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    /// Draws a key of 256 bits.
    ///
    /// - Returns: The key itself, which is kept nowhere, and what is known of it.
    package static func draw(name: String, roles: [String]) -> (key: String, known: APIKey) {
        let key = Base64URL.encode(SecureRandom.bytes(32).span)
        return (key, APIKey(name: name, roles: roles, hash: Digest.hash(Array(key.utf8).span, with: .sha256)))
    }

    /// `NAME:ROLE[,ROLE]:SHA256HEX`, as `--api-key` takes it.
    package var text: String {
        let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(name):\(roles.joined(separator: ",")):\(digits)"
    }

    /// Who shows `key`; all keys are compared, so that time tells nothing about which was near.
    static func identity(of key: String, among keys: [APIKey]) -> Identity? {
        let hash = Digest.hash(Array(key.utf8).span, with: .sha256)
        var found: APIKey?
        for candidate in keys where ConstantTime.isEqual(hash.span, candidate.hash.span) { found = candidate }
        guard let found else { return nil }
        var identity = Identity(user: found.name)
        identity.roles = found.roles
        identity.isProgram = true
        return identity
    }
}
