/// What one connection may cost.
package struct ConnectionLimits: Equatable, Sendable {
    /// Longest message, in bytes, after inflation; a longer one closes with 1009. A server may set another one with
    /// ``Acceptance``.
    package var messageBytesMax: Int
    /// How large an HTTP request or response may be.
    package var http: HTTPLimits

    /// Messages of 64 KiB, which awareness takes (PROTOCOLS §2.5), unless told otherwise.
    package init(messageBytesMax: Int = 65_536, http: HTTPLimits = HTTPLimits()) {
        self.messageBytesMax = messageBytesMax
        self.http = http
    }
}

/// How a server runs a WebSocket that it accepts.
package struct Acceptance: Equatable, Sendable {
    /// Longest message, in bytes, after inflation.
    package var messageBytesMax: Int
    /// Whether and how permessage-deflate is accepted; `nil` declines it.
    package var compression: CompressionPolicy?

    /// Names the terms.
    package init(messageBytesMax: Int, compression: CompressionPolicy? = nil) {
        self.messageBytesMax = messageBytesMax
        self.compression = compression
    }
}
