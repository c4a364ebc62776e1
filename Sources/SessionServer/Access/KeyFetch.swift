import SessionBase
import SessionClient
package import SessionCodec

/// Why keys could not be fetched: a clause.
package struct KeyFetchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Fetches the keys of a JWK Set URL; blocks.
package enum KeyFetch {
    /// A JWK Set is a few kilobytes.
    private static let bytesMax = 1 << 20
    /// Whoever waits for a key gives up ten seconds after it came (C2).
    private static let timeout = Duration.seconds(5)

    /// The keys of a set, without secrets.
    package static func keys(of endpoint: Endpoint) throws(KeyFetchError) -> KeySet {
        var configuration = HTTPConfiguration(endpoint: endpoint)
        configuration.timeout = timeout
        configuration.bodyBytesMax = bytesMax
        let fields: HTTPFields = ["Accept": "application/jwk-set+json, application/json"]
        let response: HTTPResponse
        do { response = try HTTPClient(configuration).send("GET", endpoint.target, fields: fields) } catch {
            throw KeyFetchError("\(error)")
        }
        guard response.status == .ok else {
            throw KeyFetchError("it answers with status \(response.status.rawValue)")
        }
        do throws(TokenKeyError) { return try KeySet(jwks: response.body).withoutSecrets } catch {
            throw KeyFetchError("\(error)")
        }
    }
}
