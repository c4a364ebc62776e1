import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl focus`: gives a window the focus.
enum FocusCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus { try invocation.play(.focus) }
}

extension Invocation {
    /// Plays one window of the awareness service, as its four commands do.
    func play(_ goal: WindowScript.Goal) throws(CommandError) -> ExitStatus {
        let registration = AwarenessRegistration(
            user: settings[ClientOptions.user], window: settings[ClientOptions.window],
            case: settings[ClientOptions.caseID], slide: settings[ClientOptions.slide])
        var client = WindowClient(try clientRun(try configuration()), WindowScript(registration, goal))
        return ExitStatus(try client.play())
    }
}
