/// Why a connection failed.
package enum ConnectionFailure: Equatable, Sendable {
    /// A frame or message broke a rule.
    case webSocket(WebSocketError)
    /// What came was no acceptable HTTP; a server has answered with the error's status.
    case http(HTTPParseError)
    /// A client asked for a WebSocket in a way that was refused.
    case refused(HandshakeRefusal)
    /// The server's 101 was no answer to the client's handshake.
    case handshake(HandshakeFailure)
}

extension ConnectionFailure: CustomStringConvertible {
    /// One clause for logs and people.
    package var description: String {
        switch self {
        case .webSocket(let error): error.detail.description
        case .http(let error): error.description
        case .refused(let refusal): refusal.message
        case .handshake(let failure): failure.detail.description
        }
    }
}
