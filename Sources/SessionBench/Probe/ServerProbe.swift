import SessionClient
package import SessionCodec

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

    /// Asks the same server for another document.
    func document(at target: String) throws(ServerProbeError) -> JSONValue {
        let place = endpoint.withTarget(target)
        let response = try ServerProbe(asking: place, like: self).ask()
        guard response.status.rawValue == 200 else { throw ServerProbeError(place, response) }
        do { return try JSONValue.parse(response.body.span) } catch { throw ServerProbeError(place, missing: "items") }
    }

    private init(asking endpoint: Endpoint, like other: ServerProbe) {
        self.endpoint = endpoint
        (timeout, headers, security) = (other.timeout, other.headers, other.security)
    }

    /// Sends the question and waits for the answer.
    private func ask() throws(ServerProbeError) -> HTTPResponse {
        do throws(HTTPFailure) {
            return try HTTPClient(configuration).send("GET", endpoint.target)
        } catch .timedOut {
            throw ServerProbeError(endpoint, after: timeout)
        } catch {
            throw ServerProbeError(error)
        }
    }

    private var configuration: HTTPConfiguration {
        var configuration = HTTPConfiguration(endpoint: endpoint)
        configuration.timeout = timeout
        for field in headers { configuration.fields.append(field.name, field.value) }
        configuration.security.authoritiesPath = security.authoritiesPath
        configuration.security.certificatePath = security.certificatePath
        configuration.security.keyPath = security.keyPath
        configuration.security.isVerificationOff = security.isVerificationOff
        return configuration
    }
}
