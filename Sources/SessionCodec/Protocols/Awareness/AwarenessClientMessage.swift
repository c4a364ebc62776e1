package import SessionBase

/// What an awareness client says, with its parts owned: for clients, tools and tests.
///
/// The server reads the same messages without copies, as ``AwarenessRequest``; tests hold both readers to each other.
package enum AwarenessClientMessage: WireMessage {
    /// Shows a case in a window.
    case register(AwarenessRegistration)
    /// Closes a window.
    case deregister(user: String, window: String)
    /// Keeps a window alive.
    case heartbeat(user: String, window: String)
    /// Brings a window to the front.
    case focus(user: String, window: String)
    /// Asks for a pong.
    case ping
    /// Asks for the user's windows (EXT).
    case list(user: String)

    package var kind: AwarenessClientKind {
        switch self {
        case .register: .register
        case .deregister: .deregister
        case .heartbeat: .heartbeat
        case .focus: .focus
        case .ping: .ping
        case .list: .list
        }
    }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        var json = JSONWriter(appendingTo: output)
        json.object { json in
            json.field("type", kind.name)
            if let tag {
                var spelling: [UInt8] = []
                tag.encode(to: &spelling)
                json.key("id")
                json.raw(spelling.span)
            }
            if self != .ping { json.field("payload") { json in json.object { writePayload(to: &$0) } } }
        }
        output = json.takeBytes()
    }

    private func writePayload(to json: inout JSONWriter) {
        switch self {
        case .register(let registration): registration.write(to: &json)
        case .deregister(let user, let window), .heartbeat(let user, let window), .focus(let user, let window):
            json.field("userId", user)
            json.field("windowId", window)
        case .list(let user): json.field("userId", user)
        case .ping: break
        }
    }

    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<Self> {
        let request: AwarenessRequest
        do { request = try AwarenessRequest.decode(text) } catch { throw WireError(error, in: text) }
        let user = request.userID.string(in: text)
        let window = request.windowID.string(in: text)
        let message: Self =
            switch request.kind {
            case .register: .register(AwarenessRegistration(request, in: text))
            case .deregister: .deregister(user: user, window: window)
            case .heartbeat: .heartbeat(user: user, window: window)
            case .focus: .focus(user: user, window: window)
            case .ping: .ping
            case .list: .list(user: user)
            }
        return Tagged(message, tag: MessageTag(request.tag, in: text))
    }
}

/// What a `register` says.
package struct AwarenessRegistration: Equatable, Sendable {
    /// Whose window it is.
    package var user: String
    /// Which window.
    package var window: String
    /// The case it shows.
    package var `case`: String
    /// The slide it shows.
    package var slide: String?
    /// The client's time, to milliseconds.
    package var timestamp: Timestamp?
    /// Anything the client wants to note, an object of at most 2 KiB of JSON (EXT).
    package var meta: JSONValue?

    /// Describes a registration.
    package init(
        user: String, window: String, case: String, slide: String? = nil, timestamp: Timestamp? = nil,
        meta: JSONValue? = nil
    ) {
        self.user = user
        self.window = window
        self.case = `case`
        self.slide = slide
        self.timestamp = timestamp
        self.meta = meta
    }

    /// Copies the parts of a request out of its text.
    fileprivate init(_ request: AwarenessRequest, in text: Span<UInt8>) {
        user = request.userID.string(in: text)
        window = request.windowID.string(in: text)
        `case` = request.caseID.string(in: text)
        slide = request.slideID?.string(in: text)
        timestamp = request.timestamp
        // Losing the error is right: the request's reader has checked this part of the text.
        meta = request.meta.isEmpty ? nil : try? JSONValue.parse(text.extracting(request.meta))
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.field("userId", user)
        json.field("windowId", window)
        json.field("caseId", `case`)
        if let slide { json.field("slideId", slide) }
        if let timestamp { json.field("timestamp", timestamp) }
        if let meta { json.field("meta") { $0.value(meta) } }
    }
}

extension WireError {
    /// Says in general terms why a request was refused.
    fileprivate init(_ refusal: AwarenessRefusal, in text: Span<UInt8>) {
        switch (refusal.problem, refusal.field) {
        case (let problem?, _): self = .notJSON(problem)
        case (nil, .type): self = .notAMessage
        case (nil, let field?): self = .invalidField(field.name)
        case (nil, nil) where refusal.code == .unknownType:
            // Losing the error is right: the text was read before, or the type would not be known to be unknown.
            self = .unknownType((try? JSONValue.parse(text))?["type"]?.string ?? "")
        case (nil, nil): self = .notAMessage
        }
    }
}

extension MessageTag {
    /// Reads the id whose JSON stands at `range`; `nil` for an empty range.
    fileprivate init?(_ range: Range<Int>, in text: Span<UInt8>) {
        // Losing the error is right: the request's reader has checked this part of the text.
        switch range.isEmpty ? nil : try? JSONValue.parse(text.extracting(range)) {
        case .string(let text): self = .text(text)
        case .number(let digits): self = .number(digits)
        default: return nil
        }
    }
}
