import SessionClient
import SessionCodec

/// Why a server's figures could not be had: who was asked, what came, and what to do; one line without a full stop.
package struct ServerProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String
    /// The exit status that fits where somebody asked for the figures (PROTOCOLS §1.10).
    package let status: Int32

    /// The text given to `--admin` names no place.
    init(text: String, _ error: EndpointError) {
        description = "\(text) is no place to ask: \(error); write the path of the administration socket, or a URL"
        status = 64
    }

    /// There was no answer.
    init(_ failure: HTTPFailure) {
        description = "the server cannot be asked for its figures: \(failure)"
        status = failure.verdict.rawValue
    }

    /// The answer was no document.
    init(_ endpoint: Endpoint, _ response: HTTPResponse) {
        // A body that is no JSON says nothing that is worth a line.
        let message = (try? JSONValue.parse(response.body.span))?["message"]?.string
        let says = message.map { ": \($0)" } ?? ""
        let answer = "HTTP \(response.status.rawValue) \(response.status.phrase)\(says)"
        description = "\(endpoint) does not tell its figures: \(answer)\(Self.advice(response.status.rawValue))"
        status = Verdict(httpStatus: response.status.rawValue).rawValue
    }

    /// The answer was another document.
    init(_ endpoint: Endpoint, missing field: String) {
        description =
            "\(endpoint) answers, but without \"\(field)\": it is no sessionctl serve, or an older one; use --admin none"
        status = Verdict.protocolViolation.rawValue
    }

    /// The time was over.
    init(_ endpoint: Endpoint, after duration: Duration) {
        description = "\(endpoint) did not tell its figures within \(duration.spelled); use --admin none to do without"
        status = Verdict.tryAgain.rawValue
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 401, 403: "; name its administration socket, or send a credential with --header"
        case 404: "; the figures are at /varz of a listener, or on the administration socket"
        default: ""
        }
    }
}
