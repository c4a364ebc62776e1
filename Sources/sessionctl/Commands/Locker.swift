import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl locker …`: three verbs over a WebSocket, the others over HTTP.
enum LockerCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        switch invocation.parsed.path.dropFirst(2).first {
        case LockerCommands.watch.name:
            let namespace = invocation.parsed.operand("NAMESPACE") ?? "lockers"
            return try watch(namespace, rooms: settings[LockerCommands.rooms], invocation)
        case LockerCommands.join.name:
            let namespace = settings[LockerOptions.namespace] ?? "lockers"
            return try watch(namespace, rooms: invocation.parsed.operands("ROOM"), invocation)
        case LockerCommands.acknowledge.name: return try acknowledge(invocation)
        default: return try APICommand.run(invocation)
        }
    }

    private static func watch(
        _ namespace: String, rooms: [String], _ invocation: Invocation
    ) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        var subject = LockerWatchScript.Subject(namespace: try LockerOptions.path(ofNamespace: namespace))
        for room in rooms where !subject.rooms.contains(room) {
            guard RoomName.allows(room) else {
                throw .usage("\(Origin.printable(room)) is no room; write 1 to 100 letters, digits and _ . : -")
            }
            subject.rooms.append(room)
        }
        subject.since = ConnectCommand.policy(settings) == nil ? nil : .now
        if let text = settings[LockerCommands.since] {
            guard let since = TopicSince(text) else {
                throw settings.error(
                    LockerCommands.since, "write EPOCH:OFFSET, a time such as 2026-11-21T22:00:00Z, or now")
            }
            subject.since = since
        }
        let endpoint = try invocation.serviceEndpoint(.lockers).socket(ofNamespace: subject.namespace)
        let script = LockerWatchScript(
            subject, path: endpoint.target, try invocation.watchConditions(), timeout: settings[APIOptions.timeout])
        return try invocation.play(script, on: endpoint, of: .lockers)
    }

    private static func acknowledge(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let command = invocation.parsed.operand("COMMAND") ?? ""
        guard IdentifierRule.allows(command) else {
            throw .usage("COMMAND \(Origin.printable(command)): write 1 to 128 characters without blanks")
        }
        let script = LockerAckScript(
            command: command, patterns: try invocation.patterns(), timeout: invocation.settings[APIOptions.timeout])
        let endpoint = try invocation.serviceEndpoint(.lockers).socket(ofNamespace: NamespacePath.events)
        return try invocation.play(script, on: endpoint, of: .lockers, isSilent: true)
    }
}
