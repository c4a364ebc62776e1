import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO
import SessionTerminal

/// `sessionctl report …`: two verbs over a WebSocket, the others over HTTP.
enum ReportCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        switch invocation.parsed.path.last {
        case ChannelCommands.reportCancel.name:
            return try play(.cancel(reason: settings[ChannelCommands.reason]), isSilent: true, invocation)
        case ChannelCommands.reportWatch.name:
            return try play(.watch(lasting: settings[ClientOptions.duration]), bar(invocation), invocation)
        default: return try APICommand.run(invocation)
        }
    }

    private static func play(
        _ goal: ReportScript.Goal, _ bar: ReportBar? = nil, isSilent: Bool = false, _ invocation: Invocation
    ) throws(CommandError) -> ExitStatus {
        let report = invocation.parsed.operand("REPORT") ?? ""
        let endpoint = try invocation.serviceEndpoint(.channels).socket(ofReport: report)
        var conditions = try invocation.watchConditions()
        // How long is the goal's: who gives up learns how far it is.
        conditions.lasting = nil
        let script = ReportScript(report, goal, conditions, timeout: invocation.settings[APIOptions.timeout])
        return try invocation.play(script, on: endpoint, of: .channels, presenter: bar, isSilent: isSilent)
    }

    /// The bar, where a person looks at it.
    private static func bar(_ invocation: Invocation) -> ReportBar? {
        let output = invocation.context.output
        guard output.isTerminal, !invocation.settings[APIOptions.json],
            invocation.context.environment("TERM") != "dumb"
        else { return nil }
        return ReportBar(width: Terminal.width(Descriptor.standardOutput)) { text throws(CommandError) in
            try output.write(text)
        }
    }
}
