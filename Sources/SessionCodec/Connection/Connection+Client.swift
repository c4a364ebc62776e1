/// What a client asks in the HTTP phase.
extension Connection {
    /// Appends the request of a WebSocket handshake; `.opened`, `.response` or `.failed` follow.
    package mutating func request(_ handshake: ClientHandshake, output: inout [UInt8]) {
        begin(handshake.request, output: &output)
        http[0].handshake = handshake
    }

    /// Appends a plain HTTP request; `.response` or `.failed` follow.
    ///
    /// - Parameter request: Has a field `Host`.
    package mutating func request(_ request: HTTPRequest, output: inout [UInt8]) {
        begin(request, output: &output)
    }

    private mutating func begin(_ request: HTTPRequest, output: inout [UInt8]) {
        precondition(phase == .http && !client.isEmpty, "only a client that is no WebSocket yet sends requests")
        precondition(!http[0].isAwaitingResponse, "a request before the answer to the one before it")
        request.append(to: &output)
        http[0].parser.expectResponse(to: request.head.method)
        http[0].isAwaitingResponse = true
    }

    /// The response of a `.response` event, or the 101 of an `.opened` one, given out once.
    package mutating func takeResponse() -> HTTPResponse {
        guard !client.isEmpty, let response = client[0].response else {
            preconditionFailure("no response was received")
        }
        client[0].response = nil
        return response
    }

    /// The subprotocol that the server chose; a server itself knows what it chose.
    package var subprotocol: String? { client.first?.subprotocol }
}
