import CommandKit

/// The options that say which credentials are good: keys of `serve`, and in part options of `token` (PROTOCOLS §1.5).
enum AccessOptions {
    static let secretFile = Option.text("secret-file", "Read the secrets of tokens from FILE", "FILE", .file)
        .detail(
            """
            Lines 'jwt=SECRET' for access tokens and 'refresh=SECRET' for refresh tokens; each is looked for here, then \
            in JWT_SECRET and JWT_REFRESH_SECRET, then in the file 'secrets' of the data directory, where both are drawn on \
            the first start. A secret has at least 32 bytes; those published as examples are refused unless --dev.
            """
        )
        .unset("the environment, or drawn on the first start").rule("§1.5")
    static let keys = Option.list("jwt-keys", "Check tokens with the keys of this file or URL", "FILE|URL")
        .detail(
            """
            PEM (public key, certificate or private key), a JWK, or a JWK Set; http and https URLs are fetched, kept for an \
            hour, and fetched again when a token names an unknown key, at most once in 10 s. Whoever stands on the way of \
            a plain http URL can let anybody in. Beside keys of one's own no secret is drawn for access tokens; a \
            configured one counts too.
            """
        )
        .rule("§1.5")
    static let issuer = Option.text("jwt-issuer", "Admit tokens of this issuer only", "TEXT")
        .detail("The claim iss must be exactly this.").unset("any").rule("§1.5")
    static let audience = Option.list("jwt-audience", "Admit tokens for this audience only", "TEXT")
        .detail("The claim aud must name one of those given.").unset("any").rule("§1.5")
    static let allowNoExpiry = Option.toggle("jwt-allow-no-exp", "Admit tokens without an end")
        .detail("Without it a token needs the claim exp.").rule("§1.5")
    static let cookie = Option.text("jwt-cookie", "Cookie that may hold a token", "NAME")
        .detail("Browsers whose Origin is admitted send it by themselves.").unset("access_token").rule("§1.5")
    static let life = Option.duration(
        "jwt-ttl", "Life of access tokens from /auth/refresh", default: "15m", minimum: .seconds(1)
    )
    .rule("1-6")
    static let refreshLife = Option.duration(
        "jwt-refresh-ttl", "Life of refresh tokens from /auth/refresh", default: "7d", minimum: .seconds(1)
    )
    .rule("1-6")
    static let apiKey = Option.list("api-key", "Admit this X-API-Key", "NAME:ROLE[,ROLE]:SHA256HEX")
        .detail(
            """
            'sessionctl token api-key' makes one. In the environment, where commas separate the keys, each has one role.
            """
        )
        .rule("§1.10")

    /// All of them, in the order of the help.
    static var all: [OptionSpec] {
        [
            secretFile.spec, keys.spec, issuer.spec, audience.spec, allowNoExpiry.spec, cookie.spec, life.spec,
            refreshLife.spec, apiKey.spec,
        ]
    }
}
