import SessionBase
package import SessionCodec
package import SessionIO

/// What happened on a client's connection.
package enum ClientEvent: Equatable, Sendable {
    /// The handshake is done.
    case opened(HandshakeReport)
    /// A whole message came.
    case received(MessageKind, [UInt8])
    /// A Ping came; it is answered unless that was switched off.
    case pinged([UInt8])
    /// A Pong came.
    case ponged([UInt8])
    /// A plain request was answered, and the connection is over.
    case answered(HTTPResponse)
    /// It is over; nothing follows, unless a reconnection does.
    case ended(ClientEnd, next: Reconnection?)
}

/// What the handshake settled.
package struct HandshakeReport: Equatable, Sendable {
    /// The address that took the connection.
    package var address: SocketAddress
    /// The subprotocol that the server chose.
    package var subprotocol: String?
    /// Whether messages may be compressed (RFC 7692).
    package var isCompressed: Bool
    /// From the first attempt to connect until the server's 101.
    package var duration: Duration
    /// The fields of the server's answer in order.
    package var fields: [(name: String, value: String)]

    /// The address for people.
    package var addressText: String { address.description }

    package static func == (left: HandshakeReport, right: HandshakeReport) -> Bool {
        left.address == right.address && left.subprotocol == right.subprotocol
            && left.isCompressed == right.isCompressed && left.duration == right.duration
            && left.fields.elementsEqual(right.fields, by: ==)
    }
}

/// How a connection ended.
package enum ClientEnd: Equatable, Sendable {
    /// It had been open.
    case closed(ClientClose)
    /// It never was.
    case failed(ClientFailure)

    /// The exit status it calls for.
    package var verdict: Verdict {
        switch self {
        case .closed(let close): Verdict(close.code)
        case .failed(let failure): failure.verdict
        }
    }

    /// What it means to a client that may try again.
    package var loss: Loss {
        switch self {
        case .closed(let close): .closed(close.code)
        case .failed(let failure): failure.loss
        }
    }
}

/// The close of a connection that had been open.
package struct ClientClose: Equatable, Sendable {
    /// Who ended it.
    package enum Origin: String, Sendable {
        /// The peer sent the first Close frame.
        case peer
        /// This side did, because it wanted to or because the peer broke a rule.
        case us
        /// Nobody: the connection was lost.
        case nobody
    }

    /// The status; `.abnormal` where no Close frame came, `.noStatus` where it carried none.
    package var code: CloseCode
    /// The reason that came with it, or what the peer did wrong.
    package var reason: String
    /// Who ended it.
    package var origin: Origin
    /// How long it was open.
    package var uptime: Duration
    /// What went over it.
    package var traffic: Traffic

    /// Describes a close.
    package init(
        code: CloseCode, reason: String, origin: Origin, uptime: Duration = .zero, traffic: Traffic = Traffic()
    ) {
        self.code = code
        self.reason = reason
        self.origin = origin
        self.uptime = uptime
        self.traffic = traffic
    }

    /// For people: `1001 going_away`, or the number alone where nobody named it.
    package var spelledCode: String { code.name.map { "\(code.rawValue) \($0)" } ?? "\(code.rawValue)" }
}

/// Counts of what went over one connection.
package struct Traffic: Equatable, Sendable {
    /// Messages received.
    package var messagesIn = 0
    /// Messages sent.
    package var messagesOut = 0
    /// Bytes of payload in them.
    package var payloadBytesIn = 0
    /// Bytes of payload in them.
    package var payloadBytesOut = 0

    /// Nothing yet.
    package init() {}
}

/// A reconnection that is planned.
package struct Reconnection: Equatable, Sendable {
    /// How long until then.
    package var delay: Duration
    /// Which attempt in a row it will be, from 1.
    package var attempt: Int

    /// Plans a reconnection.
    package init(delay: Duration, attempt: Int) {
        self.delay = delay
        self.attempt = attempt
    }
}
