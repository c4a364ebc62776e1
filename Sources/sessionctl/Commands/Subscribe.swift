import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl subscribe`: hears channels.
enum SubscribeCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        var subject = ChannelWatchScript.Subject(channels: invocation.parsed.operands("CHANNEL"))
        subject.wantsPositions = settings[ChannelCommands.positions] || ConnectCommand.policy(settings) != nil
        subject.since = try places(settings, count: subject.channels.count)
        for channel in subject.channels where !ChannelName.allows(channel) {
            throw .usage(
                "\(Origin.printable(channel)) is no channel; write words of letters, digits and _ . - between colons")
        }
        guard Set(subject.channels).count == subject.channels.count else {
            throw .usage("a channel is named twice; name each once")
        }
        let script = ChannelWatchScript(
            subject, try invocation.watchConditions(), timeout: settings[APIOptions.timeout])
        let endpoint = try invocation.serviceEndpoint(.channels).socketOfChannels
        return try invocation.play(script, on: endpoint, of: .channels)
    }

    private static func places(_ settings: Settings, count: Int) throws(CommandError) -> [TopicPosition] {
        var places: [TopicPosition] = []
        for text in settings[ChannelCommands.since] {
            guard case .position(let position)? = TopicSince(text) else {
                throw .usage("--since \(Origin.printable(text)): write EPOCH:OFFSET, as --positions shows it")
            }
            places.append(position)
        }
        guard places.isEmpty || places.count == count else {
            throw .usage("\(count) channels need as many --since, in their order; there are \(places.count)")
        }
        return places
    }
}
