import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO
import SessionTerminal

/// `sessionctl connect`: talks to a server, by hand, from a pipe, or as its echo.
enum ConnectCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        let context = invocation.context
        if settings[ClientOptions.echo] { return try echo(invocation) }
        let isInteractive = context.isInputTerminal && context.output.isTerminal && !settings[ClientOptions.json]
        return try isInteractive ? talk(invocation) : pipe(invocation)
    }

    /// Sends back what comes.
    private static func echo(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        var configuration = try invocation.faultyConfiguration()
        configuration.offersCompression = true
        configuration.unsentBytesMax = EchoClient.unsentBytesMax
        return ExitStatus(try EchoClient.play(try invocation.clientRun(configuration)))
    }

    /// Sends what is piped in.
    private static func pipe(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        var script = ScriptedClient.Script()
        script.rawFrames = try invocation.rawFrames()
        script.onConnect = settings[ClientOptions.onConnect]
        script.messages = settings[ClientOptions.execute]
        script.readsInput = true
        script.conditions = try invocation.conditions()
        let run = try invocation.clientRun(try invocation.faultyConfiguration(), policy: policy(settings))
        var client = ScriptedClient(run, script)
        return ExitStatus(try client.play())
    }

    /// Lets a person talk.
    private static func talk(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        let context = invocation.context
        var options = InteractiveClient.Options()
        options.rawFrames = try invocation.rawFrames()
        options.onConnect = settings[ClientOptions.onConnect]
        options.messages = settings[ClientOptions.execute]
        options.style = invocation.style(of: context.output)
        let personal = StateFolder.personal(context.environment).map { $0 + "/history" }
        options.historyFile = (settings[ClientOptions.history] ?? personal).map { HistoryFile(path: $0) }
        let loop = try invocation.loop(
            try invocation.faultyConfiguration(), policy: policy(settings),
            signals: [.hangup, .interrupt, .terminate, .pause, .windowChanged])
        return ExitStatus(try InteractiveClient(loop, invocation.profile, options).run())
    }

    /// A client comes back only where it was asked to.
    static func policy(_ settings: Settings) -> ReconnectPolicy? {
        let maxAttempts = settings[ClientOptions.maxAttempts]
        guard settings[ClientOptions.reconnect] || maxAttempts != nil else { return nil }
        return ReconnectPolicy(maxAttempts: maxAttempts)
    }
}
