package import CommandKit
import SessionCodec

/// The options of the verbs of lockers.
package enum LockerOptions {
    /// `--session`.
    package static let session = Option.text("session", "Session to act with; others can see it, too", "ID")
        .environment("SESSIONCTL_LOCKER_SESSION").secret()
        .detail("Better: --session-file, or the environment. 'sessionctl session create' makes one.").rule("4-2")
    /// `--session-file`.
    package static let sessionFile = Option.text(
        "session-file", "Read the session from FILE, - for input", "FILE", .file)
    /// `--room`.
    package static let room = Option.text("room", "Tell this room alone", "ROOM")
    /// `--namespace`.
    package static let namespace = Option.text("namespace", "Namespace, such as lockers or /ws/lockers", "NAMESPACE")
        .unset("lockers")
    /// `--idempotency-key`.
    package static let idempotencyKey = Option.text("idempotency-key", "Name of this event, told once", "KEY")
        .detail("The server drops a second one with the same key.")

    /// The path of a namespace, which may be given by its name alone: `lockers` is `/ws/lockers`.
    package static func path(ofNamespace text: String) throws(CommandError) -> String {
        guard let path = NamespacePath.normalized(text) else {
            throw .usage("\(Origin.printable(text)) is no namespace; write one such as lockers or /ws/lockers")
        }
        return path
    }
}
