package import SessionBase
package import SessionCodec
import SessionCore
import SessionCrypto
import Synchronization

/// `POST /auth/refresh` (PROTOCOLS 1-6): a refresh token for an access token and the next refresh token.
extension Access {
    /// Answers a request.
    ///
    /// - Parameters:
    ///   - body: `{"refresh_token":"…"}`.
    ///   - answer: Gets the whole answer, once, on any thread, perhaps before this returns.
    package func refresh(
        _ body: [UInt8], at time: Timestamp, answer: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        let configuration = state.withLock { $0.configuration }
        guard let issuer = configuration.issuer, let secret = configuration.refreshSecret else {
            return answer(.error(.notFound, "NOT_FOUND", "this server checks tokens and issues none"))
        }
        let claims: TokenClaims
        do throws(RefreshRefusal) { claims = try verify(body, at: time) } catch { return answer(error.response) }
        var exchange = RefreshExchange(
            claims, newTokenID: TokenID.draw(), at: time, life: configuration.refreshLife)
        let signer = RefreshSigner(
            access: issuer, secret: secret, allowsWeak: configuration.allowsWeakSecrets, life: configuration.accessLife)
        advance(exchange.begin(), of: exchange, at: time) { [self] outcome in
            answer(response(to: outcome, signer, at: time))
        }
    }

    private func verify(_ body: [UInt8], at time: Timestamp) throws(RefreshRefusal) -> TokenClaims {
        let parsed: JSONValue
        do throws(JSONError) { parsed = try JSONValue.parse(body.span) } catch { throw .notJSON }
        guard let token = parsed["refresh_token"]?.string else { throw .noToken }
        let bytes = Array(token.utf8)
        let verifier = state.withLock { $0.refresh }
        let claims: TokenClaims
        do throws(TokenFailure) { claims = try verifier.verify(bytes.span, at: time) } catch {
            count("\(error.label)")
            throw .token(error)
        }
        switch isRevoked(Identity(claims), at: time) {
        case false?: return claims
        case true?:
            count("revoked")
            throw .revoked
        case nil: throw .unavailable
        }
    }

    /// Carries the exchange on by one step, and from the store's reply by the next.
    private func advance(
        _ action: RefreshExchange.Action, of exchange: RefreshExchange, at time: Timestamp,
        done: @escaping @Sendable (RefreshOutcome) -> Void
    ) {
        switch action {
        case .finish(let outcome): done(outcome)
        case .ask(let request):
            desk.ask(request, at: time) { [self] reply in
                var exchange = exchange
                let next = exchange.replied(reply)
                advance(next, of: exchange, at: time, done: done)
            }
        }
    }

    private func response(to outcome: RefreshOutcome, _ signer: RefreshSigner, at time: Timestamp) -> HTTPResponse {
        switch outcome {
        case .rotated(let claims): return signer.response(claims, at: time)
        case .reused:
            count("refresh_reused")
            log(.warn, "a refresh token was used twice: its family is revoked")
            return RefreshRefusal.reused.response
        case .invalid: return RefreshRefusal.token(.signature).response
        case .unavailable: return RefreshRefusal.unavailable.response
        }
    }
}

/// Names of tokens.
package enum TokenID {
    /// Draws the `jti` of a new token: 128 bits as 22 characters.
    package static func draw() -> String { Base64URL.encode(SecureRandom.bytes(16).span) }
}

/// Makes the two tokens of an answer.
private struct RefreshSigner: Sendable {
    let access: TokenIssuer
    let secret: [UInt8]
    let allowsWeak: Bool
    let life: Duration

    /// The answer with a new access token and the refresh token of `claims`.
    func response(_ claims: TokenClaims, at time: Timestamp) -> HTTPResponse {
        let refresh: TokenIssuer
        do throws(TokenKeyError) { refresh = try TokenIssuer(secret: secret, allowingWeak: allowsWeak) } catch {
            return .error(.internalServerError, "INTERNAL", "the refresh secret cannot be used")
        }
        var accessClaims = claims
        accessClaims.family = nil
        accessClaims.tokenID = TokenID.draw()
        accessClaims.expiresAt = Timestamp(milliseconds: time.milliseconds + life.milliseconds)
        var json = JSONWriter()
        json.object { json in
            json.field("access_token", access.issue(accessClaims))
            json.field("refresh_token", refresh.issue(claims))
            json.field("token_type", "Bearer")
            json.field("expires_in", life.milliseconds / 1000)
        }
        var response = HTTPResponse.json(.ok, json.takeBytes())
        // RFC 6749 §5.1: nobody on the way keeps a copy.
        response.fields.append("Cache-Control", "no-store")
        return response
    }
}

/// Why a refresh token is not exchanged.
private enum RefreshRefusal: Error {
    case notJSON, noToken, revoked, reused, unavailable
    case token(TokenFailure)

    var response: HTTPResponse {
        switch self {
        case .notJSON: .error(.badRequest, "INVALID_JSON", #"the body is {"refresh_token":"…"}"#)
        case .noToken: .error(.badRequest, "INVALID_REQUEST", #"the body is {"refresh_token":"…"}"#)
        case .token(.expired): .error(.unauthorized, "TOKEN_EXPIRED", TokenFailure.expired.reason)
        case .token(let failure): .error(.unauthorized, "INVALID_TOKEN", failure.reason)
        case .revoked: .error(.unauthorized, "TOKEN_REVOKED", "the token was revoked")
        case .reused:
            .error(
                .unauthorized, "REFRESH_REUSED",
                "this refresh token was exchanged before, so all of its family are revoked; sign in again")
        case .unavailable:
            .error(.serviceUnavailable, "STORE_UNAVAILABLE", "the store cannot be reached; try again", retryAfter: 1)
        }
    }
}
