package import SessionCodec

/// Where a Redis server listens, and as whom to speak to it.
///
/// ```text
/// redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]     without TLS; port 6379, database 0 where none is given
/// rediss://…[?cacert=PATH][&verify=off]                with TLS
/// redis+unix:[//]PATH[?database=N][&user=U]            a Unix socket
/// ```
package struct RedisAddress: Equatable, Sendable {
    /// What a URL of Redis begins with.
    static let schemes = ["redis://", "rediss://", "redis+unix:"]

    /// The port that Redis listens on by itself.
    package static let defaultPort: UInt16 = 6379

    /// The place.
    package var address: Endpoint.Address
    /// Whether TLS comes first.
    package var isSecure = false
    /// The user of an access list (Redis 6); `nil` for the one that has no name.
    package var user: String?
    /// The password; `nil` where none is wanted.
    package var password: String?
    /// The number of the database, 0 by default.
    package var database = 0
    /// A file of the authorities to trust, in PEM; `nil` for the system's.
    package var authoritiesPath: String?
    /// Whether the server's certificate is not looked at.
    package var isVerificationOff = false

    /// Describes an address.
    package init(address: Endpoint.Address) { self.address = address }

    /// Reads a URL.
    ///
    /// - Throws: ``StorageError``, which repeats nothing of the URL.
    init(url: String) throws(StorageError) {
        let scheme = Self.schemes.first(where: url.hasPrefix) ?? ""
        var rest = url.dropFirst(scheme.count)
        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if scheme == "redis+unix:" {
            self.init(address: try Self.unix(rest))
        } else {
            var credentials: Substring?
            if let at = rest.lastIndex(of: "@") {
                credentials = rest[..<at]
                rest = rest[rest.index(after: at)...]
            }
            var path: Substring = ""
            if let slash = rest.firstIndex(of: "/") {
                path = rest[rest.index(after: slash)...]
                rest = rest[..<slash]
            }
            self.init(address: try Self.host(rest))
            isSecure = scheme == "rediss://"
            if let credentials { try take(credentials: credentials) }
            if !path.isEmpty { database = try Self.database(String(path)) }
        }
        for parameter in query.split(separator: "&") { try take(parameter: parameter) }
    }

    /// Reads the number of a database.
    static func database(_ text: String) throws(StorageError) -> Int {
        guard let number = Int(text), (0...65_535).contains(number) else {
            throw StorageError("the number of a Redis database is 0 or more, as in redis://localhost:6379/0")
        }
        return number
    }

    /// The URL without the password.
    package var publicDescription: String {
        switch address {
        case .unix(let path): return "redis+unix:\(path)"
        case .host(let host, let port):
            let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
            return "\(isSecure ? "rediss" : "redis")://\(name):\(port)/\(database)"
        }
    }

    private static func unix(_ text: Substring) throws(StorageError) -> Endpoint.Address {
        let path = text.hasPrefix("//") ? text.dropFirst(2) : text
        guard !path.isEmpty, path.utf8.count < 108 else {
            throw StorageError("redis+unix: needs the path of a socket, of at most 107 bytes")
        }
        return .unix(path: String(path))
    }

    private static func host(_ text: Substring) throws(StorageError) -> Endpoint.Address {
        do throws(EndpointError) {
            let endpoint = try Endpoint(parsing: "ws://" + (text.isEmpty ? "localhost" : text))
            // The port that `ws` means by none is not the one that Redis means.
            guard case .host(let host, let port) = endpoint.address, text.hasSuffix(":\(port)") else {
                return endpoint.withPort(Self.defaultPort)
            }
            return .host(host, port: port)
        } catch {
            throw StorageError("the URL of Redis cannot be read: \(error)")
        }
    }

    private mutating func take(credentials: Substring) throws(StorageError) {
        let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // Without a colon it is a password, as the oldest clients wrote it.
        password = try Self.decode(parts.last ?? "")
        if parts.count == 2, !parts[0].isEmpty { user = try Self.decode(parts[0]) }
        if password?.isEmpty == true { password = nil }
    }

    private mutating func take(parameter: Substring) throws(StorageError) {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = try Self.decode(parts.count == 2 ? parts[1] : "")
        switch parts[0] {
        case "cacert" where !value.isEmpty: authoritiesPath = value
        case "verify" where value == "off" || value == "on": isVerificationOff = value == "off"
        case "database": database = try Self.database(value)
        case "user" where !value.isEmpty: user = value
        default: throw StorageError("the URL of Redis takes ?cacert=PATH, verify=off, database=N and user=NAME")
        }
    }

    /// Undoes percent-encoding; an escape that is none is a mistake that would otherwise look like a wrong password.
    private static func decode(_ text: Substring) throws(StorageError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else {
                throw StorageError(
                    "the URL of Redis has a % that two hexadecimal digits do not follow; write %25 for it")
            }
            bytes.append(high << 4 | low)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Endpoint {
    /// The same host with another port.
    fileprivate func withPort(_ port: UInt16) -> Address {
        if case .host(let host, _) = address { .host(host, port: port) } else { address }
    }
}

extension UInt8 {
    /// What a hexadecimal digit stands for.
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
