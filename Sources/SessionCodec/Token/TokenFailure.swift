/// Why a token is refused. Its reason is for peers and logs alike: it names rules and claims, and never repeats anything
/// that stood in the token.
package enum TokenFailure: Error, Equatable, Sendable {
    /// One of the three parts of a token.
    package enum Part: String, Sendable {
        case header, payload, signature
    }

    /// More bytes than a token may have.
    case tooLong(limit: Int)
    /// Not three parts with two dots between them: RFC 7515 §7.1.
    case parts
    /// A part that is not base64url without padding.
    case encoding(Part)
    /// A header or payload that is not one JSON object with different names.
    case object(Part)
    /// A header with `crit`: of its extensions none is understood (RFC 7515 §4.1.11).
    case criticalExtension
    /// `alg` is `none`, in whatever spelling.
    case unsecured
    /// `alg` is missing, or none that is implemented.
    case unknownAlgorithm
    /// `alg` is not the one of the key that the token would be checked with.
    case wrongAlgorithm
    /// `kid` names no key that is known.
    case unknownKey
    /// The signature is not one of the keys'.
    case signature
    /// A claim that must be there is not.
    case missing(claim: String)
    /// A claim of the wrong type, or beyond its limits.
    case invalid(claim: String)
    /// `exp` is over.
    case expired
    /// `nbf` is to come.
    case notYetValid
    /// `iat` is to come.
    case issuedInFuture
    /// `iss` is not the configured one.
    case issuer
    /// `aud` names none of the configured ones.
    case audience
    /// A refresh token where an access token belongs, which would outlive what it stands for.
    case refreshToken

    /// The reason as a sentence without full stop.
    package var reason: String {
        switch self {
        case .tooLong(let limit): "the token is longer than \(limit) bytes"
        case .parts: "the token has not three parts"
        case .encoding(let part): "the token's \(part.rawValue) is not base64url"
        case .object(let part): "the token's \(part.rawValue) is not a JSON object with different names"
        case .criticalExtension: "the token asks for an extension by crit, and none is supported"
        case .unsecured: "the token is not signed: its alg is none"
        case .unknownAlgorithm:
            "the token's alg is none of \(TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))"
        case .wrongAlgorithm: "the token's alg is not the one of its key"
        case .unknownKey: "the token's kid names no known key"
        case .signature: "the token's signature is wrong"
        case .missing(let claim): "the token has no \(claim)"
        case .invalid(let claim): "the token's \(claim) is invalid"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .issuedInFuture: "the token was issued in the future"
        case .issuer: "the token is of another issuer"
        case .audience: "the token is for another audience"
        case .refreshToken: "this is a refresh token, which POST /auth/refresh takes"
        }
    }

    /// The word that metrics count it under (PROTOCOLS §1.7, `_auth_failures_total{reason}`).
    package var label: StaticString {
        switch self {
        case .tooLong, .parts, .encoding, .object, .criticalExtension: "malformed"
        case .unsecured, .unknownAlgorithm, .wrongAlgorithm: "algorithm"
        case .unknownKey: "unknown_key"
        case .signature: "signature"
        case .missing, .invalid, .refreshToken: "claims"
        case .expired: "expired"
        case .notYetValid, .issuedInFuture: "not_yet_valid"
        case .issuer, .audience: "audience"
        }
    }
}
