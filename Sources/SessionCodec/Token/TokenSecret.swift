import SessionCrypto

/// What a secret for HMAC must be (PROTOCOLS §1.5).
package enum TokenSecret {
    /// Shorter ones can be guessed: 256 bits.
    package static let bytesMin = 32

    /// The secrets of the seeds' examples and the like, which everybody knows.
    package static let published = [
        "harmony-flow-secret-key", "harmony-flow-refresh-secret-key", "secret-string", "changeme",
    ]

    /// Refuses what is no secret.
    ///
    /// - Parameter allowingWeak: Short and published ones will do: `--dev`. Public keys never do: with one as its secret,
    ///   everybody could sign (CVE-2015-9235).
    package static func check(_ secret: [UInt8], allowingWeak: Bool = false) throws(TokenKeyError) {
        if PublicKey.looksLikePEM(secret) {
            throw TokenKeyError("it is a PEM key and no secret; give it as a key file")
        }
        guard !secret.isEmpty else { throw TokenKeyError("it is empty") }
        if allowingWeak { return }
        if published.contains(where: { secret.elementsEqual($0.utf8) }) {
            throw TokenKeyError("it is a published example that everybody knows")
        }
        guard secret.count >= bytesMin else {
            throw TokenKeyError("it has \(secret.count) bytes, and at least \(bytesMin) are needed")
        }
    }
}
