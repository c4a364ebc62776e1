import CommandKit
import SessionCodec
import TestSupport
import Testing
import sessionctl

/// `sessionctl token …` without a server (PROTOCOLS §3.5).
@Suite struct TokenCommandTests {
    /// A state folder of the test's own.
    private final class Home {
        private let folder = TemporaryFolder()
        var path: String { folder.path }

        /// Runs a command line there.
        func run(_ arguments: String..., variables: [String: String] = [:]) -> InProcess {
            let environment = ["XDG_STATE_HOME": path].merging(variables) { $1 }
            return InProcess(arguments, environment: environment)
        }
    }

    private static let keys = SpawnedProgram.sources + "/Tests/Fixtures/keys"
    private static let long = "0123456789abcdef0123456789abcdef"

    @Test func `issue prints a token that verify accepts, and draws the secrets on first use`() throws {
        let home = Home()
        let issued = home.run("token", "issue", "--user", "u1", "--session", "s1", "--device", "d1", "--role", "admin")
        #expect(issued.status == .success)
        #expect(issued.errors.contains("drew secrets for tokens and keeps them in \(home.path)/sessionctl/secrets"))
        let lines = issued.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 1)
        let verified = home.run("token", "verify", lines[0], "--json")
        #expect(verified.status == .success)
        let claims = try #require(try JSONValue.parse(verified.output)["claims"])
        let expected: JSONValue = ["sub": "u1", "session_id": "s1", "device_id": "d1", "roles": ["admin"]]
        #expect(claims.matches(pattern: expected))
        #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) == 900)
        #expect(claims["jti"]?.string?.count == 22)
        #expect(home.run("token", "issue", "--user", "u1").errors == "")
    }

    @Test func `a refresh token is on a second line, and good as such alone`() throws {
        let home = Home()
        let lines = home.run("token", "issue", "--user", "u1", "--refresh").output.split(separator: "\n").map(
            String.init)
        #expect(lines.count == 2)
        #expect(home.run("token", "verify", "--refresh", lines[1]).status == .success)
        #expect(home.run("token", "verify", lines[1]).status == .failed)
        #expect(home.run("token", "verify", "--refresh", lines[0]).status == .failed)
        let claims = try #require(
            try JSONValue.parse(home.run("token", "inspect", lines[1], "--json").output)["claims"])
        #expect(claims["fam"] == claims["jti"])
        #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) == 7 * 86_400)
        let value = try JSONValue.parse(home.run("token", "issue", "--user", "u1", "--refresh", "--json").output)
        #expect(value["token_type"] == "Bearer")
        #expect(value["expires_in"]?.integer == 900)
        #expect(value["refresh_token"]?.string != nil)
    }

    @Test(arguments: [("rsa", "RS256"), ("p256", "ES256"), ("ed25519", "EdDSA")])
    func `a private key signs, and its public half verifies`(name: String, algorithm: String) throws {
        let home = Home()
        let key = "\(Self.keys)/\(name).pem"
        let issued = home.run("token", "issue", "--user", "u1", "--private-key", key, "--kid", "k1")
        #expect(issued.status == .success)
        let token = String(issued.output.dropLast())
        let inspected = try JSONValue.parse(home.run("token", "inspect", token, "--json").output)
        #expect(inspected["header"]?.matches(pattern: ["alg": .string(algorithm), "kid": "k1"]) == true)
        #expect(inspected["verified"] == false)
        let verified = home.run("token", "verify", token, "--jwt-keys", "\(Self.keys)/\(name).pub.pem")
        #expect(verified.status == .success)
        #expect(verified.output.hasPrefix("valid: of u1, expires "))
        let other = home.run("token", "verify", token, "--jwt-keys", "\(Self.keys)/rsa-other.pem")
        #expect(other.status == .failed)
        #expect(other.output == "")
    }

    @Test func `verify says why a token is no good, and nothing of what is in it`() throws {
        let home = Home()
        let variables = ["JWT_SECRET": Self.long]
        let token = home.run("token", "issue", "--user", "somebody", variables: variables).output.dropLast()
        let wrong = home.run("token", "verify", String(token), variables: ["JWT_SECRET": "x" + Self.long])
        #expect(wrong.status == .failed)
        #expect(wrong.errors == "sessionctl token: the token's signature is wrong\n")
        let json = home.run("token", "verify", String(token), "--jwt-audience", "a", "--json", variables: variables)
        #expect(json.status == .failed)
        #expect(try JSONValue.parse(json.output) == ["valid": false, "reason": "the token is for another audience"])
        #expect(Home().run("token", "verify", String(token)).status == .configuration)
    }

    @Test func `inspect shows times to people, and says that nothing is verified`() {
        let home = Home()
        let token = home.run("token", "issue", "--user", "u1", "--ttl", "2h").output.dropLast()
        let shown = home.run("token", "inspect", String(token))
        #expect(shown.status == .success)
        #expect(shown.output.hasPrefix("NOT VERIFIED: anybody can write this"))
        #expect(shown.output.contains("Z, in 1h\n") || shown.output.contains("Z, in 2h\n"))
        #expect(shown.output.contains("  sub\tu1\n"))
        let broken = home.run("token", "inspect", "secret.token")
        #expect(broken.status == .badData)
        #expect(broken.errors == "sessionctl token: this cannot be shown: the token has not three parts\n")
    }

    @Test(arguments: ["changeme", "secret-string", "harmony-flow-secret-key", "31-bytes-are-one-byte-too-few.."])
    func `a published or short secret is refused, unless for development`(secret: String) {
        let home = Home()
        let variables = ["JWT_SECRET": secret, "JWT_REFRESH_SECRET": Self.long]
        let refused = home.run("token", "issue", "--user", "u1", variables: variables)
        #expect(refused.status == .configuration)
        #expect(refused.output == "")
        #expect(!refused.errors.contains(secret))
        #expect(home.run("token", "issue", "--user", "u1", "--dev", variables: variables).status == .success)
    }

    @Test func `what no server would take is not issued`() {
        let home = Home()
        #expect(home.run("token", "issue", "--user", "a b").status == .usage)
        #expect(home.run("token", "issue", "--user", "u1", "--role", "").status == .usage)
        #expect(home.run("token", "issue").status == .usage)
        #expect(home.run("token", "issue", "--user", "u1", "--private-key", "/nonexistent").status == .noInput)
        #expect(
            home.run("token", "issue", "--user", "u1", "--private-key", "\(Self.keys)/rsa-short.pem").status
                == .configuration)
        #expect(home.run("token", "issue", "--user", "u1", "--secret-file", "/nonexistent").status == .noInput)
    }

    @Test func `an API key is printed once, and what serve takes holds only its hash`() throws {
        let made = Home().run("token", "api-key", "ci", "--role", "publisher", "--role", "admin")
        let lines = made.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(lines[0].count == 43)
        #expect(lines[1].hasPrefix("ci:publisher,admin:"))
        #expect(lines[1].split(separator: ":")[2].count == 64)
        #expect(!lines[1].contains(lines[0]))
        _ = try serveSettings(["serve", "--api-key", lines[1]])
        #expect(Home().run("token", "api-key", "ci").status == .usage)
        #expect(Home().run("token", "api-key", "a:b", "--role", "admin").status == .usage)
    }

    @Test func `without a server refresh and revoke say what to do`() {
        let home = Home()
        let token = String(home.run("token", "issue", "--user", "u1").output.dropLast())
        let refused = home.run("token", "refresh", token, "--url", "http://127.0.0.1:1")
        #expect(refused.status == .unavailable)
        #expect(!refused.errors.contains(token))
        let lost = home.run("token", "revoke", token)
        #expect(lost.status == .unavailable)
        #expect(lost.errors.contains("name one with --url"))
    }
}
