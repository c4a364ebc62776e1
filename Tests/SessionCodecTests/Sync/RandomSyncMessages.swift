import SessionBase
import SessionCodec

/// Random messages, calls and states of sync.
struct RandomSyncMessages {
    /// Spellings, damage and ids come from the same source as those of awareness.
    var base: RandomMessages

    init(seed: UInt64) { base = RandomMessages(seed: seed) }

    // MARK: Messages

    mutating func clientFrame() -> SyncClientFrame {
        let message: SyncClientMessage =
            switch count(6) {
            case 0: .heartbeat(clientTime: maybe { Int64.random(in: .min ... .max, using: &$0.base.random) })
            case 1: .snapshotRequest(session: maybe { $0.uuid() }, knownVersion: maybe { $0.version() })
            case 2: .stateUpdate(stateUpdate())
            case 3: .auth(authentication())
            case 4: .deviceList
            default: .broadcast(event: String(base.identifier().prefix(20)), data: value(depth: 3))
            }
        return SyncClientFrame(message, envelope: envelope(isFromServer: false))
    }

    mutating func serverFrame() -> SyncServerFrame {
        let message: SyncServerMessage =
            switch SyncKind.allCases.filter(\.isFromServer).randomElement(using: &base.random)! {
            case .heartbeatAck:
                .heartbeatAck(
                    clientTime: maybe { Int64.random(in: .min ... .max, using: &$0.base.random) },
                    serverTime: Int64(count(1 << 40)))
            case .snapshotResponse: .snapshotResponse(snapshotAnswer())
            case .stateUpdate: .stateUpdate(stateChange())
            case .error:
                .error(
                    SyncErrorCode.allCases.randomElement(using: &base.random)!, message: base.identifier(),
                    details: maybe { $0.state() })
            case .authSuccess: .authSuccess(welcome())
            case .authFailure:
                .authFailure(
                    SyncAuthFailureCode.allCases.randomElement(using: &base.random)!, message: base.identifier())
            case .deviceJoined: .deviceJoined(joinedDevice())
            case .deviceLeft:
                .deviceLeft(
                    device: base.identifier(), reason: SyncLeaveReason.allCases.randomElement(using: &base.random)!,
                    lastSeen: time())
            case .deviceList: .deviceList((0..<count(4)).map { _ in device() })
            case .broadcast: .broadcast(event: base.identifier(), data: value(depth: 3))
            default:
                .adminUpdate(
                    SyncAdminUpdate(
                        kind: SyncAdminUpdate.Kind.allCases.randomElement(using: &base.random)!,
                        type: maybe { $0.base.identifier() }, message: maybe { $0.base.identifier() },
                        data: state()))
            }
        return SyncServerFrame(message, envelope: envelope(isFromServer: true))
    }

    private mutating func envelope(isFromServer: Bool) -> SyncEnvelope {
        SyncEnvelope(
            sessionID: maybe { $0.uuid() }, userID: maybe { $0.base.identifier() },
            deviceID: maybe { $0.base.identifier() },
            timestamp: maybe { Int64.random(in: 0...(1 << 40), using: &$0.base.random) },
            correlationID: maybe { $0.base.identifier() }, sequence: isFromServer ? maybe { $0.version() } : nil)
    }

    private mutating func stateUpdate() -> SyncStateUpdate {
        let operation = StateOperation.allCases.randomElement(using: &base.random)!
        return SyncStateUpdate(
            key: base.identifier(), operation: operation, value: operand(operation), baseVersion: maybe { $0.version() }
        )
    }

    private mutating func operand(_ operation: StateOperation) -> JSONFragment? {
        switch operation {
        case .set: value(depth: 3)
        case .delete: nil
        case .merge: state()
        case .increment: JSONFragment(.number(number()))
        }
    }

    private mutating func stateChange() -> SyncStateChange {
        let operation = StateOperation.allCases.randomElement(using: &base.random)!
        return SyncStateChange(
            key: base.identifier(), value: operand(operation), operation: operation, version: version(),
            deviceID: maybe { $0.base.identifier() }, isAcknowledgement: base.random.chance(0.5))
    }

    private mutating func snapshotAnswer() -> SyncSnapshotAnswer {
        switch count(3) {
        case 0: .missing
        case 1: .unchanged(version: version())
        default: .found(version: version(), state: state(), updatedAt: time())
        }
    }

    private mutating func authentication() -> SyncAuthentication {
        SyncAuthentication(
            token: maybe { $0.base.identifier() }, deviceID: maybe { $0.base.identifier() },
            deviceType: maybe { SyncDeviceType.allCases.randomElement(using: &$0.base.random)! },
            deviceName: maybe { $0.base.identifier() }, osVersion: maybe { String($0.base.identifier().prefix(9)) },
            appVersion: maybe { String($0.base.identifier().prefix(9)) },
            resume: maybe { .init(epoch: $0.base.identifier(), sequence: $0.version()) })
    }

