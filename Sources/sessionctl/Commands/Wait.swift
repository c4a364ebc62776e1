import CommandKit
import SessionClient
import SessionConsole

/// `sessionctl wait`: waits until a server is ready.
enum WaitCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        var configuration = try invocation.configuration()
        if settings[ClientOptions.goal] == .ready { configuration.plainTarget = "/readyz" }
        var client = WaitClient(try invocation.clientRun(configuration), timeout: settings[ClientOptions.timeout])
        return ExitStatus(try client.play())
    }
}
