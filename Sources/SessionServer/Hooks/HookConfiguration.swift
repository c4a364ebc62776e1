package import SessionCodec
import SessionCrypto

/// Whom the operator wants to be told of what happens (`channels-hook`).
package struct HookConfiguration: Equatable, Sendable {
    /// Where the calls go, as `POST`.
    package var endpoint: Endpoint
    /// The key of the signature; `nil` where calls are not signed. Never printed.
    package var secret: [UInt8]?
    /// How long one attempt may take.
    package var attemptTimeout: Duration = .seconds(5)
    /// How long a call is tried again after its endpoint did not take it.
    package var patience: Duration = .seconds(30)
    /// The pause before the second attempt; each further one is twice as long, up to ``pauseMax``.
    package var firstPause: Duration = .milliseconds(250)
    /// The longest pause.
    package var pauseMax: Duration = .seconds(5)

    /// Tells an endpoint.
    package init(endpoint: Endpoint, secret: [UInt8]? = nil) {
        self.endpoint = endpoint
        self.secret = secret
    }

    /// The value of `X-Sessionctl-Signature`: `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits.
    package func signature(of body: [UInt8]) -> String? {
        guard let secret else { return nil }
        let code = MessageAuthentication.code(of: body.span, key: secret.span, with: .sha256)
        return "sha256=" + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// What has become of calls so far.
package struct HookCounters: Equatable, Sendable {
    /// Answered with 2xx.
    package var accepted = 0
    /// Answered with a status that says not to try again.
    package var refused = 0
    /// Given up, because nothing better came in time.
    package var failed = 0
    /// Not tried, because too many waited.
    package var dropped = 0
    /// Attempts beside the first of each call.
    package var retries = 0
    /// Calls that wait, or are under way.
    package var waiting = 0
}
