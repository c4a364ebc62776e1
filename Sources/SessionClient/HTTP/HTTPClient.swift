import SessionBase
package import SessionCodec
import SessionIO

/// A blocking HTTP/1.1 client of one server, over TCP, TLS or a Unix socket (RFC 9110, RFC 9112).
///
/// One connection is kept and used again. A request that finds it ended by the server is sent once more on a new one
/// where that is harmless: nothing had been sent yet, or the method may be repeated (RFC 9110 §9.2.2). Redirections are
/// answers like others and not followed, so that a credential goes nowhere else. One thread uses a client at a time.
package final class HTTPClient {
    /// How it asks.
    package let configuration: HTTPConfiguration
    private var link: HTTPLink?

    /// Prepares a client; it connects when it is first asked.
    package init(_ configuration: HTTPConfiguration) { self.configuration = configuration }

    /// Asks, and waits for the whole answer.
    ///
    /// - Parameters:
    ///   - method: A token such as `GET`.
    ///   - target: Path and query, percent-encoded.
    ///   - fields: Further fields; a name given here replaces the configuration's.
    ///   - body: Sent with its `Content-Length`; its type stands in `fields`.
    /// - Returns: An answer of whatever status.
    /// - Throws: ``HTTPFailure`` where there was none in time.
    package func send(
        _ method: String, _ target: String, fields: HTTPFields = HTTPFields(), body: [UInt8] = []
    ) throws(HTTPFailure) -> HTTPResponse {
        // A stream is not compressed: its lines are wanted when they are written.
        let request = request(method, target, fields, body, acceptsGzip: true)
        if let kept = link {
            link = nil
            if kept.isUsable {
                do throws(HTTPFailure) { return try exchange(request, on: kept) } catch {
                    guard case .lost = error, Self.isRepeatable(method) else { throw error }
                }
            }
        }
        return try exchange(request, on: HTTPLink(configuration))
    }

    /// Asks for an answer that is read line by line as it comes, on a connection of its own.
    ///
    /// The configuration's time-out is that of the answer's head; the body may go on for ever.
    package func stream(
        _ method: String, _ target: String, fields: HTTPFields = HTTPFields(), body: [UInt8] = []
    ) throws(HTTPFailure) -> HTTPStream {
        let link = try HTTPLink(configuration)
        try link.send(request(method, target, fields, body, acceptsGzip: false))
        return try HTTPStream(link, configuration)
    }

    /// The kept connection, for a driver that wants to hear of its end; `nil` where there is none.
    package var idleDescriptor: Int32? { link?.descriptor }

    /// Gives the kept connection up, once ``idleDescriptor`` is readable: nothing was asked, so that this is its end.
    package func dropIdle() { link = nil }

    /// Whether the server takes a connection, which is closed at once.
    package var isReachable: Bool {
        // Whatever is wrong now, the next request says it in full.
        (try? HTTPLink(configuration)) != nil
    }

    private func exchange(_ request: HTTPRequest, on link: HTTPLink) throws(HTTPFailure) -> HTTPResponse {
        try link.send(request)
        let response = try link.receive()
        if link.keepsAlive { self.link = link }
        let name = configuration.endpoint.httpDescription
        do throws(Zlib.Failure) {
            return try response.gunzipped(bytesMax: configuration.bodyBytesMax)
        } catch .tooLarge(let bytesMax) {
            throw .tooLarge(endpoint: name, bytesMax: bytesMax)
        } catch {
            throw .malformed(endpoint: name, reason: "its body is announced as gzip and cannot be read as that")
        }
    }

    private func request(
        _ method: String, _ target: String, _ fields: HTTPFields, _ body: [UInt8], acceptsGzip: Bool
    ) -> HTTPRequest {
        var all: HTTPFields = ["Host": configuration.endpoint.authority]
        if acceptsGzip { all.append("Accept-Encoding", "gzip") }
        let replaced = Set(fields.pairs.map { $0.name.lowercased() })
        for (name, value) in configuration.fields.pairs where !replaced.contains(name.lowercased()) {
            all.append(name, value)
        }
        for (name, value) in fields.pairs { all.append(name, value) }
        // Where a body is usual, its absence is said, or some servers wait for one (RFC 9110 §8.6).
        if body.isEmpty, ["POST", "PUT", "PATCH"].contains(method) { all.append("Content-Length", "0") }
        return HTTPRequest(head: HTTPRequestHead(method: method, target: target, fields: all), body: body)
    }

    /// Whether asking twice is as good as once.
    private static func isRepeatable(_ method: String) -> Bool { ["GET", "HEAD", "PUT", "DELETE"].contains(method) }
}
