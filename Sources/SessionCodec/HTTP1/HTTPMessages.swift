import SessionBase

/// The versions of HTTP that are spoken; all others are refused with 505.
package enum HTTPVersion: Sendable {
    case http10, http11

    /// The version as it stands in a head.
    package var text: StaticString { self == .http11 ? "HTTP/1.1" : "HTTP/1.0" }
}

/// The head of a request, checked against RFC 9112 §3 and §5.
package struct HTTPRequestHead: Equatable, Sendable {
    /// A token in its own case, such as `GET`.
    package var method: String
    /// The target as it was sent, such as `/ws?v=2`; ``HTTPTarget`` takes it apart.
    package var target: String
    /// The version that the peer speaks.
    package var version: HTTPVersion
    /// The lines below the request line.
    package var fields: HTTPFields

    /// Makes a head.
    package init(
        method: String = "GET", target: String, version: HTTPVersion = .http11, fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
    }

    /// Whether another request may follow on the connection: HTTP/1.1 without `Connection: close`.
    ///
    /// HTTP/1.0 is answered and closed, whatever it asks for.
    package var keepsAlive: Bool { version == .http11 && !fields.containsToken("connection", "close") }
}

/// A complete request.
package struct HTTPRequest: Equatable, Sendable {
    /// Method, target and fields.
    package var head: HTTPRequestHead
    /// The body, chunks put together; empty where there is none.
    package var body: [UInt8]

    /// Makes a request.
    package init(head: HTTPRequestHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    /// Appends the request as it goes over the wire.
    ///
    /// `Host` must be among the fields. `Content-Length` is added where there is a body.
    package func append(to output: inout [UInt8]) {
        output.append(contentsOf: head.method.utf8)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: head.target.utf8)
        output.append(UInt8(ascii: " "))
        output.append(literal: head.version.text)
        output.append(literal: "\r\n")
        head.fields.append(to: &output)
        if !body.isEmpty { output.appendContentLength(body.count) }
        output.append(literal: "\r\n")
        output.append(contentsOf: body)
    }
}

/// The head of a response.
package struct HTTPResponseHead: Equatable, Sendable {
    /// The version that the peer speaks.
    package var version: HTTPVersion
    /// The three digits.
    package var status: HTTPStatus
    /// The reason phrase as it was sent; may be empty.
    package var reason: String
    /// The lines below the status line.
    package var fields: HTTPFields

    /// Makes a head.
    package init(version: HTTPVersion, status: HTTPStatus, reason: String, fields: HTTPFields) {
        self.version = version
        self.status = status
        self.reason = reason
        self.fields = fields
    }

    /// Whether the connection may carry another exchange.
    package var keepsAlive: Bool { version == .http11 && !fields.containsToken("connection", "close") }
}

/// A complete response.
package struct HTTPResponse: Equatable, Sendable {
    /// The three digits.
    package var status: HTTPStatus
    /// The fields; `Content-Length`, `Date` and `Connection` are added when it is written.
    package var fields: HTTPFields
    /// The body, chunks put together; empty where there is none.
    package var body: [UInt8]

    /// Makes a response.
    package init(status: HTTPStatus, fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Makes a response with a body of the given type.
    package init(_ status: HTTPStatus, contentType: String, body: [UInt8]) {
        self.init(status: status, fields: ["Content-Type": contentType], body: body)
    }

    /// Makes a response whose body is JSON.
    package static func json(_ status: HTTPStatus, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status, contentType: "application/json", body: body)
    }

    /// Makes the answer to a mistake: `{"error":"CODE","message":"text"}` (PROTOCOLS §1.6).
    ///
    /// - Parameters:
    ///   - code: The upper-case word that programs read.
    ///   - message: The sentence that people read.
    ///   - retryAfter: Seconds for `Retry-After`.
    ///   - allow: Methods for `Allow`, which a 405 needs.
    package static func error(
        _ status: HTTPStatus, _ code: String, _ message: String, retryAfter: Int? = nil, allow: String? = nil
    ) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("error", code)
            json.field("message", message)
        }
        var response = HTTPResponse.json(status, json.takeBytes())
        if let retryAfter { response.fields.append("Retry-After", String(retryAfter)) }
        if let allow { response.fields.append("Allow", allow) }
        return response
    }
}

extension [UInt8] {
    /// Appends the line `Content-Length: n`.
    mutating func appendContentLength(_ count: Int) {
        append(literal: "Content-Length: ")
        appendDecimal(count)
        append(literal: "\r\n")
    }
}
