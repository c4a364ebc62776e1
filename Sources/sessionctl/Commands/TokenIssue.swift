import CommandKit
import SessionBase
import SessionCodec
import SessionConsole
import SessionCrypto
import SessionServer

/// `token issue`: an access token, and perhaps a refresh token.
enum TokenIssue {
    static func run(_ invocation: Invocation) throws(CommandError) {
        let settings = invocation.settings
        let secrets = try TokenSecrets.find(
            settings, environment: invocation.context.environment, allowingWeak: settings[TokenCommands.weak],
            draws: true, needsAccess: settings[TokenCommands.privateKey] == nil)
        if let notice = secrets.notice { try invocation.context.errors.write("sessionctl token: \(notice)\n") }
        let now = invocation.now
        let claims = try claims(settings, at: now)
        let access = try issuer(settings, secrets).issue(claims)
        var tokens = [access]
        if settings[TokenCommands.refresh] { tokens.append(try refreshToken(claims, settings, secrets, at: now)) }
        try invocation.resultPrinter().show(value(tokens, settings)) { [.lines(tokens)] }
    }

    private static func claims(_ settings: Settings, at now: Timestamp) throws(CommandError) -> TokenClaims {
        var claims = TokenClaims(user: settings[TokenCommands.user])
        claims.session = settings[TokenCommands.session]
        claims.device = settings[TokenCommands.device]
        claims.room = settings[TokenCommands.room]
        claims.roles = settings[TokenCommands.role]
        claims.scopes = settings[TokenCommands.scope]
        claims.issuer = settings[TokenCommands.issuerName]
        claims.audiences = settings[TokenCommands.audience]
        claims.issuedAt = now
        claims.expiresAt = end(settings[TokenCommands.life], from: now)
        claims.tokenID = TokenID.draw()
        // What a server would refuse is not issued.
        do throws(TokenFailure) { _ = try TokenClaims(JSONObject.parse(part: claims.payload, .payload)) } catch {
            throw .usage("\(error.reason); ids have 1 to 128 characters without blanks")
        }
        return claims
    }

    private static func issuer(_ settings: Settings, _ secrets: AccessSecrets) throws(CommandError) -> TokenIssuer {
        let keyID = settings[TokenCommands.keyID]
        if let path = settings[TokenCommands.privateKey] {
            let pem = try TextFile.readBytes(path)
            do throws(KeyError) { return TokenIssuer(try PrivateKey(pem: pem), keyID: keyID) } catch {
                throw .configuration("the key of \(path) cannot be used: \(error)")
            }
        }
        guard let algorithm = TokenAlgorithm(rawValue: settings[TokenCommands.algorithm].rawValue.uppercased()) else {
            throw CommandError(.internal, "an algorithm is declared that does not exist")
        }
        return try issuer(secrets.access, "jwt", settings, algorithm, keyID: keyID)
    }

    private static func issuer(
        _ secret: [UInt8]?, _ name: String, _ settings: Settings, _ algorithm: TokenAlgorithm = .hs256,
        keyID: String? = nil
    ) throws(CommandError) -> TokenIssuer {
        guard let secret else {
            throw .configuration("there is no secret '\(name)'; name a file that has one with --secret-file")
        }
        do throws(TokenKeyError) {
            return try TokenIssuer(
                secret: secret, algorithm: algorithm, keyID: keyID, allowingWeak: settings[TokenCommands.weak])
        } catch {
            throw .configuration("the secret '\(name)' cannot be used: \(error)")
        }
    }

    /// The first refresh token of a family, which is named for it.
    private static func refreshToken(
        _ claims: TokenClaims, _ settings: Settings, _ secrets: AccessSecrets, at now: Timestamp
    ) throws(CommandError) -> String {
        var claims = claims
        claims.tokenID = TokenID.draw()
        claims.family = claims.tokenID
        claims.expiresAt = end(settings[TokenCommands.refreshLife], from: now)
        return try issuer(secrets.refresh, "refresh", settings).issue(claims)
    }

    private static func end(_ life: Duration, from now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds + life.milliseconds)
    }

    /// The same fields as the answer of `POST /auth/refresh`.
    private static func value(_ tokens: [String], _ settings: Settings) -> JSONValue {
        var object = JSONObject()
        object["access_token"] = .string(tokens[0])
        if tokens.count > 1 { object["refresh_token"] = .string(tokens[1]) }
        object["token_type"] = "Bearer"
        object["expires_in"] = .number(String(settings[TokenCommands.life].milliseconds / 1000))
        return .object(object)
    }
}