    private mutating func welcome() -> SyncWelcome {
        SyncWelcome(
            sessionID: uuid(), userID: base.identifier(), deviceID: base.identifier(),
            roles: (0..<count(3)).map { _ in base.identifier() }, expiresAt: maybe { Int64($0.count(1 << 40)) },
            heartbeatInterval: 30_000, version: version(), devicesOnline: count(20), serverTime: Int64(count(1 << 40)),
            epoch: base.identifier(), sequence: version(), replayed: maybe { $0.count(500) })
    }

    private mutating func joinedDevice() -> SyncDevice {
        SyncDevice(
            id: base.identifier(), type: SyncDeviceType.allCases.randomElement(using: &base.random)!,
            name: maybe { $0.base.identifier() }, osVersion: maybe { $0.base.identifier() }, isOnline: true,
            connectedAt: maybe { $0.time() })
    }

    private mutating func device() -> SyncDevice {
        var device = joinedDevice()
        device.isOnline = base.random.chance(0.5)
        device.appVersion = maybe { $0.base.identifier() }
        device.lastSeen = maybe { $0.time() }
        device.connectionID = maybe { $0.base.identifier() }
        return device
    }

    // MARK: Calls

    mutating func call() -> SyncCall {
        switch count(9) {
        case 0:
            .putSnapshot(
                SyncSnapshotWrite(
                    session: uuid(), user: base.identifier(), state: state(), device: maybe { $0.base.identifier() },
                    appVersion: maybe { String($0.base.identifier().prefix(9)) }, version: maybe { $0.version() },
                    condition: maybe { $0.condition() }))
        case 1: .getSnapshot(session: uuid(), unless: maybe { $0.condition() })
        case 2: .deleteSession(session: uuid())
        case 3: .patch(patch())
        case 4:
            .resolve(
                SyncResolution(
                    session: uuid(), clientVersion: version(), clientState: state(),
                    strategy: SyncStrategy.allCases.randomElement(using: &base.random)!,
                    isDeep: base.random.chance(0.5),
                    user: maybe { $0.base.identifier() }, device: maybe { $0.base.identifier() }))
        case 5: .listDevices(session: uuid())
        case 6:
            .disconnectDevice(
                SyncDisconnection(
                    session: uuid(), device: base.identifier(), revokesTokens: base.random.chance(0.5)))
        case 7:
            .offerHandoff(
                SyncHandoffOffer(
                    session: uuid(), source: "s" + base.identifier().prefix(9), target: "t",
                    replaces: base.random.chance(0.5), disconnectsSource: base.random.chance(0.5),
                    caller: maybe { $0.base.identifier() }))
        default:
            .redeemHandoff(
                SyncHandoffRedemption(
                    session: uuid(), token: base.identifier(), caller: maybe { $0.base.identifier() },
                    isPeek: base.random.chance(0.5)))
        }
    }

    private mutating func patch() -> SyncPatch {
        SyncPatch(
            session: uuid(), user: base.identifier(), baseVersion: version(), changes: state(),
            deletedKeys: (0..<count(3)).map { "deleted \($0) " + base.identifier() },
            device: maybe { $0.base.identifier() }, mergesAutomatically: base.random.chance(0.5))
    }

    private mutating func condition() -> VersionCondition {
        base.random.chance(0.3) ? .any : .versions((0..<1 + count(3)).map { _ in version() })
    }

    // MARK: Parts

    mutating func uuid() -> String { UUIDText.version4((0..<16).map { _ in UInt8(count(256)) }) }

    mutating func version() -> UInt64 {
        UInt64.random(in: 0...UInt64(Int64.max), using: &base.random) >> UInt64(count(63))
    }

    private mutating func time() -> Timestamp { Timestamp(milliseconds: Int64(count(253_402_300_799_999))) }

    /// A state: an object of a few keys.
    mutating func state() -> JSONFragment {
        var object = JSONObject()
        for place in 0..<count(5) { object["\(place)" + base.identifier()] = value(depth: 3).value }
        return JSONFragment(.object(object))
    }

    /// A value of any kind.
    mutating func value(depth: Int) -> JSONFragment { JSONFragment(tree(depth: depth)) }

    mutating func tree(depth: Int) -> JSONValue {
        switch count(depth == 0 ? 4 : 6) {
        case 0: return .null
        case 1: return .boolean(base.random.chance(0.5))
        case 2: return .number(number())
        case 3: return .string(base.random.chance(0.2) ? "" : base.identifier() + " \n\"")
        case 4: return .array((0..<count(4)).map { _ in tree(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<count(4) { object[base.identifier()] = tree(depth: depth - 1) }
            return .object(object)
        }
    }

    /// A number's text; integers and fractions that are exact in a double, so that Protobuf keeps them.
    private mutating func number() -> String {
        switch count(3) {
        case 0: String(Int64.random(in: -(1 << 53)...(1 << 53), using: &base.random))
        case 1: String(count(100))
        default: (Double(Int64.random(in: -(1 << 40)...(1 << 40), using: &base.random)) / 1024).description
        }
    }

    mutating func count(_ limit: Int) -> Int { base.count(limit) }

    mutating func maybe<Value>(_ make: (inout RandomSyncMessages) -> Value) -> Value? {
        base.random.chance(0.5) ? make(&self) : nil
    }
}
