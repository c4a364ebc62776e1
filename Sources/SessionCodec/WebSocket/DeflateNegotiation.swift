/// What one end wants of permessage-deflate; `nil` in its place means that the extension is not used.
package struct CompressionPolicy: Equatable, Sendable {
    /// Shorter messages are sent as they are: their headers and the work cost more than compression saves.
    package var messageBytesMin = 512
    /// Keep our window between messages: better compression for 256 KiB of memory.
    package var keepsOwnContext: Bool
    /// Let the peer keep its window: costs us 40 KiB, since we must keep it too.
    package var keepsPeerContext: Bool
    /// Largest window of our own that we use, 8...15.
    package var ownWindowBitsMax: UInt8 = 15
    /// Largest window of the peer's that we ask for, 8...15.
    package var peerWindowBitsMax: UInt8 = 15

    /// Decides whether windows live from message to message.
    package init(keepsOwnContext: Bool, keepsPeerContext: Bool) {
        self.keepsOwnContext = keepsOwnContext
        self.keepsPeerContext = keepsPeerContext
    }

    /// Nothing is kept between messages, so that idle connections cost no memory.
    package static let server = CompressionPolicy(keepsOwnContext: false, keepsPeerContext: false)
    /// Both windows are kept, as browsers offer it.
    package static let client = CompressionPolicy(keepsOwnContext: true, keepsPeerContext: true)
}

/// The parameters of permessage-deflate in an offer or a response (RFC 7692 §7.1).
package struct DeflateOffer: Equatable, Sendable {
    /// What the extension is called in `Sec-WebSocket-Extensions`.
    package static let name = "permessage-deflate"

    /// Whether the server forgets what it compressed after each message (§7.1.1.1).
    package var serverNoContextTakeover = false
    /// Whether the client forgets what it compressed after each message (§7.1.1.2).
    package var clientNoContextTakeover = false
    /// Logarithm of the server's window, 8...15 (§7.1.2.1).
    package var serverMaxWindowBits: UInt8?
    /// Whether `client_max_window_bits` is there; an offer may leave its value out.
    package var hasClientMaxWindowBits = false
    /// Logarithm of the client's window, 8...15 (§7.1.2.2).
    package var clientMaxWindowBits: UInt8?

    /// No parameters.
    package init() {}

    /// Reads the parameters; `nil` for an unknown one, a second one of a name, or a value out of place or range.
    package init?(_ offer: HTTPListElement) {
        guard offer.name == Self.name else { return nil }
        for parameter in offer.parameters {
            let bits = parameter.value.map(Self.windowBits)
            // A value that is there must be a number of bits.
            if case .some(.none) = bits { return nil }
            switch (parameter.name, bits ?? nil) {
            case ("server_no_context_takeover", nil) where !serverNoContextTakeover: serverNoContextTakeover = true
            case ("client_no_context_takeover", nil) where !clientNoContextTakeover: clientNoContextTakeover = true
            case ("server_max_window_bits", let bits?) where serverMaxWindowBits == nil: serverMaxWindowBits = bits
            case ("client_max_window_bits", let bits) where !hasClientMaxWindowBits:
                hasClientMaxWindowBits = true
                clientMaxWindowBits = bits
            default: return nil
            }
        }
    }

    /// 8 to 15 in decimal without leading zeros.
    private static func windowBits(_ text: String) -> UInt8? {
        guard let bits = UInt8(text), (8...15).contains(bits), text == String(bits) else { return nil }
        return bits
    }

    /// The element as it stands in the header field.
    package var text: String {
        var text = Self.name
        if serverNoContextTakeover { text += "; server_no_context_takeover" }
        if clientNoContextTakeover { text += "; client_no_context_takeover" }
        if let serverMaxWindowBits { text += "; server_max_window_bits=\(serverMaxWindowBits)" }
        if hasClientMaxWindowBits {
            text += "; client_max_window_bits" + (clientMaxWindowBits.map { "=\($0)" } ?? "")
        }
        return text
    }
}

/// How both ends come to an agreement (RFC 7692 §5 and §7.1).
package enum DeflateNegotiation {
    /// Chooses among a client's offers: the first that is well-formed permessage-deflate is taken.
    ///
    /// - Returns: What holds from now on and what the response says; `nil` where no offer is acceptable.
    package static func accept(
        _ offers: [HTTPListElement], policy: CompressionPolicy
    ) -> (parameters: DeflateParameters, response: DeflateOffer)? {
        guard let offer = offers.lazy.compactMap({ DeflateOffer($0) }).first else { return nil }
        var response = DeflateOffer()
        response.serverNoContextTakeover = offer.serverNoContextTakeover || !policy.keepsOwnContext
        response.clientNoContextTakeover = offer.clientNoContextTakeover || !policy.keepsPeerContext
        let serverBits = min(offer.serverMaxWindowBits ?? 15, policy.ownWindowBitsMax)
        // A parameter that was offered is accepted by naming it, even with the default.
        if offer.serverMaxWindowBits != nil || serverBits < 15 { response.serverMaxWindowBits = serverBits }
        // The client's window can be limited only where the client said that it understands that.
        if offer.hasClientMaxWindowBits {
            let bits = min(offer.clientMaxWindowBits ?? 15, policy.peerWindowBitsMax)
            response.hasClientMaxWindowBits = bits < 15
            response.clientMaxWindowBits = bits < 15 ? bits : nil
        }
        return (parameters(of: response), response)
    }

    /// What a client with this policy offers.
    package static func offer(_ policy: CompressionPolicy) -> DeflateOffer {
        var offer = DeflateOffer()
        offer.serverNoContextTakeover = !policy.keepsPeerContext
        offer.clientNoContextTakeover = !policy.keepsOwnContext
        if policy.peerWindowBitsMax < 15 { offer.serverMaxWindowBits = policy.peerWindowBitsMax }
        offer.hasClientMaxWindowBits = true
        if policy.ownWindowBitsMax < 15 { offer.clientMaxWindowBits = policy.ownWindowBitsMax }
        return offer
    }

    /// Checks a server's response against what was offered.
    ///
    /// - Returns: What holds from now on; `nil` where the response is no valid answer to the offer.
    package static func verify(_ response: HTTPListElement, for offer: DeflateOffer) -> DeflateParameters? {
        guard let response = DeflateOffer(response) else { return nil }
        if offer.serverNoContextTakeover, !response.serverNoContextTakeover { return nil }
        if let most = offer.serverMaxWindowBits, response.serverMaxWindowBits ?? 15 > most { return nil }
        if response.hasClientMaxWindowBits {
            guard offer.hasClientMaxWindowBits, response.clientMaxWindowBits != nil else { return nil }
        }
        var agreed = parameters(of: response)
        // What a client said of itself it keeps to, whether or not the server repeats it.
        if offer.clientNoContextTakeover { agreed.clientNoContextTakeover = true }
        agreed.clientMaxWindowBits = min(agreed.clientMaxWindowBits, offer.clientMaxWindowBits ?? 15)
        return agreed
    }

    private static func parameters(of response: DeflateOffer) -> DeflateParameters {
        var parameters = DeflateParameters()
        parameters.serverNoContextTakeover = response.serverNoContextTakeover
        parameters.clientNoContextTakeover = response.clientNoContextTakeover
        parameters.serverMaxWindowBits = response.serverMaxWindowBits ?? 15
        parameters.clientMaxWindowBits = response.clientMaxWindowBits ?? 15
        return parameters
    }
}
