import SessionCrypto
import SessionIO
import SessionServer

/// Where the tests keep their certificates.
private func fixturePath(_ name: String) -> String {
    let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return tests.joined(separator: "/") + "/Fixtures/tls/\(name).pem"
}

extension TLSFiles {
    /// A certificate for `localhost` by the tests' own authority.
    static func fixture(demandingClients: Bool = false) throws -> TLSFiles {
        TLSFiles(
            certificatePath: fixturePath("server"), keyPath: fixturePath("server-key"),
            clientAuthorityPath: demandingClients ? fixturePath("authority") : nil)
    }
}

extension TLSContext {
    /// A client that trusts the tests' authority, and shows a certificate of it where it has a `name`.
    static func fixture(identity name: String? = nil) throws -> TLSContext {
        let identity = try name.map {
            try Identity(
                certificateChain: Files.read(fixturePath($0)), privateKey: Files.read(fixturePath("\($0)-key")))
        }
        return try TLSContext(clientTrusting: .authorities(Files.read(fixturePath("authority"))), identity: identity)
    }
}
