package import SessionCodec

/// A request of the HTTP API (PROTOCOLS §1.6, §3.3) before it has an address.
package struct APIRequest: Equatable, Sendable {
    /// `GET`, `POST`, `DELETE`.
    package var method: String
    /// The parts of the path, not escaped yet.
    package var path: [String]
    /// The query's parameters, not escaped yet.
    package var query: [Parameter] = []
    /// Fields such as `If-Match`.
    package var fields = HTTPFields()
    /// What is sent, where something is.
    package var body: JSONValue?

    /// One parameter of a query.
    package struct Parameter: Equatable, Sendable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: String

        /// Pairs a name and a value.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Asks for something.
    package init(_ method: String, _ path: String..., body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }

    /// Path and query with everything escaped, below what the URL of the server says.
    package func target(below base: String) -> String {
        let root = base.split(separator: "/").map { "/" + $0 }.joined()
        let path = path.map { "/" + Self.escaped($0) }.joined()
        guard !query.isEmpty else { return root + path }
        let parameters = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }
        return root + path + "?" + parameters.joined(separator: "&")
    }

    /// Escapes all but the unreserved characters (RFC 3986 §2.3), so that an id cannot become a path.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}
