import SessionClient
import SessionCodec

/// What a server of sync sends in these tests.
enum SyncFrames {
    static let session = "550e8400-e29b-41d4-a716-446655440000"

    static func welcome(
        version: UInt64 = 1, epoch: String = "e1", sequence: UInt64 = 10, replayed: Int? = nil
    ) -> [UInt8] {
        frame(
            .authSuccess(
                SyncWelcome(
                    sessionID: session, userID: "u", deviceID: "d", roles: [], expiresAt: nil,
                    heartbeatInterval: 30_000, version: version, devicesOnline: 1, serverTime: 0, epoch: epoch,
                    sequence: sequence, replayed: replayed)))
    }

    static func change(
        _ key: String, _ value: JSONValue, version: UInt64, sequence: UInt64? = nil, correlation: String? = nil
    ) -> [UInt8] {
        frame(
            .stateUpdate(
                SyncStateChange(
                    key: key, value: JSONFragment(value), operation: .set, version: version, deviceID: "other",
                    isAcknowledgement: correlation != nil)),
            correlation: correlation, sequence: sequence)
    }

    static func frame(
        _ message: SyncServerMessage, correlation: String? = nil, sequence: UInt64? = nil
    ) -> [UInt8] {
        SyncServerFrame(message, envelope: SyncEnvelope(correlationID: correlation, sequence: sequence)).encoded()
    }

    static func closed(_ code: CloseCode) -> ClientEnd {
        .closed(ClientClose(code: code, reason: "", origin: .peer))
    }
}
