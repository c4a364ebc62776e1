import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl stream …`: `watch` over a WebSocket, `push` over HTTP.
enum StreamCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard invocation.parsed.path.last == ChannelCommands.streamWatch.name else {
            return try APICommand.run(invocation)
        }
        let settings = invocation.settings
        let template = invocation.parsed.operand("TEMPLATE") ?? ""
        var subject = StreamWatchScript.Subject()
        subject.interval = settings[ChannelCommands.interval]
        if let interval = subject.interval, interval != .zero,
            !(Duration.milliseconds(250)...Duration.seconds(3600)).contains(interval)
        {
            throw settings.error(ChannelCommands.interval, "write 0, or 250ms to 1h")
        }
        subject.isBatch = settings[ChannelCommands.batch]
        subject.filter = try filter(settings)
        guard !subject.isBatch || subject.interval != nil else {
            throw .usage("--batch gathers the rows of an interval; give --interval beside it")
        }
        let script = StreamWatchScript(
            template, subject, try invocation.watchConditions(), timeout: settings[APIOptions.timeout])
        let endpoint = try invocation.serviceEndpoint(.channels).socket(ofStream: template)
        return try invocation.play(script, on: endpoint, of: .channels)
    }

    private static func filter(_ settings: Settings) throws(CommandError) -> StreamFilter? {
        let conditions = settings[ChannelCommands.filter]
        guard !conditions.isEmpty else { return nil }
        var object = JSONObject()
        for text in conditions {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw .usage("--filter \(Origin.printable(text)): write KEY=VALUE")
            }
            object[String(text[..<equals])] = StreamFilterValue.read(String(text[text.index(after: equals)...]))
        }
        guard let filter = StreamFilter(JSONFragment(.object(object))) else {
            throw .usage("--filter takes at most 16 fields of texts, numbers, true, false and null")
        }
        return filter
    }
}
