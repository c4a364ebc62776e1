/// What a command leaves with: one table for all of them (PROTOCOLS §1.10, "Exit statuses of every command").
///
/// A script can keep in mind: 0 is true, 1 is false, 64 and above could not find out, 75 is worth another try.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case failed = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unknownHost = 68
    case unavailable = 69
    case `internal` = 70
    case cannotWrite = 74
    case tryAgain = 75
    case `protocol` = 76
    case refused = 77
    case configuration = 78
    case limitCrossed = 99
    case interrupted = 130
    case terminated = 143

    /// When a command leaves with this status; one sentence without its full stop, as it stands in the man pages.
    package var summary: String {
        switch self {
        case .success: "What was asked for was done, or is true"
        case .failed:
            "What was asked is false: an expectation, a test, an application error, an unexpected close code"
        case .usage: "Usage: an unknown command or option, a missing or malformed value on the command line"
        case .badData: "Bad data: a script, a message or a recording that cannot be read"
        case .noInput: "No such input file"
        case .unknownHost: "Unknown host"
        case .unavailable:
            "Unavailable: refused, unreachable, a TLS failure, a lost connection; for serve: cannot listen"
        case .internal: "A mistake of this program"
        case .cannotWrite: "Cannot write the output"
        case .tryAgain: "Try again: a time-out, HTTP 429 or 503, close code 1012 or 1013"
        case .protocol: "Protocol: no status 101, a violation of RFC 6455, close code 1002, 1007 or 1009"
        case .refused: "Refused: HTTP 401 or 403, close code 1008, 4401 or 4403"
        case .configuration: "Configuration: a bad environment variable or configuration file"
        case .limitCrossed: "A limit of bench or compare was crossed"
        case .interrupted: "Ended by SIGINT"
        case .terminated: "Ended by SIGTERM"
        }
    }
}
