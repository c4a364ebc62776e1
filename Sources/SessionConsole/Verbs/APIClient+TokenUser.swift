import SessionClient
import SessionCodec

extension APIClient {
    /// Whose token goes with every request, as the token says itself; `nil` without one that can be read.
    ///
    /// Nothing is verified: the server does that, and refuses a body that names somebody else.
    package var tokenUser: String? {
        guard let field = client.configuration.fields["Authorization"], field.hasPrefix("Bearer ") else { return nil }
        let text = Array(field.dropFirst("Bearer ".count).utf8)
        do throws(TokenFailure) {
            let token = try CompactToken.parse(text.span)
            return try TokenClaims(JSONObject.parse(part: token.payload, .payload)).user
        } catch {
            return nil
        }
    }
}
