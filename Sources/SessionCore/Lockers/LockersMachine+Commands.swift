import SessionBase
import SessionCodec

/// Acknowledgements of commands (EXT `ack`): told to those who joined the command's room, `command:{commandId}` of
/// `/ws/events`, and kept by the loop that owns that room.
///
/// Not to the namespace: a command to a thousand kiosks would be followed by a million frames, and by nothing else in what is
/// kept for those who come back.
extension LockersMachine {
    /// What stands before a command in the name of its room.
    private static let roomPrefix = "command:"

    private static func topic(of command: String) -> String {
        LockersTopic.name(NamespacePath.events, roomPrefix + command)
    }

    /// The loop that keeps who acknowledged a command.
    func keeper(of command: String) -> Int { hub.owner(of: Self.topic(of: command)) }

    /// Takes an acknowledgement; a repetition is confirmed like the first one and told to nobody.
    mutating func acknowledge(
        _ command: String, by connection: ConnectionID, _ tag: MessageTag?, at moment: Moment, effects: inout Effects
    ) {
        let record = connections[Int(connection.slot)]
        guard record.namespace == NamespacePath.events else {
            let sentence = "Commands are acknowledged in \(NamespacePath.events)"
            return refuse(.forbidden, sentence, tag, from: connection, at: moment, effects: &effects)
        }
        reply(.ackReceived(command: command), tag, to: connection, at: moment, effects: &effects)
        let ack = CommandAck(
            connection: record.name, user: record.shownUser, kiosk: record.identity?.kiosk,
            timestamp: moment.timestamp)
        let keeper = keeper(of: command)
        if keeper == configuration.shard {
            self.record(ack, of: command, at: moment, effects: &effects)
        } else {
            effects.post(.lockers(.acknowledged(command: command, ack)), to: keeper)
        }
    }

    /// Keeps an acknowledgement, and tells the first one of a connection to the command's room, where somebody is there or
    /// was lately: what nobody waits for makes no room.
    mutating func record(
        _ ack: CommandAck, of command: String, at moment: Moment, effects: inout Effects
    ) {
        guard commands.record(ack, of: command, at: moment.instant) else { return }
        let topic = Self.topic(of: command)
        guard hub.subscriberCount(of: topic) > 0 || hub.position(of: topic) != nil else { return }
        let message = LockersServerMessage.commandAcknowledged(command: command, ack)
        carryOut(
            Sending(
                namespace: NamespacePath.events, room: Self.roomPrefix + command, message: message,
                event: message.kind.name), for: nil, by: nil, at: moment, effects: &effects)
    }
}
