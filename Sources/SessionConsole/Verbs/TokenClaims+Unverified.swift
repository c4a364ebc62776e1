import SessionClient
package import SessionCodec

extension TokenClaims {
    /// What a token says of its bearer, so that nobody need say it again; `nil` for one that cannot be read.
    ///
    /// Nothing is verified: the server does that, and refuses a request that names somebody else.
    package init?(unverified token: String) {
        let text = Array(token.utf8)
        do throws(TokenFailure) {
            let token = try CompactToken.parse(text.span)
            try self.init(JSONObject.parse(part: token.payload, .payload))
        } catch {
            return nil
        }
    }
}

extension APIClient {
    /// Whose token goes with every request, as the token says itself; `nil` without one that can be read.
    package var tokenUser: String? {
        guard let field = client.configuration.fields["Authorization"], field.hasPrefix("Bearer ") else { return nil }
        return TokenClaims(unverified: String(field.dropFirst("Bearer ".count)))?.user
    }
}
