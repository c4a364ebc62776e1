/// Where a socket is bound or connected: an IP address with a port, or a path. IP addresses hold no heap storage.
package enum SocketAddress: Hashable, Sendable {
    /// IPv4: the address as a number, first octet highest, and the port.
    case ipv4(UInt32, port: UInt16)
    /// IPv6: both halves of the address as numbers, first byte highest, the interface it is scoped to (or 0), the port.
    case ipv6(high: UInt64, low: UInt64, scope: UInt32, port: UInt16)
    /// A Unix domain socket; the path is empty for the unnamed end of a connection.
    case unix(path: String)

    /// `127.0.0.1` with a port.
    package static func loopback(port: UInt16) -> SocketAddress { .ipv4(0x7f00_0001, port: port) }

    /// The port; `nil` for a path.
    package var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, _, _, let port): port
        case .unix: nil
        }
    }

    /// Whether only this machine can be at the other end: 127.0.0.0/8, `::1`, their IPv4-mapped form, a path.
    package var isLoopback: Bool {
        switch canonical {
        case .ipv4(let address, _): address >> 24 == 127
        case .ipv6(let high, let low, _, _): high == 0 && low == 1
        case .unix: true
        }
    }

    /// Whether it stands for all addresses of the machine: `0.0.0.0` or `::`.
    package var isUnspecified: Bool {
        switch self {
        case .ipv4(let address, _): address == 0
        case .ipv6(let high, let low, _, _): high == 0 && low == 0
        case .unix: false
        }
    }

    /// The same address, as IPv4 where it is an IPv4-mapped one (RFC 4291 §2.5.5.2), as dual-stack sockets report peers.
    package var canonical: SocketAddress {
        guard case .ipv6(0, let low, _, let port) = self, low >> 32 == 0xffff else { return self }
        return .ipv4(UInt32(truncatingIfNeeded: low), port: port)
    }

    /// The same host or path with another port.
    package func with(port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let address, _): .ipv4(address, port: port)
        case .ipv6(let high, let low, let scope, _): .ipv6(high: high, low: low, scope: scope, port: port)
        case .unix: self
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:8765`, `[::1]:8765` or `unix:PATH`.
    package var description: String {
        switch self {
        case .ipv4(_, let port): "\(host):\(port)"
        case .ipv6(_, _, _, let port): "[\(host)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The address without its port and without brackets; `unix` for a path, so that no peer can be told by it.
    package var host: String {
        switch self {
        case .ipv4(let address, _):
            "\(address >> 24).\(address >> 16 & 0xff).\(address >> 8 & 0xff).\(address & 0xff)"
        case .ipv6(let high, let low, let scope, _):
            IPv6Text.text(high: high, low: low) + (scope == 0 ? "" : "%\(scope)")
        case .unix: "unix"
        }
    }
}

extension SocketAddress {
    /// Parses a numeric `HOST:PORT`, `[::1]:PORT` or `unix:PATH`; names are ``Resolver``'s.
    ///
    /// - Returns: `nil` where the text is none of these.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard !path.isEmpty else { return nil }
            self = .unix(path: String(path))
            return
        }
        guard let (host, port) = Self.split(text) else { return nil }
        self.init(numericHost: host, port: port)
    }

    /// Parses a numeric IPv4 or IPv6 address, the latter without brackets.
    package init?(numericHost host: some StringProtocol, port: UInt16) {
        if let address = Self.ipv4(host) {
            self = .ipv4(address, port: port)
        } else if let (high, low) = IPv6Text.parse(host) {
            self = .ipv6(high: high, low: low, scope: 0, port: port)
        } else {
            return nil
        }
    }

    /// Splits `HOST:PORT` or `[HOST]:PORT`, whatever the host is.
    ///
    /// - Returns: The host without brackets, and the port; `nil` where one of them is missing or malformed.
    package static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = portNumber(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = host.dropFirst().dropLast()
            return inner.isEmpty ? nil : (String(inner), port)
        }
        return host.isEmpty || host.contains(":") ? nil : (String(host), port)
    }

    private static func portNumber(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? UInt16(text) : nil
    }

    static func ipv4(_ text: some StringProtocol) -> UInt32? {
        var address: UInt32 = 0
        let octets = text.split(separator: ".", omittingEmptySubsequences: false)
        guard octets.count == 4 else { return nil }
        for octet in octets {
            guard octet.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), octet.count == 1 || octet.first != "0",
                let value = UInt8(octet)
            else { return nil }
            address = address << 8 | UInt32(value)
        }
        return address
    }
}
