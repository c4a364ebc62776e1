/// Where a listener stands: `HOST:PORT`, `[::]:PORT`, `unix:PATH`, or a bare `PORT` or `:PORT` (PROTOCOLS §1.10, "Listening").
///
/// The host is text, not looked up; port 0 lets the system pick one.
package enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An address of the internet; `host` is `nil` where only a port was given, and without brackets.
    case internet(host: String?, port: UInt16)
    /// A socket in the file system.
    case unix(path: String)

    /// Reads an address.
    package init(parsing text: String, portAlone: Bool) throws(ValueError) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count <= Self.pathBytesMax else {
                throw ValueError("write unix:PATH with a path of 1 to \(Self.pathBytesMax) bytes")
            }
            self = .unix(path: path)
            return
        }
        let expected = "write HOST:PORT, [IPV6]:PORT" + (portAlone ? ", a port" : "") + " or unix:PATH"
        guard let colon = text.lastIndex(of: ":"), !(portAlone && colon == text.startIndex) else {
            let digits = text.hasPrefix(":") ? text.dropFirst() : text[...]
            guard portAlone, let port = Self.port(digits) else { throw ValueError(expected) }
            self = .internet(host: nil, port: port)
            return
        }
        guard let port = Self.port(text[text.index(after: colon)...]) else {
            throw ValueError("write a port from 0 to 65535 after the colon")
        }
        guard let host = Self.host(text[..<colon]) else { throw ValueError(expected) }
        self = .internet(host: host, port: port)
    }

    /// How the address is written, brackets around IPv6 included.
    package var description: String {
        switch self {
        case .internet(nil, let port): String(port)
        case .internet(let host?, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The longest path that fits `sockaddr_un` with its final NUL (unix(7)).
    static let pathBytesMax = 107

    private static func port(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt16(text)
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]"), text.count > 2 { return String(text.dropFirst().dropLast()) }
        return text.isEmpty || text.contains(where: { ":[]/ ".contains($0) }) ? nil : String(text)
    }
}

/// Profiles and the listener they share: `awareness=127.0.0.1:8765`, `channels+lockers=[::]:3000`.
package struct ListenPlacement: Hashable, Sendable, CustomStringConvertible {
    /// The profiles' names, in the order given.
    package var profiles: [String]
    /// Where they listen; never a bare port.
    package var address: ListenAddress

    /// Reads a placement.
    package init(parsing text: String, profiles known: [String]) throws(ValueError) {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValueError("write PROFILE=HOST:PORT, such as \(known.first ?? "PROFILE")=127.0.0.1:0")
        }
        var names: [String] = []
        for part in text[..<equals].split(separator: "+", omittingEmptySubsequences: false) {
            let name = String(part)
            guard known.contains(name) else {
                let nearest = Suggestion.nearest(to: name, among: known).map { "did you mean \($0)? " } ?? ""
                throw ValueError(nearest + "the profiles are \(known.joined(separator: ", "))")
            }
            guard !names.contains(name) else { throw ValueError("name \(name) only once") }
            names.append(name)
        }
        profiles = names
        address = try ListenAddress(parsing: String(text[text.index(after: equals)...]), portAlone: false)
    }

    /// `a+b=HOST:PORT`.
    package var description: String { profiles.joined(separator: "+") + "=" + address.description }
}
