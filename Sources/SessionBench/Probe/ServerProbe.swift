import SessionBase
import SessionClient
package import SessionCodec
import SessionCrypto
import SessionIO

/// Asks a running `sessionctl serve` for its figures: `GET /varz` on its administration socket or on a listener.
///
/// A question blocks its thread, at most ``timeout``; it is asked before and after what is measured, never within.
package struct ServerProbe: Equatable, Sendable {
    /// Where it is asked; the target is that of the document.
    package let endpoint: Endpoint
    /// How long an answer may take.
    package var timeout = Duration.seconds(2)
    /// Header fields added to the question, such as a credential.
    package var headers: [HeaderField] = []
    /// Certificates for `https`.
    package var security = BenchSecurity()

    private static let document = "/varz"

    /// Asks at an endpoint; one without a path of its own is asked for `/varz`.
    package init(_ endpoint: Endpoint) {
        self.endpoint = endpoint.target == "/" ? endpoint.withTarget(Self.document) : endpoint
    }

    /// Reads what `--admin` names: the path of a socket, or a URL.
    package init(parsing text: String) throws(ServerProbeError) {
        let isPath = text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
        do {
            self.init(try Endpoint(parsing: isPath ? "unix:" + text : text))
        } catch {
            throw ServerProbeError(text: text, error)
        }
    }

    /// Asks.
    package func read() throws(ServerProbeError) -> ServerReading {
        let response = try ask()
        guard response.status.rawValue == 200 else { throw ServerProbeError(endpoint, response) }
        do {
            return try ServerReading(response.body)
        } catch {
            throw ServerProbeError(endpoint, missing: error.field)
        }
    }

    /// Sends the question and waits for the answer.
    private func ask() throws(ServerProbeError) -> HTTPResponse {
        let event: ClientEvent?
        do throws(SystemError) {
            event = try exchange()
        } catch {
            throw ServerProbeError(.unreachable(endpoint: endpoint.publicDescription, [error]))
        }
        switch event {
        case .answered(let response)?: return response
        case .ended(.failed(let failure), _)?: throw ServerProbeError(failure)
        default: throw ServerProbeError(endpoint, after: timeout)
        }
    }

    /// Runs a client until it has its answer, or will have none.
    ///
    /// - Returns: How it went; `nil` where the time was over first.
    private func exchange() throws(SystemError) -> ClientEvent? {
        let deadline = SystemClock.now() + timeout
        // Masking keys and jitter are of no use to a plain request, so that their seeds are no secrets.
        let client = Client(configuration: configuration, maskSeed: SipHash(key0: 0, key1: 0))
        let loop = try ClientLoop(client: client, signals: [], seed: 0)
        loop.connect()
        while true {
            switch try loop.next(until: deadline) {
            case .client(let event): return event
            case .deadline: return nil
            case .line, .endOfInput, .typed, .signal: continue
            }
        }
    }

    private var configuration: ClientConfiguration {
        var configuration = ClientConfiguration(endpoint: endpoint)
        configuration.plainTarget = endpoint.target
        configuration.connectTimeout = timeout
        configuration.headers = headers.map { ($0.name, $0.value) }
        configuration.security.authoritiesPath = security.authoritiesPath
        configuration.security.certificatePath = security.certificatePath
        configuration.security.keyPath = security.keyPath
        configuration.security.isVerificationOff = security.isVerificationOff
        return configuration
    }
}
