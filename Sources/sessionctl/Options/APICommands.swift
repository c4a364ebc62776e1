package import CommandKit
internal import SessionConsole

/// The commands that mirror the HTTP API, each a group of verbs.
package enum APICommands {
    /// The groups, in the order of the help.
    static let groups = [AdminVerbs.group]

    /// The groups as commands.
    package static var all: [CommandSpec] { groups.map { $0.command(with: common) } }

    /// What every verb takes: whom to ask, as whom, and how to show the answer.
    static var common: [OptionSpec] {
        [
            APIOptions.url.spec, APIOptions.tokenFile.spec, APIOptions.token.spec, APIOptions.apiKeyFile.spec,
            APIOptions.apiKey.spec, APIOptions.timeout.spec, ClientOptions.caCertificate.spec,
            ClientOptions.certificate.spec, ClientOptions.key.spec, ClientOptions.insecure.spec,
        ].under("Connection") + [APIOptions.json.spec, ClientOptions.noColor.spec].under("Output")
    }
}
