package import SessionBase

/// What a token must be beside signed by a known key (PROTOCOLS §1.5).
package struct TokenRules: Equatable, Sendable {
    /// What clocks may differ by, for `exp`, `nbf` and `iat` alike; the same as at live sockets (C17).
    package static let leeway: Duration = .seconds(25)

    /// Whether a token needs `exp`.
    package var requiresExpiry = true
    /// What `iss` must be, where it matters.
    package var issuer: String?
    /// Of which `aud` must name one, where any is listed.
    package var audiences: [String] = []

    /// The defaults: `exp` is needed, issuer and audience do not matter.
    package init() {}
}

/// Decides whether a token is good. Immutable: new keys mean a new verifier.
package struct TokenVerifier: Sendable {
    /// Which tokens are meant.
    package enum Purpose: Sendable {
        /// Those that open doors.
        case access
        /// Those that `POST /auth/refresh` exchanges for others.
        case refresh
    }

    /// The keys it checks with.
    package let keys: KeySet
    /// What it asks beside a signature.
    package let rules: TokenRules
    private let purpose: Purpose

    /// Makes a verifier of its keys.
    package init(_ keys: KeySet, rules: TokenRules = TokenRules(), purpose: Purpose = .access) {
        self.keys = keys
        self.rules = rules
        self.purpose = purpose
    }

    /// Verifies a token: its form, its signature, then its claims.
    ///
    /// - Parameter time: Now, by the wall clock.
    /// - Complexity: O(n); one HMAC, or one signature check for each key that may be meant.
    package func verify(_ token: Span<UInt8>, at time: Timestamp) throws(TokenFailure) -> TokenClaims {
        let parts = try keys.authenticate(token)
        let claims = try TokenClaims(try JSONObject.parse(part: parts.payload, .payload))
        try check(claims, at: time)
        return claims
    }

    private func check(_ claims: TokenClaims, at time: Timestamp) throws(TokenFailure) {
        let leeway = TokenRules.leeway.milliseconds
        let now = time.milliseconds
        if let end = claims.expiresAt {
            guard now < end.milliseconds + leeway else { throw .expired }
        } else if rules.requiresExpiry {
            throw .missing(claim: "exp")
        }
        if let start = claims.notBefore, now < start.milliseconds - leeway { throw .notYetValid }
        if let issued = claims.issuedAt, now < issued.milliseconds - leeway { throw .issuedInFuture }
        if let issuer = rules.issuer, claims.issuer != issuer { throw .issuer }
        if !rules.audiences.isEmpty, !claims.audiences.contains(where: rules.audiences.contains) { throw .audience }
        switch purpose {
        case .access: if claims.family != nil { throw .refreshToken }
        case .refresh: if claims.tokenID == nil { throw .missing(claim: "jti") }
        }
    }
}
