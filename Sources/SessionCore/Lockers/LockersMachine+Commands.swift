import SessionBase
import SessionCodec

/// Acknowledgements of commands (EXT `ack`): the loop that a hash of the command names keeps who gave one, and tells each to
/// the namespace once.
extension LockersMachine {
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
            connection: record.name, user: record.shownUser, kiosk: record.identity?.kiosk, timestamp: moment.timestamp)
        let keeper = configuration.shard(ofName: command)
        if keeper == configuration.shard {
            self.record(ack, of: command, in: record.namespace, at: moment, effects: &effects)
        } else {
            effects.post(
                .lockers(.acknowledged(command: command, namespace: record.namespace, ack)), to: keeper)
        }
    }

    /// Keeps an acknowledgement, and tells the first one of a connection to the namespace.
    mutating func record(
        _ ack: CommandAck, of command: String, in namespace: String, at moment: Moment, effects: inout Effects
    ) {
        guard commands.record(ack, of: command, at: moment.instant) else { return }
        let message = LockersServerMessage.commandAcknowledged(command: command, ack)
        carryOut(
            Sending(namespace: namespace, message: message, event: message.kind.name), for: nil, by: nil, at: moment,
            effects: &effects)
    }
}
