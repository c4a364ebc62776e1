import CommandKit
import SessionClient

/// `sessionctl deregister`: takes a window out.
enum DeregisterCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus { try invocation.play(.deregister) }
}
