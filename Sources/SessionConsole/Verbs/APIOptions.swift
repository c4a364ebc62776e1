package import CommandKit

/// The options of every command that speaks the HTTP API.
package enum APIOptions {
    package static let url = Option.text("url", "Server to ask: http://, https:// or unix:PATH", "URL")
        .environment("SESSIONCTL_URL")
    package static let token = Option.text("token", "Access token; others can see it in the process list", "TOKEN")
        .environment("SESSIONCTL_TOKEN").secret()
        .detail("Better: --token-file, or the environment.")
    package static let tokenFile = Option.text(
        "token-file", "Read the access token from FILE, - for input", "FILE", .file)
    package static let apiKey = Option.text("api-key", "Key for X-API-Key; others can see it, too", "KEY")
        .environment("SESSIONCTL_X_API_KEY").secret()
        .detail("Better: --api-key-file, or the environment.")
    package static let apiKeyFile = Option.text(
        "api-key-file", "Read the key for X-API-Key from FILE, - for input", "FILE", .file)
    package static let timeout = Option.duration(
        "timeout", "Give up after this long", default: "10s", minimum: .milliseconds(1)
    )
    .detail("For each request, connecting included; then exit status 75.")
    package static let json = Option.toggle("json", "Print the result as JSON")
        .detail(
            """
            One value: the server's own answer, also where it is an error. Fields may be added, never removed; what \
            people see without --json may change.
            """)
    package static let expectation = Option.list("expect-json", "Expect an answer that matches PATTERN", "PATTERN")
        .detail(
            "PATTERN is JSON, compared by structure; the answer may have additional fields. Otherwise exit status 1.")
}
