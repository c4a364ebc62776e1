/// An HTTP POST to the operator's endpoint (PROTOCOLS 2-20; occupied and vacated channels).
package struct HookCall: Equatable, Sendable {
    /// What the reply carries; `nil` where nobody waits for one.
    package var ticket: UInt64?
    /// What happened, such as `channel_occupied`.
    package var event: String
    /// The event as a JSON object.
    package var body: [UInt8]

    /// Describes a call.
    package init(ticket: UInt64? = nil, event: String, body: [UInt8]) {
        self.ticket = ticket
        self.event = event
        self.body = body
    }
}

/// What became of a call.
package enum HookReply: Equatable, Sendable {
    /// The endpoint answered with 2xx.
    case accepted
    /// It answered with another status.
    case refused(status: Int)
    /// It did not answer; the text is for logs.
    case unavailable(String)
}
