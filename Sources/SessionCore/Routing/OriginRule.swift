/// Which origins a browser's page may come from (PROTOCOLS C18).
///
/// An Origin header is accepted where its host and effective port equal those of Host, where both are loopback hosts of
/// the same name on whatever port, or where a configured pattern matches: `https://viewer.example`, or
/// `https://*.example` for every subdomain. `null` is always refused.
package struct OriginRule: Sendable {
    private let patterns: [WebOrigin]

    /// Accepts the server's own origin and no other.
    package static let sameHost = OriginRule(parsed: [])

    private init(parsed: [WebOrigin]) { patterns = parsed }

    /// Makes the rule that accepts `patterns` beside the server's own origin.
    ///
    /// - Returns: `nil` where a pattern is no origin; ``WebOrigin/init(parsing:)`` says what one looks like.
    package init?(patterns: [String]) {
        var parsed: [WebOrigin] = []
        for pattern in patterns {
            guard let origin = WebOrigin(parsing: pattern) else { return nil }
            parsed.append(origin)
        }
        self.patterns = parsed
    }

    /// Judges a request's Origin against its Host.
    ///
    /// - Parameters:
    ///   - origin: The Origin header, such as `https://viewer.example:8443`.
    ///   - host: The Host header, such as `hub.example` or `[::1]:8765`.
    ///   - isSecure: Whether the connection is TLS, which decides the port that an absent one stands for.
    package func accepts(origin text: String, host: String, isSecure: Bool) -> Bool {
        guard let origin = WebOrigin(parsing: text) else { return false }
        if let own = WebOrigin(parsing: (isSecure ? "https://" : "http://") + host), own.host == origin.host {
            if own.port == origin.port || Self.isLoopback(own.host) { return true }
        }
        return patterns.contains { $0.matches(origin) }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }
}

/// Scheme, host and effective port of a web page (RFC 6454 §4).
package struct WebOrigin: Equatable, Sendable {
    /// The scheme in lower case.
    package let scheme: String
    /// The host in lower case; an IPv6 address keeps its brackets; a pattern may begin with `*.`.
    package let host: String
    /// The port, or the scheme's own where none was written.
    package let port: UInt16

    /// Parses `scheme://host[:port]`; `nil` for anything else, `null` included.
    package init?(parsing text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        var rest = text[separator.upperBound...]
        guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@"), !rest.contains(" ") else { return nil }
        guard scheme.utf8.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }), !scheme.isEmpty else {
            return nil
        }
        var port: UInt16 = scheme == "https" || scheme == "wss" ? 443 : 80
        let hostEnd = rest.hasPrefix("[") ? rest.firstIndex(of: "]") : nil
        if let colon = rest.lastIndex(of: ":"), hostEnd.map({ $0 < colon }) ?? true {
            guard let number = UInt16(rest[rest.index(after: colon)...]) else { return nil }
            port = number
            rest = rest[..<colon]
        }
        guard !rest.isEmpty else { return nil }
        self.scheme = scheme
        self.host = rest.lowercased()
        self.port = port
    }

    /// Whether this origin, read as a pattern, covers `origin`.
    func matches(_ origin: WebOrigin) -> Bool {
        guard scheme == origin.scheme, port == origin.port else { return false }
        guard host.hasPrefix("*.") else { return host == origin.host }
        return origin.host.hasSuffix(host.dropFirst()) && origin.host.utf8.count > host.utf8.count - 1
    }
}
