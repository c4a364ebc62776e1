import CommandKit
import SessionConsole

/// `sessionctl send`: sends messages, waits for the answers, leaves.
enum SendCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        var script = ScriptedClient.Script()
        script.rawFrames = try invocation.rawFrames()
        script.messages = invocation.parsed.operands("MESSAGE")
        script.conditions = try invocation.conditions()
        var client = ScriptedClient(try invocation.clientRun(try invocation.faultyConfiguration()), script)
        return ExitStatus(try client.play())
    }
}
