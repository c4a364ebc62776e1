import SessionBase

/// A call on its way.
struct RedisCall {
    /// The call, and who asked.
    var work: StoreWork
    /// When it came.
    var since: Instant
    /// Whether it was sent before, on a connection that was lost.
    var isAgain = false
}

/// A command that was sent and not answered.
struct RedisSent {
    /// What a reply is for.
    enum Purpose {
        /// A call.
        case call(RedisCall)
        /// A part of the greeting whose refusal ends the connection.
        case greeting
        /// A part of the greeting that may be refused.
        case courtesy
        /// A script that Redis was given.
        case script(isLast: Bool)
        /// A write that tells whether writes succeed.
        case probe
        /// A sweep.
        case sweep
    }

    /// What its reply is for.
    var purpose: Purpose
    /// When it was sent.
    var time: Instant
}
