import SessionBase
import SessionCodec
package import SessionIO

/// Why an HTTP exchange came to no answer. Each says what, where and what to do; an answer of any status is none of these.
package enum HTTPFailure: Error, Equatable, Sendable {
    /// The host's name leads to no address.
    case unknownHost(ResolutionError)
    /// No address of the endpoint took the connection; one error for each that was tried.
    case unreachable(endpoint: String, [SystemError])
    /// The whole exchange took too long.
    case timedOut(endpoint: String, after: Duration)
    /// TLS failed: a certificate, a version, an alert, an unreadable file.
    case tls(ClientFailure)
    /// The answer is no HTTP/1.1.
    case malformed(endpoint: String, reason: String)
    /// The answer is larger than was allowed.
    case tooLarge(endpoint: String, bytesMax: Int)
    /// The connection ended before the answer did.
    case lost(endpoint: String, reason: String)
    /// The descriptor of ``HTTPConfiguration/interruption`` became readable.
    case interrupted

    /// The exit status it calls for (PROTOCOLS §1.10).
    package var verdict: Verdict {
        switch self {
        case .unknownHost: .unknownHost
        case .unreachable, .lost: .unavailable
        case .timedOut: .tryAgain
        case .tls(let failure): failure.verdict
        case .malformed, .tooLarge: .protocolViolation
        case .interrupted: .interrupted
        }
    }
}

extension HTTPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownHost(let error): ClientFailure.unknownHost(error).description
        case .unreachable(let endpoint, let errors):
            ClientFailure.unreachable(endpoint: endpoint, errors).description
        case .timedOut(let endpoint, let after):
            "\(endpoint) did not answer within \(after.spelled); try --timeout with more"
        case .tls(let failure): failure.description
        case .malformed(let endpoint, let reason): "\(endpoint) did not answer as an HTTP/1.1 server: \(reason)"
        case .tooLarge(let endpoint, let bytesMax):
            "the answer of \(endpoint) is larger than \(bytesMax) bytes; ask for less"
        case .lost(let endpoint, let reason): "the connection to \(endpoint) was lost before the answer: \(reason)"
        case .interrupted: "interrupted"
        }
    }
}

extension Verdict {
    /// What an answer of an API means to a command that mirrors it (PROTOCOLS §1.10).
    ///
    /// The server says that the data are wrong: 65. What was asked for is not so (404, 409, 410, 412): 1.
    package init(apiStatus: Int) {
        self =
            switch apiStatus {
            case 200..<300, 304: .success
            case 400, 413, 415, 422: .badData
            case 401, 403: .refused
            case 404, 409, 410, 412: .failed
            case 408, 429, 503: .tryAgain
            case 500, 502, 504: .unavailable
            default: .protocolViolation
            }
    }
}
