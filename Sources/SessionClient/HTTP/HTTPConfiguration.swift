package import SessionCodec

/// Everything that decides how an ``HTTPClient`` asks.
package struct HTTPConfiguration: Sendable {
    /// Who is asked; each request brings its own target.
    package var endpoint: Endpoint
    /// Fields of every request, such as a credential; a name that a request sets itself replaces ours.
    package var fields = HTTPFields()
    /// How long one exchange may take: resolving, connecting, TLS, request and answer together.
    package var timeout = Duration.seconds(10)
    /// The largest body accepted, in bytes; a snapshot of 1 MiB fits many times.
    package var bodyBytesMax = 16 << 20
    /// The TLS side of `https` endpoints.
    package var security = ClientSecurity()
    /// A descriptor that ends a wait when it becomes readable, such as that of `Signals`; whoever gave it reads it.
    package var interruption: Int32?

    /// Describes a client with everything at its default.
    package init(endpoint: Endpoint) { self.endpoint = endpoint }
}
