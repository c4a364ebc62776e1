import CommandKit
import SessionClient

/// `sessionctl heartbeat`: keeps a window alive.
enum HeartbeatCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        return try invocation.play(
            .heartbeat(every: settings[ClientOptions.every], lasting: settings[ClientOptions.duration]))
    }
}
