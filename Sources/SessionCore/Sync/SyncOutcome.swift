import SessionBase
import SessionCodec

/// What is told once an operation is durable.
struct SyncOutcome: Sendable {
    /// What the asker gets.
    enum Reply: Sendable {
        case none
        case message(SyncServerMessage)
        case response(HTTPResponse)
        case failure(SyncFailure)
    }

    var reply = Reply.none
    /// What the devices of the session are told.
    var pushes: [SyncServerMessage] = []
    /// Serial of the device that is not told, because it did it; 0 for none.
    var origin: UInt32 = 0
    /// The device that did it, for the envelope.
    var device: String?

    init(reply: Reply) { self.reply = reply }

    /// The outcome of a STATE_UPDATE: the others are told, the sender only where it wants to know (PROTOCOLS §3.4).
    init(
        updated update: SyncStateUpdate, by device: String, _ serial: UInt32, version: UInt64,
        _ operation: SyncOperation
    ) {
        var change = SyncStateChange(
            key: update.key, value: update.value, operation: update.operation, version: version, deviceID: device)
        pushes = [.stateUpdate(change)]
        origin = serial
        self.device = device
        guard case .connection(_, _?) = operation.asker else { return }
        change.isAcknowledgement = true
        reply = .message(.stateUpdate(change))
    }

    /// The outcome of what failed.
    static func failed(_ failure: SyncFailure) -> SyncOutcome { SyncOutcome(reply: .failure(failure)) }

    /// The outcome of a STATE_UPDATE that cannot be.
    static func refused(_ code: SyncErrorCode, _ message: String? = nil) -> SyncOutcome {
        SyncOutcome(reply: .message(.error(code, message: message ?? code.message.description)))
    }

    /// The outcome of a whole new state: everybody is told to fetch it (PROTOCOLS §3.5).
    static func replaced(_ response: HTTPResponse, version: UInt64, by device: String?) -> SyncOutcome {
        var outcome = SyncOutcome(reply: .response(response))
        let data = JSONFragment { $0.field("version", version) }
        outcome.pushes = [.broadcast(event: SyncEvent.sessionReplaced.rawValue, data: data)]
        outcome.device = device
        return outcome
    }

    /// The outcome of changed keys: one STATE_UPDATE each, all with the one new version (PROTOCOLS §3.5).
    static func patched(
        _ response: HTTPResponse, _ changes: [StateMember], deleted: [String], version: UInt64, by device: String?
    ) -> SyncOutcome {
        var outcome = SyncOutcome(reply: .response(response))
        outcome.device = device
        outcome.pushes = changes.map { member in
            .stateUpdate(
                SyncStateChange(
                    key: member.key, value: JSONFragment(member.value), operation: .set, version: version,
                    deviceID: device))
        }
        outcome.pushes += deleted.map { key in
            .stateUpdate(
                SyncStateChange(key: key, value: nil, operation: .delete, version: version, deviceID: device))
        }
        return outcome
    }
}

extension SyncErrorCode {
    /// What a connection is told where a request over HTTP would get a failure.
    init(_ code: SyncFailureCode) {
        switch code {
        case .sessionNotFound: self = .sessionNotFound
        case .versionConflict, .versionAhead: self = .versionConflict
        case .storeUnavailable: self = .storeUnavailable
        case .snapshotTooLarge, .invalidState: self = .stateTooLarge
        case .sessionLimit, .deviceLimit, .forbidden: self = .forbidden
        default: self = .internal
        }
    }
}
