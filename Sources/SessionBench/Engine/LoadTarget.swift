import SessionBase
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO

/// One place that connections go to: resolved, and with everything that all handshakes there have in common.
struct LoadTarget {
    let endpoint: Endpoint
    let addresses: [SocketAddress]
    let tls: TLSContext?
    /// The address that answered last, tried first.
    var preferred = 0

    /// Looks a name up, which may block, and reads the files that TLS needs.
    init(_ endpoint: Endpoint, _ plan: LoadPlan) throws(ClientFailure) {
        self.endpoint = endpoint
        do throws(ResolutionError) {
            addresses = try endpoint.addresses()
        } catch {
            throw .unknownHost(error)
        }
        tls = endpoint.isSecure ? try Self.context(plan.security, endpoint) : nil
    }

    private static func context(_ security: BenchSecurity, _ endpoint: Endpoint) throws(ClientFailure) -> TLSContext {
        var client = ClientSecurity()
        client.authoritiesPath = security.authoritiesPath
        client.certificatePath = security.certificatePath
        client.keyPath = security.keyPath
        client.isVerificationOff = security.isVerificationOff
        do {
            return try client.context()
        } catch {
            throw ClientFailure(error, endpoint: endpoint)
        }
    }
}
