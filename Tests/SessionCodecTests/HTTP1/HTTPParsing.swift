import SessionCodec
import TestSupport

/// What a parser made of some input: the messages, then where and why it stopped.
struct HTTPParsing: Equatable {
    var messages: [HTTPMessage] = []
    var error: HTTPParseError?

    /// Feeds pieces to a new parser until it fails, and ends the input where `endsInput` says so.
    init(
        _ pieces: [DecoderVerifier.Piece], role: HTTPMessageParser.Role, limits: HTTPLimits = HTTPLimits(),
        requests: [String] = [], endsInput: Bool = false
    ) {
        var parser = HTTPMessageParser(role: role, limits: limits)
        for method in requests { parser.expectResponse(to: method) }
        do throws(HTTPParseError) {
            for piece in pieces {
                let input = piece.buffer.span.extracting(..<piece.range.upperBound)
                var cursor = piece.range.lowerBound
                repeat {
                    if let message = try parser.parse(input, from: &cursor) { messages.append(message) }
                } while cursor < input.count
            }
            if endsInput, let message = try parser.finish() { messages.append(message) }
        } catch {
            self.error = error
        }
    }

    /// Parses `text` in every chunking; all must agree.
    static func verified(
        _ text: String, role: HTTPMessageParser.Role = .server, limits: HTTPLimits = HTTPLimits(),
        requests: [String] = [], endsInput: Bool = false
    ) throws -> HTTPParsing {
        try DecoderVerifier(seed: 11).verify(Array(text.utf8)) { pieces in
            HTTPParsing(pieces, role: role, limits: limits, requests: requests, endsInput: endsInput)
        }
    }

    var requests: [HTTPRequest] { messages.compactMap { if case .request(let request) = $0 { request } else { nil } } }

    var responses: [HTTPResponse] {
        messages.compactMap { if case .response(let response) = $0 { response } else { nil } }
    }
}
