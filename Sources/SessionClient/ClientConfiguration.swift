package import SessionCodec

/// Everything that decides how a client connects and talks.
package struct ClientConfiguration: Sendable {
    /// Where to connect.
    package var endpoint: Endpoint
    /// Where given, a plain `GET` of this target takes the place of the handshake.
    package var plainTarget: String?
    /// Further fields of the handshake, in order; a name given here replaces ours.
    package var headers: [(name: String, value: String)] = []
    /// The field `Origin`, for playing a browser.
    package var origin: String?
    /// The subprotocols offered, most wanted first (RFC 6455 §1.9).
    package var subprotocols: [String] = []
    /// Whether permessage-deflate is offered (RFC 7692).
    package var offersCompression = false
    /// Longest message accepted, in bytes.
    package var messageBytesMax = 64 << 20
    /// How long resolving, connecting, TLS and handshake may take together.
    package var connectTimeout = Duration.seconds(10)
    /// How long the peer may take to answer a Close and to end the connection after it.
    package var closeTimeout = Duration.seconds(1)
    /// Whether Pings are answered.
    package var answersPings = true
    /// Cuts sent messages into frames of so many bytes; 0 sends each as one frame.
    package var fragmentBytes = 0
    /// Bytes a second that are read; `nil` reads as fast as they come.
    package var readBytesPerSecond: Int?
    /// Nothing is read while more bytes than this wait to be sent; `nil` reads always.
    package var unsentBytesMax: Int?
    /// The TLS side of `wss` endpoints.
    package var security = ClientSecurity()

    /// Describes a client with everything at its default.
    package init(endpoint: Endpoint) { self.endpoint = endpoint }
}

/// What a client trusts, and what it shows (PROTOCOLS §1.11, `--cacert --cert --key -k`).
package struct ClientSecurity: Equatable, Sendable {
    /// A PEM file of authorities to trust in place of the system's.
    package var authoritiesPath: String?
    /// A PEM file with the client's certificate chain.
    package var certificatePath: String?
    /// A PEM file with its private key; the certificate's file where it is not given.
    package var keyPath: String?
    /// Whether any certificate will do.
    package var isVerificationOff = false

    /// Trusts the system's authorities and shows no certificate.
    package init() {}
}
