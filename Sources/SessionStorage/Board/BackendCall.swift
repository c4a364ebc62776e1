package import SessionBase
package import SessionCore

/// A request to the backend, and what its reply must carry.
package struct BackendCall: Equatable, Sendable {
    /// The asker's own number for it.
    package var ticket: UInt64
    /// What is asked.
    package var request: BackendRequest

    /// Pairs a number and a request.
    package init(ticket: UInt64, request: BackendRequest) {
        self.ticket = ticket
        self.request = request
    }
}

/// A reply on its way to the asker.
package struct BackendAnswer: Equatable, Sendable {
    /// The number the call carried.
    package var ticket: UInt64
    /// What the backend says.
    package var reply: BackendReply
    /// When the request left, after it had waited for others; `nil` where it never did.
    package var sentAt: Instant?

    /// Pairs a number and a reply.
    package init(ticket: UInt64, reply: BackendReply, sentAt: Instant? = nil) {
        self.ticket = ticket
        self.reply = reply
        self.sentAt = sentAt
    }
}
