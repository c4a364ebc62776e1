import SessionBase

/// What a client asks for (RFC 6455 §4.1).
package struct ClientHandshake: Equatable, Sendable {
    /// The request target, with a leading slash.
    package var target: String
    /// Host and port for the field `Host`.
    package var authority: String
    /// Sixteen random bytes for `Sec-WebSocket-Key`.
    package var nonce: (UInt64, UInt64)
    /// Subprotocols in order of preference.
    package var subprotocols: [String]
    /// How permessage-deflate is offered, `nil` for not at all.
    package var compression: CompressionPolicy?
    /// More fields, such as `Origin`; one that the handshake has itself replaces it.
    package var fields: HTTPFields

    /// Describes a handshake.
    package init(
        target: String, authority: String, nonce: (UInt64, UInt64), subprotocols: [String] = [],
        compression: CompressionPolicy? = nil, fields: HTTPFields = HTTPFields()
    ) {
        self.target = target
        self.authority = authority
        self.nonce = nonce
        self.subprotocols = subprotocols
        self.compression = compression
        self.fields = fields
    }

    package static func == (left: ClientHandshake, right: ClientHandshake) -> Bool {
        left.target == right.target && left.authority == right.authority && left.nonce == right.nonce
            && left.subprotocols == right.subprotocols && left.compression == right.compression
            && left.fields == right.fields
    }

    /// The request that goes over the wire.
    var request: HTTPRequest {
        var all = HTTPFields()
        all.append("Host", authority)
        all.append("Upgrade", "websocket")
        all.append("Connection", "Upgrade")
        all.append("Sec-WebSocket-Key", String(decoding: key, as: UTF8.self))
        all.append("Sec-WebSocket-Version", "13")
        if !subprotocols.isEmpty { all.append("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")) }
        if let compression { all.append("Sec-WebSocket-Extensions", DeflateNegotiation.offer(compression).text) }
        for (name, _) in fields.pairs { all.remove(name) }
        for (name, value) in fields.pairs { all.append(name, value) }
        return HTTPRequest(head: HTTPRequestHead(target: target, fields: all))
    }

    private var key: [UInt8] { HandshakeKey.make(nonce) }
}

/// What is wrong with a server's 101 (RFC 6455 §4.1, items 2 to 6 at its end).
package enum HandshakeFailure: Error, CaseIterable, Equatable, Sendable {
    case notAsked
    case upgradeNotWebSocket
    case connectionNotUpgrade
    case wrongAccept
    case unofferedSubprotocol
    case unofferedExtension
    case invalidCompression

    /// What is wrong, in one clause.
    package var detail: StaticString {
        switch self {
        case .notAsked: "the server changed protocols without being asked"
        case .upgradeNotWebSocket: "the server's 101 has no Upgrade: websocket"
        case .connectionNotUpgrade: "the server's 101 has no Connection: Upgrade"
        case .wrongAccept: "Sec-WebSocket-Accept does not belong to the key"
        case .unofferedSubprotocol: "the server chose a subprotocol that was not offered"
        case .unofferedExtension: "the server chose an extension that was not offered"
        case .invalidCompression: "the server's parameters of permessage-deflate are no answer to the offer"
        }
    }
}

extension ClientHandshake {
    /// What a valid 101 settles.
    struct Agreement: Equatable {
        var subprotocol: String?
        var deflate: DeflateParameters?
    }

    /// Checks the server's 101.
    func verify(_ response: HTTPResponse) throws(HandshakeFailure) -> Agreement {
        let fields = response.fields
        guard fields.containsToken("upgrade", "websocket") else { throw .upgradeNotWebSocket }
        guard fields.containsToken("connection", "upgrade") else { throw .connectionNotUpgrade }
        let accept = fields.values(of: "sec-websocket-accept")
        guard accept == [String(decoding: HandshakeKey.accept(for: key.span), as: UTF8.self)] else {
            throw .wrongAccept
        }
        return Agreement(subprotocol: try subprotocol(of: fields), deflate: try deflate(of: fields))
    }

    private func subprotocol(of fields: HTTPFields) throws(HandshakeFailure) -> String? {
        let chosen = fields.values(of: "sec-websocket-protocol")
        guard let subprotocol = chosen.first else { return nil }
        // A user's own field may have offered more than `subprotocols`.
        let offered = request.head.fields.tokens(of: "sec-websocket-protocol")
        guard chosen.count == 1, offered.contains(subprotocol) else { throw .unofferedSubprotocol }
        return subprotocol
    }

    private func deflate(of fields: HTTPFields) throws(HandshakeFailure) -> DeflateParameters? {
        guard let chosen = fields.elements(of: "sec-websocket-extensions") else { throw .invalidCompression }
        guard let extensionElement = chosen.first else { return nil }
        guard chosen.count == 1, extensionElement.name == DeflateOffer.name, let compression else {
            throw .unofferedExtension
        }
        let offer = DeflateNegotiation.offer(compression)
        guard let agreed = DeflateNegotiation.verify(extensionElement, for: offer) else { throw .invalidCompression }
        return agreed
    }
}
