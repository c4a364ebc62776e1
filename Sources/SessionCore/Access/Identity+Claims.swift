package import SessionCodec

extension Identity {
    /// Who the bearer of a verified token is.
    package init(_ claims: TokenClaims) {
        self.init(user: claims.user)
        device = claims.device
        session = claims.session.map { UUIDText.normalized($0) ?? $0 }
        room = claims.room
        kiosk = claims.kiosk
        roles = claims.roles
        scopes = claims.scopes
        tokenID = claims.tokenID
        issuedAt = claims.issuedAt
        expiresAt = claims.expiresAt
    }
}

extension AccessVerdict {
    /// The verdict on a token that is no good.
    package init(_ failure: TokenFailure) {
        let refusal: AccessRefusal =
            switch failure {
            case .expired: .expired
            case .missing, .invalid: .claims
            default: .invalid
            }
        self = .refused(refusal, failure.reason)
    }
}
