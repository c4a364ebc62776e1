import SessionCodec

extension HTTPResponse {
    /// The response with the name of its request: in `X-Request-Id`, and in the body of an error (PROTOCOLS §1.6).
    func answering(requestID: String) -> HTTPResponse {
        var response = self
        response.fields.append("X-Request-Id", requestID)
        if response.body.starts(with: Self.errorStart) {
            response.body.removeLast()
            response.body.append(contentsOf: ",\"request_id\":\"\(requestID)\"}".utf8)
        }
        return response
    }

    /// How the body of ``HTTPResponse/error(_:_:_:retryAfter:allow:)`` begins.
    private static let errorStart = Array("{\"error\":".utf8)
}

extension ConnectionFailure {
    /// What a client of HTTP is answered; `nil` for a mistake in a frame, which gets a code instead.
    var response: HTTPResponse? {
        switch self {
        case .http(let error): error.response
        case .refused(let refusal): refusal.response
        case .webSocket, .handshake: nil
        }
    }
}
