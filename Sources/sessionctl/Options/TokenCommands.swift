import CommandKit
import SessionConsole

/// The declaration of `token …` (PROTOCOLS §3.5).
enum TokenCommands {
    // MARK: Options

    static let user = Option.required("user", "Whom the token is for: sub", "ID")
    static let session = Option.text("session", "Session: session_id", "UUID")
    static let device = Option.text("device", "Device: device_id", "ID")
    static let role = Option.list("role", "Role, such as admin: roles", "ROLE")
    static let room = Option.text("room", "Room of a board: roomId", "ID")
    static let scope = Option.list("scope", "Scope: scope", "WORD")
    static let life = Option.duration("ttl", "Life of the access token", default: "15m", minimum: .seconds(1))
    static let refresh = Option.toggle("refresh", "Issue a refresh token too, on a second line")
    static let refreshLife = Option.duration(
        "refresh-ttl", "Life of the refresh token", default: "7d", minimum: .seconds(1))
    static let algorithm = Option.choice("algorithm", "Signature with the secret", default: SecretAlgorithm.hs256)
    static let privateKey = Option.text("private-key", "Sign with this key (PEM) instead of the secret", "FILE", .file)
        .detail("RSA signs by RS256, P-256 by ES256, Ed25519 by EdDSA. Refresh tokens are signed with their secret.")
    static let keyID = Option.text("kid", "Name the key in the header: kid", "NAME")
    static let issuerName = Option.text("issuer", "Who issues it: iss", "TEXT")
    static let audience = Option.list("audience", "For whom it is: aud", "TEXT")
    static let weak = Option.toggle("dev", "Take short and published secrets, as serve --dev does")
    static let isRefresh = Option.toggle("refresh", "It is a refresh token, signed with that secret")

    /// What a secret signs by.
    enum SecretAlgorithm: String, CaseIterable {
        case hs256
        case hs384
        case hs512
    }

    private static let token = OperandSpec("TOKEN", .one, .text, "token, or - to read it from standard input")

    // MARK: Commands

    static let spec = CommandSpec("token", "Issue, inspect, verify, refresh and revoke tokens") {
        var details = CommandDetails(
            discussion: [
                """
                JSON Web Tokens (RFC 7519) let peers in. Secrets are those of 'serve': from --secret-file, the \
                environment, or the data directory, where they are drawn on first use.
                """,
                "A token given as '-' is read from standard input, which keeps it out of the list of processes.",
            ],
            subcommands: [issue, inspect, verify, refreshing, revoke, apiKey])
        details.subcommandNoun = "verb"
        details.runsAlone = false
        details.variables = [
            ("JWT_SECRET", "Secret of access tokens, unless --secret-file has one"),
            ("JWT_REFRESH_SECRET", "Secret of refresh tokens, unless --secret-file has one"),
        ]
        details.sections = [ServeManual.tokens]
        details.examples = [
            CommandExample("sessionctl token issue --user u1 --role admin", "A token for an administrator"),
            CommandExample("sessionctl token inspect -", "What does a token say?"),
            CommandExample("sessionctl token api-key ci --role admin", "A key for X-API-Key"),
        ]
        return details
    }

    private static let issue = CommandSpec("issue", "Print a signed access token") {
        CommandDetails(
            discussion: [
                """
                Prints the token alone on one line, with --refresh the refresh token on a second. In production tokens \
                come from elsewhere; this is for tests, scripts and the first administrator.
                """
            ],
            options: [
                user.spec, session.spec, device.spec, role.spec, room.spec, scope.spec, life.spec, refresh.spec,
                refreshLife.spec, issuerName.spec, audience.spec,
            ].under("Claims") + [algorithm.spec, privateKey.spec, keyID.spec].under("Signature") + secrets + output,
            examples: [
                CommandExample("sessionctl token issue --user u1 --device phone --ttl 1h", "A token for an hour"),
                CommandExample("sessionctl token issue --user u1 --refresh --json", "Both tokens as JSON"),
                CommandExample("sessionctl token issue --user u1 --private-key key.pem --kid k1", "Sign with a key"),
            ])
    }

    private static let inspect = CommandSpec("inspect", "Show what a token says, without verifying it") {
        CommandDetails(
            discussion: ["Needs no key and no server. Nothing that it shows is proved: anybody could have written it."],
            operands: [token], options: output,
            examples: [CommandExample("sessionctl token inspect -", "Read it from standard input")])
    }

    private static let verify = CommandSpec("verify", "Say whether a token is good, and why not") {
        CommandDetails(
            discussion: [
                """
                Checks form, signature and claims as 'serve' does, with the same keys, and exits with 1 where the token is no good. \
                Revocations are the server's to know: they are not looked at.
                """
            ],
            operands: [token],
            options: [
                AccessOptions.keys.spec, AccessOptions.issuer.spec, AccessOptions.audience.spec,
                AccessOptions.allowNoExpiry.spec, isRefresh.spec,
            ].under("Rules") + secrets + output,
            examples: [
                CommandExample("sessionctl token verify -", "With the secret of this machine's server"),
                CommandExample(
                    "sessionctl token verify - --jwt-keys https://issuer.example/jwks.json", "With an issuer's keys"),
            ])
    }

    private static let refreshing = CommandSpec("refresh", "Exchange a refresh token for new tokens") {
        CommandDetails(
            discussion: [
                """
                Asks a running server, by default at http://127.0.0.1:8080, and prints the access token and the next \
                refresh token, a line each. The old refresh token is used up: showing it again revokes all of its family.
                """
            ],
            operands: [token], options: connection + output,
            examples: [CommandExample("sessionctl token refresh -", "Read it from standard input")])
    }

    private static let revoke = CommandSpec("revoke", "Have a server refuse a token from now on") {
        CommandDetails(
            discussion: [
                """
                Asks the server of this machine by its administration socket, or that of --url with the credential of an \
                administrator, to revoke the token by its jti; connections that live on it are closed with 4440. \
                'sessionctl admin revoke' revokes users, sessions and all tokens before a time.
                """
            ],
            operands: [token], options: connection + output,
            examples: [CommandExample("sessionctl token revoke -", "Read it from standard input")])
    }

    private static let apiKey = CommandSpec("api-key", "Draw a key for X-API-Key") {
        var roles = role.spec
        roles.summary = "Role that the key has"
        return CommandDetails(
            discussion: [
                """
                Prints the key, which is kept nowhere, and on a second line what 'serve --api-key' takes: name, roles and the \
                key's SHA-256.
                """
            ],
            operands: [OperandSpec("NAME", .one, .text, "name of the program that will use it")],
            options: [roles] + output,
            examples: [CommandExample("sessionctl token api-key ci --role publisher", "A key for a producer")])
    }

    // MARK: Groups

    private static var secrets: [OptionSpec] {
        [AccessOptions.secretFile.spec, ServeOptions.dataDirectory.spec].asKeys().under("Secrets")
            + [weak.spec].under("Secrets")
    }

    private static var connection: [OptionSpec] {
        [
            APIOptions.url.spec, APIOptions.tokenFile.spec, APIOptions.token.spec, APIOptions.apiKeyFile.spec,
            APIOptions.apiKey.spec, APIOptions.timeout.spec, ClientOptions.caCertificate.spec,
            ClientOptions.certificate.spec, ClientOptions.key.spec, ClientOptions.insecure.spec,
        ].under("Connection")
    }

    private static var output: [OptionSpec] {
        [APIOptions.json.spec, ClientOptions.noColor.spec].under("Output")
    }
}
