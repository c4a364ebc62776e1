import SessionBase
package import SessionClient
package import SessionCodec

/// Where boards are loaded from and stored to (PROTOCOLS §5.4).
package struct BoardBackendConfiguration: Equatable, Sendable {
    /// What stands for the room in a template.
    package static let roomPlace = "{roomId}"
    /// The path of a board under the backend's URL (PROTOCOLS §5.4).
    package static let defaultTemplate = "/api/rooms/\(roomPlace)/board"

    /// The backend's URL; its path, if any, comes before a template's.
    package var endpoint: Endpoint
    /// Path and query of `GET`.
    package var loadTemplate = defaultTemplate
    /// Path and query of `PUT`.
    package var storeTemplate = defaultTemplate
    /// What the tokens are signed with, by HS256. Never printed.
    package var secret: [UInt8]
    /// How long one exchange may take: looking up, connecting, TLS, request and answer together. A call waits as long at
    /// most until its exchange begins.
    package var timeout: Duration = .seconds(5)
    /// How many exchanges are under way at most.
    package var concurrency = 32
    /// The largest answer, in bytes.
    package var responseBytesMax = 8 << 20
    /// The TLS side of an `https` URL.
    package var security = ClientSecurity()

    /// Tells a backend.
    package init(endpoint: Endpoint, secret: [UInt8]) {
        self.endpoint = endpoint
        self.secret = secret
    }

    /// Whether a text can be a template: an absolute path, perhaps with a query, that has a place for the room.
    package static func isTemplate(_ text: String) -> Bool {
        text.hasPrefix("/") && text.contains(roomPlace) && !text.contains("#")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// The target of a request: the URL's path, then the template with the room in its place, percent-encoded.
    func target(of room: String, by template: String) -> String {
        // A room of dots must not climb in the path.
        let place =
            room == "." || room == ".."
            ? String(repeating: "%2E", count: room.utf8.count) : PercentEncoding.encodeComponent(room)
        let path = template.split(separator: Self.roomPlace, omittingEmptySubsequences: false).joined(separator: place)
        let base = endpoint.target.prefix { $0 != "?" }
        return (base.hasSuffix("/") ? String(base.dropLast()) : String(base)) + path
    }
}
