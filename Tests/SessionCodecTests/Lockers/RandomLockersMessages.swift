import SessionBase
import SessionCodec

/// Random messages and calls of lockers.
struct RandomLockersMessages {
    /// Ids, positions and values come from the same source as those of channels.
    var base: RandomChannelsMessages

    init(seed: UInt64) { base = RandomChannelsMessages(seed: seed) }

    // MARK: Messages

    mutating func clientMessage() -> Tagged<LockersClientMessage> {
        let message: LockersClientMessage =
            switch LockersClientKind.allCases.randomElement(using: &base.base.base.random)! {
            case .joinRoom: .joinRoom(room(), since: maybe { $0.since() })
            case .leaveRoom: .leaveRoom(room())
            case .ping: .ping
            case .ack: .ack(command: identifier())
            }
        return Tagged(message, tag: base.base.base.tag())
    }

    mutating func serverFrame() -> Tagged<LockersServerFrame> {
        let kind = LockersServerKind.allCases.randomElement(using: &base.base.base.random)!
        let frame = LockersServerFrame(
            serverMessage(kind), timestamp: maybe { $0.time() }, offset: maybe { $0.base.base.version() },
            room: maybe { $0.room() })
        return Tagged(frame, tag: base.base.base.tag())
    }

    private mutating func serverMessage(_ kind: LockersServerKind) -> LockersServerMessage {
        switch kind {
        case .connection:
            .connection(
                LockersWelcome(
                    connection: identifier(), namespace: "/ws/lockers", user: maybe { $0.identifier() },
                    timestamp: time(), answer: maybe { $0.base.answer() }))
        case .roomJoined: .roomJoined(room(), answer: maybe { $0.base.answer() })
        case .roomLeft: .roomLeft(room())
        case .pong: .pong
        case .error:
            .error(
                LockersErrorCode.allCases.randomElement(using: &base.base.base.random)!,
                message: base.base.base.text())
        case .lockerStateChanged, .helpRequested, .helpStatusUpdated, .commandApplied: .event(event(kind))
        case .ackReceived: .ackReceived(command: identifier())
        case .commandAcknowledged:
            .commandAcknowledged(
                command: identifier(),
                CommandAck(
                    connection: identifier(), user: maybe { $0.identifier() }, kiosk: maybe { $0.identifier() },
                    timestamp: time()))
        case .other: .broadcast(event: "event_" + room().prefix(80), data: base.base.value(depth: 3))
        }
    }

    // MARK: Events and calls

    mutating func call() -> LockersCall {
        switch base.count(4) {
        case 0: .status(isDetailed: base.flag())
        case 1:
            .broadcast(
                LockersBroadcast(
                    namespace: "/ws/" + ["lockers", "help", "x_1"].randomElement(using: &base.base.base.random)!,
                    event: "event_" + room().prefix(80), data: base.base.value(depth: 3), room: maybe { $0.room() },
                    idempotencyKey: maybe { $0.room() }))
        case 2: .emit(emission())
        default: .commandAcks(identifier())
        }
    }

    private mutating func emission() -> LockersEmission {
        let kinds: [LockersServerKind] = [.lockerStateChanged, .helpRequested, .helpStatusUpdated, .commandApplied]
        let event = event(kinds[base.count(4)])
        let canScope = event.kiosk.map { RoomName.allows($0) } ?? false
        return LockersEmission(
            event, isForRoom: maybe { canScope && $0.base.flag() }, idempotencyKey: maybe { $0.room() })
    }

    mutating func event(_ kind: LockersServerKind) -> LockersEvent {
        switch kind {
        case .lockerStateChanged:
            .lockerState(
                LockerStateChange(
                    locker: identifier(), oldState: identifier(), newState: identifier(), kiosk: kiosk(),
                    timestamp: maybe { $0.time() }))
        case .helpRequested:
            .helpRequested(
                HelpRequest(
                    id: Int64(base.count(9999)), kiosk: kiosk(), lockerNumber: maybe { Int64($0.base.count(99)) },
                    category: identifier(), note: maybe { $0.base.base.base.text() },
                    photoURL: maybe { $0.identifier() }, status: identifier(), createdAt: time(),
                    timestamp: maybe { $0.time() }))
        case .helpStatusUpdated:
            .helpStatus(
                HelpStatusChange(
                    id: Int64(base.count(9999)), oldStatus: identifier(), newStatus: identifier(),
                    timestamp: maybe { $0.time() }))
        default:
            .commandApplied(
                AppliedCommand(
                    type: identifier(), locker: maybe { $0.identifier() }, kiosk: maybe { $0.kiosk() },
                    parameters: maybe { $0.base.base.value(depth: 3) },
                    result: AppliedCommand.Result(
                        isSuccess: base.flag(), message: maybe { $0.base.base.base.text() },
                        timestamp: maybe { $0.time() }, error: maybe { $0.identifier() }),
                    timestamp: maybe { $0.time() }))
        }
    }

    // MARK: Parts

    mutating func room() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")
        return String((0...base.count(100)).prefix(RoomName.bytesMax).map { _ in letters[base.count(letters.count)] })
    }

    private mutating func since() -> TopicSince { base.flag() ? base.since() : .time(time()) }

    private mutating func kiosk() -> String { base.flag() ? room() : identifier() }

    private mutating func identifier() -> String { base.identifier() }

    private mutating func time() -> Timestamp { Timestamp(milliseconds: Int64(base.count(253_402_300_799_999))) }

    private mutating func maybe<Value>(_ make: (inout RandomLockersMessages) -> Value) -> Value? {
        base.flag() ? make(&self) : nil
    }
}
