import SessionBase
import SessionCodec

/// Too much and too wrong: rate limits, errors, and when patience ends (PROTOCOLS C6, 3-3, §5.3).
///
/// `cursor_move` has no bucket of its own, since its excess is conflated and not refused: the latest place is kept and told
/// with the next broadcast of cursors, of which there is one in 50 ms however many moves there are. What goes beyond the
/// bucket of all messages is refused as any other.
extension BoardMachine {
    /// `shape_create` messages (PROTOCOLS §5.3).
    private static let createRate = TokenRate(tokens: 50, each: .seconds(1))
    /// `shape_update` messages (PROTOCOLS §5.3).
    private static let updateRate = TokenRate(tokens: 120, each: .seconds(1))
    /// `shape_delete` messages (PROTOCOLS §5.3).
    private static let deleteRate = TokenRate(tokens: 50, each: .seconds(1))
    /// `resync` messages, each of which asks for a whole board.
    private static let resyncRate = TokenRate(tokens: 2, each: .seconds(1), burst: 4)
    /// Messages of one connection that may wait in a room before it is held (C6).
    static let waitingMax = 64
    /// How large a batch may grow, in bytes, before what comes next is left for another one.
    static let batchBytesMax = 1 << 20
    /// How many may wait until a room is stored, administrators not counted out.
    static let flushesMax = 256
    /// How many of these may be one member's.
    static let flushesOfOneMax = 4

    /// Takes a message's tokens; where there are none, says so to clients that can hear it.
    mutating func admits(
        _ kind: BoardClientKind, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) -> Bool {
        guard let rate = configuration.messageRate,
            let wait = takeTokens(kind, slot: Int(connection.slot), rate: rate, at: moment.instant)
        else { return true }
        counters.rateLimited += 1
        let sentence = "Too many messages; wait \(wait.milliseconds + 1) ms"
        refuse(.rateLimited, tag, sentence: sentence, from: connection, effects: &effects)
        if troubles.countExcess(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .rateLimited, at: moment, effects: &effects)
        }
        return false
    }

    /// Takes the tokens of one message.
    ///
    /// - Returns: How long to wait where a bucket is empty, or `nil`.
    private mutating func takeTokens(_ kind: BoardClientKind, slot: Int, rate: TokenRate, at now: Instant) -> Duration?
    {
        let wait: Duration? =
            switch kind {
            case .shapeCreate: connections[slot].creations.takeOrWait(at: now, Self.createRate)
            case .shapeUpdate: connections[slot].updates.takeOrWait(at: now, Self.updateRate)
            case .shapeDelete: connections[slot].deletions.takeOrWait(at: now, Self.deleteRate)
            case .resync: connections[slot].resyncs.takeOrWait(at: now, Self.resyncRate)
            default: nil
            }
        return wait ?? connections[slot].messages.takeOrWait(at: now, rate)
    }

    /// Answers what is no message, and counts it.
    mutating func refuse(
        _ refusal: BoardRefusal, from connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        counters.failed(refusal.code)
        if connections[Int(connection.slot)].isExtended {
            reply(refusal.reply, refusal.tag, to: connection, effects: &effects)
        } else {
            counters.dropped += 1
        }
        if troubles.countInvalid(&connections[Int(connection.slot)].trouble, at: moment.instant) {
            doom(connection, .tooManyErrors, at: moment, effects: &effects)
        }
    }

    /// Answers a message that cannot be granted; clients of the seed would take an answer for a board (PROTOCOLS 3-3).
    mutating func refuse(
        _ code: BoardErrorCode, _ tag: MessageTag?, sentence: String? = nil, from connection: ConnectionID,
        effects: inout Effects
    ) {
        counters.failed(code)
        guard connections[Int(connection.slot)].isExtended else { return counters.dropped += 1 }
        let message = sentence ?? code.message.description
        reply(.error(code, message: message), tag, to: connection, effects: &effects)
    }
}
