package import CommandKit
internal import SessionConsole

/// The commands that mirror the HTTP API, each a group of verbs.
package enum APICommands {
    /// The groups, in the order of the help.
    static let groups = [SnapshotVerbs.group, DeviceVerbs.group, HandoffVerbs.group, AdminVerbs.group]

    /// The groups as commands, and what belongs to them and goes over a WebSocket.
    package static var all: [CommandSpec] {
        groups.flatMap { group in
            let command = group.command(with: common)
            return group.name == HandoffVerbs.group.name ? [withWatch(command), StateCommands.state] : [command]
        }
    }

    /// The group with its one verb that is no request.
    private static func withWatch(_ group: CommandSpec) -> CommandSpec {
        CommandSpec(group.name, group.summary) {
            var details = group.details
            details.subcommands.append(StateCommands.handoffWatch)
            return details
        }
    }

    /// What every verb takes: whom to ask, as whom, and how to show the answer.
    static var common: [OptionSpec] {
        [
            APIOptions.url.spec, APIOptions.tokenFile.spec, APIOptions.token.spec, APIOptions.apiKeyFile.spec,
            APIOptions.apiKey.spec, APIOptions.timeout.spec, ClientOptions.caCertificate.spec,
            ClientOptions.certificate.spec, ClientOptions.key.spec, ClientOptions.insecure.spec,
        ].under("Connection") + [APIOptions.json.spec, ClientOptions.noColor.spec].under("Output")
    }
}
