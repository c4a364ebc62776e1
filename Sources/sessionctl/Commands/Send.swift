import CommandKit
import SessionConsole

/// `sessionctl send`: sends messages, waits for the answers, leaves.
enum SendCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        var script = ScriptedClient.Script()
        script.rawFrames = try invocation.rawFrames()
        script.messages = invocation.parsed.operands("MESSAGE")
        if let only = script.messages.first, script.messages.count == 1, isPlace(only),
            invocation.parsed.operand("URL") == nil
        {
            throw .usage("MESSAGE is missing: a URL alone is where to send; to send it as text, put another before it")
        }
        script.conditions = try invocation.conditions()
        var client = ScriptedClient(try invocation.clientRun(try invocation.faultyConfiguration()), script)
        return ExitStatus(try client.play())
    }

    /// Whether a text can hardly be meant as anything but a place to connect to.
    private static func isPlace(_ text: String) -> Bool {
        ["ws://", "wss://", "http://", "https://", "unix:", "ws+unix:"].contains { text.hasPrefix($0) }
            || text.first == ":" && text.dropFirst().first?.isNumber == true
    }
}
