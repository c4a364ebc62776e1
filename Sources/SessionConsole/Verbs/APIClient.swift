package import CommandKit
package import SessionClient
package import SessionCodec

/// An answer of the API that is no error.
package struct APIAnswer: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The body; `null` where there is none.
    package var value: JSONValue
}

/// Speaks the HTTP API: requests out, JSON in, refusals as errors with their exit status (PROTOCOLS §1.10).
package final class APIClient {
    let client: HTTPClient
    private let base: String

    /// The last refusal's body, which `--json` shows in place of a result.
    package private(set) var refusal: JSONValue?

    /// Speaks to the configuration's endpoint; its path is what the API's paths stand below.
    package init(_ configuration: HTTPConfiguration) {
        client = HTTPClient(configuration)
        base = String(configuration.endpoint.target.prefix { $0 != "?" })
    }

    /// Who is spoken to, for messages.
    package var name: String { client.configuration.endpoint.httpDescription }

    /// The kept connection, for a driver that wants to hear of its end.
    package var idleDescriptor: Int32? { client.idleDescriptor }

    /// Gives the kept connection up, once ``idleDescriptor`` is readable.
    package func dropIdle() { client.dropIdle() }

    /// Whether the server takes a connection.
    package var isReachable: Bool { client.isReachable }

    /// Asks, and takes the answer apart.
    ///
    /// - Throws: ``CommandError`` where there was no answer, or a refusal.
    package func call(_ request: APIRequest) throws(CommandError) -> APIAnswer {
        refusal = nil
        let response: HTTPResponse
        do throws(HTTPFailure) {
            let (fields, body) = Self.content(of: request)
            response = try client.send(request.method, request.target(below: base), fields: fields, body: body)
        } catch {
            throw CommandError(error)
        }
        return try accept(response)
    }

    /// Asks for lines that come as things happen.
    package func stream(_ request: APIRequest) throws(CommandError) -> HTTPStream {
        refusal = nil
        let stream: HTTPStream
        do throws(HTTPFailure) {
            let (fields, body) = Self.content(of: request)
            stream = try client.stream(request.method, request.target(below: base), fields: fields, body: body)
        } catch {
            throw CommandError(error)
        }
        if !stream.head.status.isSuccess { _ = try accept(stream.head) }
        return stream
    }

    private static func content(of request: APIRequest) -> (HTTPFields, [UInt8]) {
        var fields = request.fields
        fields.append("Accept", "application/json")
        guard let body = request.body else { return (fields, []) }
        fields.append("Content-Type", "application/json")
        return (fields, Array(body.text().utf8))
    }

    private func accept(_ response: HTTPResponse) throws(CommandError) -> APIAnswer {
        let status = response.status.rawValue
        let verdict = Verdict(apiStatus: status)
        // A body that is no JSON is told by its status alone.
        let value = response.body.isEmpty ? JSONValue.null : try? JSONValue.parse(response.body.span)
        if verdict == .success {
            guard let value else {
                throw CommandError(.protocol, "\(name) answers HTTP \(status) without JSON; is it sessionctl serve?")
            }
            return APIAnswer(status: status, value: value)
        }
        refusal = value
        throw CommandError(ExitStatus(verdict), refusal(response, value))
    }

    /// `HTTP 409 VERSION_CONFLICT: the session is at version 3`, and what to do.
    private func refusal(_ response: HTTPResponse, _ value: JSONValue?) -> String {
        let status = response.status
        let code = value?["error"]?.string ?? "\(status.phrase)"
        let message = value?["message"]?.string.map { ": \($0)" } ?? ""
        let particulars = APIAdvice.particulars(value?["details"])
        let seconds = response.fields["Retry-After"].map { "; try again in \($0) s" }
        let advice = seconds ?? APIAdvice.text(status.rawValue, code)
        return "\(name) answers HTTP \(status.rawValue) \(code)\(message)\(particulars)\(advice)"
    }
}

extension CommandError {
    /// What kept an answer from coming.
    package init(_ failure: HTTPFailure) { self.init(ExitStatus(failure.verdict), failure.description) }
}
