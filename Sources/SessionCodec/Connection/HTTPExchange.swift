/// The HTTP phase of a connection: one request or response at a time, and the answers that come later.
struct HTTPExchange: Sendable {
    var parser: HTTPMessageParser
    /// Server: the request that waits for its answer.
    var request: HTTPRequest?
    /// Server: the answers to earlier requests, which come first.
    var line = ResponseLine()
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

    /// Writes something behind all answers that are still to come.
    mutating func write(to output: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        guard !line.isEmpty else { return body(&output) }
        var bytes: [UInt8] = []
        body(&bytes)
        line.append(bytes)
    }
}

/// What only a client's connection keeps.
struct ClientSide: Sendable {
    var maskKeys: MaskKeys
    var subprotocol: String?
    /// The response that was received last; of a handshake, the 101.
    var response: HTTPResponse?
}
