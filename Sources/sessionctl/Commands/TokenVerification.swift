import CommandKit
import SessionBase
import SessionClient
import SessionCodec
import SessionConsole
import SessionServer

/// `token verify`: whether a token is good, by the rules and keys of `serve`.
enum TokenVerification {
    static func run(_ invocation: Invocation) throws(CommandError) {
        let text = try invocation.tokenOperand()
        let verifier = try verifier(invocation)
        let now = invocation.now
        let printer = invocation.resultPrinter()
        let claims: TokenClaims
        do throws(TokenFailure) { claims = try verifier.verify(text.span, at: now) } catch {
            if printer.form.isJSON { try printer.show(["valid": false, "reason": .string(error.reason)]) { [] } }
            throw CommandError(.failed, error.reason)
        }
        try printer.show(["valid": true, "claims": payload(of: text)]) {
            let end = claims.expiresAt.map { "\($0.text), \(TokenInspection.distance(of: $0, from: now))" }
            return [.lines(["valid: of \(claims.user), expires \(end ?? "never")"])]
        }
    }

    /// The claims as they stand in the token, which has just been verified.
    private static func payload(of text: [UInt8]) -> JSONValue {
        do throws(TokenFailure) {
            return .object(try JSONObject.parse(part: CompactToken.parse(text.span).payload, .payload))
        } catch {
            return .null
        }
    }

    private static func verifier(_ invocation: Invocation) throws(CommandError) -> TokenVerifier {
        let settings = invocation.settings
        let isWeakAllowed = settings[TokenCommands.weak]
        let sources = try TokenKeySources(settings[AccessOptions.keys], allowingWeak: isWeakAllowed)
        let secrets = try TokenSecrets.find(
            settings, environment: invocation.context.environment, allowingWeak: isWeakAllowed, draws: false,
            needsAccess: sources.isEmpty)
        let isRefresh = settings[TokenCommands.isRefresh]
        var keys = isRefresh ? KeySet() : sources.keys
        if let secret = isRefresh ? secrets.refresh : secrets.access {
            do throws(TokenKeyError) {
                keys = keys.joined(with: try KeySet(secret: secret, allowingWeak: isWeakAllowed))
            } catch {
                throw .configuration("the secret cannot be used: \(error)")
            }
        }
        if !isRefresh { for endpoint in sources.urls { keys = keys.joined(with: try fetch(endpoint)) } }
        guard !keys.keys.isEmpty else {
            throw .configuration("there is no key to verify with; name one with --jwt-keys or --secret-file")
        }
        return TokenVerifier(keys, rules: TokenRules(settings), purpose: isRefresh ? .refresh : .access)
    }

    private static func fetch(_ endpoint: Endpoint) throws(CommandError) -> KeySet {
        do throws(KeyFetchError) { return try KeyFetch.keys(of: endpoint) } catch {
            throw CommandError(.unavailable, "cannot use the keys of \(endpoint.httpDescription): \(error)")
        }
    }
}
