/// The HTTP phase of a connection: one request or response at a time.
struct HTTPExchange: Sendable {
    var parser: HTTPMessageParser
    /// Server: the request that waits for its answer.
    var request: HTTPRequest?
    /// Server: the client sends nothing behind that request.
    var isInputEnded = false
    /// Client: the handshake whose answer is awaited.
    var handshake: ClientHandshake?
    /// Client: whether any answer is awaited.
    var isAwaitingResponse = false
    /// Why nothing more is read.
    var failure: ConnectionFailure?

    init(role: HTTPMessageParser.Role, limits: HTTPLimits) {
        parser = HTTPMessageParser(role: role, limits: limits)
    }
}

/// What only a client's connection keeps.
struct ClientSide: Sendable {
    var maskKeys: MaskKeys
    var subprotocol: String?
    /// The response that was received last; of a handshake, the 101.
    var response: HTTPResponse?
}
