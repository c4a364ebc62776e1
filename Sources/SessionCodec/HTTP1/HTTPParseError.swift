/// Why a message is no acceptable HTTP/1.1, and what a server answers to it.
package struct HTTPParseError: Error, Equatable, Sendable {
    /// The status to answer with; the connection closes after it.
    package var status: HTTPStatus
    /// One sentence for people.
    package var message: String

    /// Makes an error.
    package init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The error of a message outside of the grammar.
    static func malformed(_ message: String) -> HTTPParseError { HTTPParseError(.badRequest, message) }

    /// The answer that tells the peer.
    package var response: HTTPResponse { .error(status, status.errorCode, message) }
}

extension HTTPParseError: CustomStringConvertible {
    /// The status and the sentence.
    package var description: String { "\(status.rawValue) \(status.phrase): \(message)" }
}

/// How large parts of a message may be (PROTOCOLS §1.4).
package struct HTTPLimits: Equatable, Sendable {
    /// All bytes of a head, the empty line included; more is 431.
    package var headBytesMax = 16_384
    /// The request target; more is 414.
    package var targetBytesMax = 8_192
    /// Fields of a head; more is 431.
    package var fieldCountMax = 128
    /// The body, chunks taken together; more is 413.
    package var bodyBytesMax = 1_048_576
    /// Chunk extensions of one message, taken together; more is 413.
    package var chunkExtensionBytesMax = 4_096

    /// The limits of a server, unless changed.
    package init(bodyBytesMax: Int = 1_048_576) { self.bodyBytesMax = bodyBytesMax }
}
