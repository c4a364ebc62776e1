package import CommandKit
internal import SessionCodec
internal import SessionConsole

/// The commands that mirror the HTTP API, each a group of verbs.
package enum APICommands {
    /// The groups, in the order of the help.
    static let groups = [
        SnapshotVerbs.group, DeviceVerbs.group, HandoffVerbs.group, NotifyVerbs.group, ReportVerbs.group,
        StreamVerbs.group, LockerVerbs.group, LockerSessionVerbs.group, BoardVerbs.group, AdminVerbs.group,
    ]

    /// The groups as commands, and what belongs to them and goes over a WebSocket.
    package static var all: [CommandSpec] { groups.flatMap(commands) }

    private static func commands(of group: VerbGroup) -> [CommandSpec] {
        let command = group.command(with: common(group.server))
        switch group.name {
        case HandoffVerbs.group.name: return [command.adding([StateCommands.handoffWatch]), StateCommands.state]
        case NotifyVerbs.group.name:
            return [ChannelCommands.subscribe, PublishVerb.verb.command(with: common(group.server)), command]
        case ReportVerbs.group.name:
            return [command.adding([ChannelCommands.reportCancel, ChannelCommands.reportWatch])]
        case StreamVerbs.group.name: return [command.adding([ChannelCommands.streamWatch])]
        case LockerVerbs.group.name:
            return [command.adding([LockerCommands.watch, LockerCommands.join, LockerCommands.acknowledge])]
        case BoardVerbs.group.name: return [command.adding(BoardCommands.all)]
        default: return [command]
        }
    }

    /// The verb that a command line names, and whom it asks where no URL is given.
    static func verb(at path: [String]) -> (verb: Verb, server: VerbServer)? {
        let words = path.dropFirst()
        if words.first == PublishVerb.verb.spec.name { return (PublishVerb.verb, .service(.channels)) }
        guard let group = groups.first(where: { $0.name == words.first }),
            let verb = group.verb(at: words.dropFirst())
        else { return nil }
        return (verb, group.server)
    }

    /// What every verb takes: whom to ask, as whom, and how to show the answer.
    static func common(_ server: VerbServer) -> [OptionSpec] {
        let session = server == .service(.lockers) ? [LockerOptions.sessionFile.spec, LockerOptions.session.spec] : []
        return
            ([APIOptions.url.spec] + session + [
                APIOptions.tokenFile.spec, APIOptions.token.spec, APIOptions.apiKeyFile.spec, APIOptions.apiKey.spec,
                APIOptions.timeout.spec,
            ] + security).under("Connection") + [APIOptions.json.spec, ClientOptions.noColor.spec].under("Output")
    }

    /// The TLS side of a connection.
    static var security: [OptionSpec] {
        [
            ClientOptions.caCertificate.spec, ClientOptions.certificate.spec, ClientOptions.key.spec,
            ClientOptions.insecure.spec,
        ]
    }
}

extension CommandSpec {
    /// The same command with further ones below it.
    func adding(_ commands: [CommandSpec]) -> CommandSpec {
        CommandSpec(name, summary) { [self] in
            var details = details
            details.subcommands += commands
            return details
        }
    }
}
