/// Where a client connects to: what the URL of a command line means (PROTOCOLS §1.11).
///
/// `ws://host:port/path?query`, `wss://`, `http://`, `https://`; `:8765/path` and `localhost:8765` without a scheme are
/// `ws`; `unix:/run/x.sock` and `unix:/run/x.sock:/path` for a Unix socket.
package struct Endpoint: Equatable, Sendable {
    /// One place to connect to.
    package enum Address: Equatable, Sendable {
        /// A name or an address (IPv6 without brackets) and a port.
        case host(String, port: UInt16)
        /// The path of a Unix socket.
        case unix(path: String)
    }

    /// Where the connection goes.
    package var address: Address
    /// Whether TLS comes first.
    package var isSecure: Bool
    /// The path and query for the request line; begins with a slash.
    package var target: String

    /// Makes an endpoint.
    package init(address: Address, isSecure: Bool = false, target: String = "/") {
        self.address = address
        self.isSecure = isSecure
        self.target = target
    }

    /// The value of the field `Host`: the port only where it is not the scheme's own.
    package var authority: String {
        switch address {
        case .unix: "localhost"
        case .host(let host, let port):
            port == Self.defaultPort(isSecure: isSecure) ? Self.bracketed(host) : "\(Self.bracketed(host)):\(port)"
        }
    }

    /// The same place with another path and query.
    package func withTarget(_ target: String) -> Endpoint {
        Endpoint(address: address, isSecure: isSecure, target: target)
    }

    fileprivate static func defaultPort(isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }
    fileprivate static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }
}

extension Endpoint {
    /// The URL without its query, in which a credential may stand: what reports and messages call it.
    package var publicDescription: String { withTarget(String(target.prefix { $0 != "?" })).description }

    /// The same where HTTP is spoken and no WebSocket: `http://host:8080`, `https://`, `unix:PATH`.
    package var httpDescription: String {
        let text = publicDescription
        guard case .host = address else { return text }
        // ws and http, wss and https differ in the same two characters.
        return "http" + text.dropFirst(2).dropLast(text.hasSuffix("\(authority)/") ? 1 : 0)
    }
}

extension Endpoint: CustomStringConvertible {
    /// The URL, which reads back as the same endpoint.
    package var description: String {
        switch address {
        case .unix(let path): target == "/" ? "unix:\(path)" : "unix:\(path):\(target)"
        case .host: "\(isSecure ? "wss" : "ws")://\(authority)\(target)"
        }
    }
}

/// Why a text is no URL that a client can connect to: one clause, such as `the port must be 1 to 65535`.
package struct EndpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause.
    package var description: String

    fileprivate init(_ description: String) { self.description = description }
}

extension Endpoint {
    /// Reads the URL of a command line.
    package init(parsing text: String) throws(EndpointError) {
        if let path = text.dropping(prefix: "unix:") ?? text.dropping(prefix: "ws+unix:") {
            self = try Self.unix(path)
            return
        }
        var (rest, isSecure) = (Substring(text), false)
        if let colon = text.range(ofScheme: "://") {
            switch text[..<colon.lowerBound].lowercased() {
            case "ws", "http": isSecure = false
            case "wss", "https": isSecure = true
            default: throw EndpointError("the scheme must be ws, wss, http, https or unix")
            }
            rest = text[colon.upperBound...]
        }
        guard !rest.contains("#") else { throw EndpointError("a URL of a WebSocket has no fragment (#)") }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        address = try Self.address(rest[..<end], defaultPort: Self.defaultPort(isSecure: isSecure))
        self.isSecure = isSecure
        target = Self.target(rest[end...])
    }

    private static func unix(_ text: Substring) throws(EndpointError) -> Endpoint {
        // `unix:///run/x.sock` means the same as `unix:/run/x.sock`.
        let place = text.hasPrefix("//") ? text.dropFirst(2) : text
        let colon = place.indices.first { place[$0...].hasPrefix(":/") }
        let path = place[..<(colon ?? place.endIndex)]
        guard !path.isEmpty else { throw EndpointError("unix: needs the path of a socket") }
        guard path.utf8.count < 108 else { throw EndpointError("the path of a Unix socket is at most 107 bytes long") }
        let target = colon.map { Self.target(place[place.index(after: $0)...]) } ?? "/"
        return Endpoint(address: .unix(path: String(path)), target: target)
    }

    private static func address(_ text: Substring, defaultPort: UInt16) throws(EndpointError) -> Address {
        guard !text.contains("@") else {
            throw EndpointError("credentials do not belong into a URL; send them with --header")
        }
        var (host, portText): (Substring, Substring?) = (text, nil)
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw EndpointError("the bracket [ is not closed") }
            host = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw EndpointError("a port must follow ] with a colon") }
            portText = rest.isEmpty ? nil : rest.dropFirst()
            guard isIPv6(host) else { throw EndpointError("brackets hold an IPv6 address") }
        } else if let colon = text.firstIndex(of: ":") {
            (host, portText) = (text[..<colon], text[text.index(after: colon)...])
            guard !(portText?.contains(":") ?? false) else {
                throw EndpointError("an IPv6 address needs brackets, as in ws://[::1]:8765")
            }
            if host.isEmpty { host = "localhost" }
        }
        guard !host.isEmpty else { throw EndpointError("the host is missing") }
        guard text.hasPrefix("[") || host.utf8.allSatisfy({ $0.isHostCharacter }) else {
            throw EndpointError("the host has a character that no host name has")
        }
        return .host(String(host), port: try port(portText, else: defaultPort))
    }

    /// Whether this looks like an IPv6 address, perhaps with a zone; the resolver decides whether it is one.
    private static func isIPv6(_ text: Substring) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
        return parts[0].contains(UInt8(ascii: ":"))
            && parts[0].allSatisfy { $0.hexDigitValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
            && (parts.count == 1 || !parts[1].isEmpty && parts[1].allSatisfy(\.isHostCharacter))
    }

    private static func port(_ text: Substring?, else defaultPort: UInt16) throws(EndpointError) -> UInt16 {
        guard let text else { return defaultPort }
        guard text.utf8.allSatisfy(\.isDigit), let port = UInt16(text), port > 0 else {
            throw EndpointError("the port must be 1 to 65535")
        }
        return port
    }

    /// Path and query with what must be escaped, escaped.
    private static func target(_ text: Substring) -> String {
        let encoded = PercentEncoding.encodeTarget(text)
        return encoded.hasPrefix("/") ? encoded : "/" + encoded
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }

    /// Where `separator` stands before any character that ends the scheme.
    fileprivate func range(ofScheme separator: String) -> Range<Index>? {
        guard let colon = firstIndex(where: { !$0.isLetter && !$0.isNumber && $0 != "+" }),
            self[colon...].hasPrefix(separator)
        else { return nil }
        return colon..<index(colon, offsetBy: separator.count)
    }
}

extension UInt8 {
    /// Whether this is a letter, a digit, a dot, a hyphen or an underscore.
    fileprivate var isHostCharacter: Bool {
        lowercasedASCII &- UInt8(ascii: "a") < 26 || isDigit || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "_")
    }
}
