import CommandKit
import SessionClient

/// `sessionctl register`: registers a window and prints what it is told.
enum RegisterCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        return try invocation.play(
            .register(isOnce: settings[ClientOptions.once], lasting: settings[ClientOptions.duration]))
    }
}
