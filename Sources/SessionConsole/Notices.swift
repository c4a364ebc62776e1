package import SessionClient
import SessionCodec

/// The sentences about a connection that go to standard error, or between the frames of the interactive client.
package enum Notices {
    /// `connected to ws://… at 127.0.0.1:8765 in 1.2 ms, subprotocol x, permessage-deflate`.
    package static func opened(_ handshake: HandshakeReport, _ endpoint: String) -> String {
        var text = "connected to \(endpoint)"
        let address = handshake.addressText
        if !endpoint.contains(address) { text += " at \(address)" }
        text += " in \(handshake.duration.spelled)"
        if let subprotocol = handshake.subprotocol { text += ", subprotocol \(subprotocol)" }
        if handshake.isCompressed { text += ", permessage-deflate" }
        return text
    }

    /// `closed 1001 going_away by peer after 12.3 s, 40 in / 12 out`.
    package static func ended(_ close: ClientClose) -> String {
        let reason = detail(of: close).map { " \"\($0)\"" } ?? ""
        let origin =
            switch close.origin {
            case .peer: " by peer"
            case .us: " by us"
            case .nobody: ""
            }
        return "closed \(close.spelledCode)\(reason)\(origin) after \(close.uptime.spelled), "
            + "\(close.traffic.messagesIn) in / \(close.traffic.messagesOut) out"
    }

    /// What the reason says beyond the name that the code has anyway (PROTOCOLS §1.3: `name` or `name: detail`).
    private static func detail(of close: ClientClose) -> String? {
        guard !close.reason.isEmpty, close.reason != close.code.name else { return nil }
        guard let name = close.code.name, close.reason.hasPrefix(name + ": ") else { return close.reason }
        return String(close.reason.dropFirst(name.count + 2))
    }

    /// `connecting again in 1.2 s, attempt 3`.
    package static func reconnecting(_ next: Reconnection) -> String {
        "connecting again in \(next.delay.spelled), attempt \(next.attempt)"
    }
}
