package import SessionCodec
package import SessionIO

extension Endpoint {
    /// The name or address of the host; `localhost` for a Unix socket.
    package var host: String {
        switch address {
        case .host(let host, _): host
        case .unix: "localhost"
        }
    }

    /// The addresses that need no look-up: those of a numeric host or of a Unix socket; `nil` for a name.
    package var spelledAddresses: [SocketAddress]? {
        switch address {
        case .host(let host, let port): SocketAddress(numericHost: host, port: port).map { [$0] }
        case .unix(let path): [.unix(path: path)]
        }
    }

    /// The addresses to try, in order; blocks while a name is looked up.
    package func addresses() throws(ResolutionError) -> [SocketAddress] {
        switch address {
        case .host(let host, let port): try Resolver.addresses(host: host, port: port)
        case .unix(let path): [.unix(path: path)]
        }
    }
}
