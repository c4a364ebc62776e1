import SessionBase

/// Why a request for a WebSocket is answered with an error (RFC 6455 §4.2.1, PROTOCOLS §1.4).
package enum HandshakeRefusal: CaseIterable, Equatable, Sendable {
    case methodNotGet
    case oldHTTP
    case connectionNotUpgrade
    case unknownVersion
    case invalidKey
    case malformedExtensions

    /// Judges a request that has `Upgrade: websocket`.
    ///
    /// - Returns: The first thing wrong with it, `nil` for a valid handshake.
    package init?(_ head: HTTPRequestHead) {
        let fields = head.fields
        if head.method != "GET" {
            self = .methodNotGet
        } else if head.version != .http11 {
            self = .oldHTTP
        } else if !fields.containsToken("connection", "upgrade") {
            self = .connectionNotUpgrade
        } else if fields.count(of: "sec-websocket-version") != 1 || !fields.has("sec-websocket-version", "13") {
            self = .unknownVersion
        } else if !Self.hasValidKey(fields) {
            self = .invalidKey
        } else if fields.contains("sec-websocket-extensions"), fields.elements(of: "sec-websocket-extensions") == nil {
            self = .malformedExtensions
        } else {
            return nil
        }
    }

    private static func hasValidKey(_ fields: HTTPFields) -> Bool {
        guard fields.count(of: "sec-websocket-key") == 1, let place = fields.place(of: "sec-websocket-key") else {
            return false
        }
        return HandshakeKey.isValid(fields.text.span.extracting(place))
    }

    /// The sentence in the body of the answer.
    package var message: String {
        switch self {
        case .methodNotGet: "a WebSocket handshake is a GET"
        case .oldHTTP: "a WebSocket handshake needs HTTP/1.1"
        case .connectionNotUpgrade: "a WebSocket handshake needs the field Connection: Upgrade"
        case .unknownVersion: "only version 13 of the WebSocket protocol is spoken here"
        case .invalidKey: "Sec-WebSocket-Key must be one base64 of sixteen bytes"
        case .malformedExtensions: "Sec-WebSocket-Extensions is malformed"
        }
    }

    /// What the client is answered; the connection closes after it.
    package var response: HTTPResponse {
        switch self {
        case .methodNotGet: .error(.methodNotAllowed, "METHOD_NOT_ALLOWED", message, allow: "GET")
        case .oldHTTP: .error(.versionNotSupported, "HTTP_VERSION_NOT_SUPPORTED", message)
        case .connectionNotUpgrade, .unknownVersion: .upgradeRequired(message)
        case .invalidKey, .malformedExtensions: .error(.badRequest, "BAD_REQUEST", message)
        }
    }
}

extension HTTPResponse {
    /// The answer to a request that should have been a WebSocket handshake of version 13 (RFC 6455 §4.4, RFC 9110
    /// §15.5.22).
    package static func upgradeRequired(_ message: String) -> HTTPResponse {
        var response = HTTPResponse.error(.upgradeRequired, "UPGRADE_REQUIRED", message)
        response.fields.append("Upgrade", "websocket")
        response.fields.append("Connection", "Upgrade")
        response.fields.append("Sec-WebSocket-Version", "13")
        return response
    }
}

/// The answer 101 to a valid handshake (RFC 6455 §4.2.2).
enum ServerHandshake {
    /// Appends the answer.
    ///
    /// - Parameters:
    ///   - request: The fields of a request that ``HandshakeRefusal`` found nothing wrong with.
    ///   - subprotocol: One of those that the client offered.
    ///   - compression: How permessage-deflate is accepted, if at all.
    ///   - fields: More fields.
    /// - Returns: What was agreed about compression.
    static func append(
        answering request: HTTPFields, subprotocol: String?, compression: CompressionPolicy?, fields: HTTPFields,
        to output: inout [UInt8]
    ) -> DeflateParameters? {
        output.append(literal: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        output.append(literal: "Sec-WebSocket-Accept: ")
        let key = request.place(of: "sec-websocket-key") ?? 0..<0
        output.append(contentsOf: HandshakeKey.accept(for: request.text.span.extracting(key)))
        output.append(literal: "\r\n")
        if let subprotocol { output.appendField("Sec-WebSocket-Protocol: ", subprotocol) }
        var agreed: DeflateParameters?
        if let compression, let offers = request.elements(of: "sec-websocket-extensions"),
            let (parameters, response) = DeflateNegotiation.accept(offers, policy: compression)
        {
            output.appendField("Sec-WebSocket-Extensions: ", response.text)
            agreed = parameters
        }
        fields.append(to: &output)
        output.append(literal: "\r\n")
        return agreed
    }
}

extension [UInt8] {
    fileprivate mutating func appendField(_ name: StaticString, _ value: String) {
        append(literal: name)
        append(contentsOf: value.utf8)
        append(literal: "\r\n")
    }
}
