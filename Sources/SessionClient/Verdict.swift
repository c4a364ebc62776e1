package import SessionCodec

/// What a client command found out, as the exit status it leaves with (PROTOCOLS §1.10).
///
/// A script can keep in mind: 0 is true, 1 is false, 64 and above could not find out, 75 is worth another try.
package enum Verdict: Int32, CaseIterable, Sendable {
    /// What was asked for happened, or a normal close.
    case success = 0
    /// What was asked is false: an expectation, an application's error, an unexpected close code.
    case failed = 1
    /// Standard input held what cannot be sent.
    case badData = 65
    /// A file named by an option does not exist.
    case noInput = 66
    /// The host's name leads to no address.
    case unknownHost = 68
    /// Refused, unreachable, a TLS failure, a lost connection.
    case unavailable = 69
    /// Standard output took no more.
    case cannotWrite = 74
    /// A time-out, HTTP 429 or 503, or a close code that says so: try again.
    case tryAgain = 75
    /// No status 101, or a violation of RFC 6455 by either side.
    case protocolViolation = 76
    /// The peer knows who asks, or does not, and refuses.
    case refused = 77
    /// Ended by SIGINT.
    case interrupted = 130
    /// Ended by SIGTERM.
    case terminated = 143

    /// What a connection that ended with `code` means; codes that nobody named are unexpected.
    package init(_ code: CloseCode) {
        self =
            switch code.rawValue {
            case 1000, 1005: .success
            case 1002, 1007, 1009: .protocolViolation
            case 1008, 4401, 4403: .refused
            case 1012, 1013, 4408, 4429, 4503, 4529: .tryAgain
            case 1001, 1006, 1011, 4500...4599: .unavailable
            default: .failed
            }
    }

    /// What an HTTP answer other than the expected one means.
    package init(httpStatus: Int) {
        self =
            switch httpStatus {
            case 401, 403: .refused
            case 408, 429, 503: .tryAgain
            default: .protocolViolation
            }
    }
}
