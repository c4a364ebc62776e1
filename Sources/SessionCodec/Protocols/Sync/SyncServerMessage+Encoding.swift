import SessionBase

extension SyncServerMessage {
    /// Appends the payload's object; the frequent ones as literals, which cost no more than copying.
    func appendPayload(to output: inout [UInt8]) {
        switch self {
        case .heartbeatAck(let clientTime, let serverTime):
            Self.appendHeartbeatAck(clientTime, serverTime, to: &output)
        case .snapshotResponse(let answer): answer.appendPayload(to: &output)
        case .stateUpdate(let change): change.appendPayload(to: &output)
        case .error(let code, let message, let details):
            output.appendJSONObject { json in
                json.field("code", code.name)
                json.field("message", message)
                if let details { json.field("details", details) }
            }
        case .authSuccess(let welcome): output.appendJSONObject { welcome.write(to: &$0) }
        case .authFailure(let code, let message):
            output.appendJSONObject { json in
                json.field("code", code.name)
                json.field("message", message)
            }
        case .deviceJoined(let device):
            output.appendJSONObject { json in json.field("device") { device.writeJoined(to: &$0) } }
        case .deviceLeft(let device, let reason, let lastSeen):
            output.appendJSONObject { json in
                json.field("device_id", device)
                json.field("reason", reason.rawValue)
                json.field("last_seen", lastSeen)
            }
        case .deviceList(let devices): output.appendJSONObject { devices.write(to: &$0) }
        case .broadcast(let event, let data):
            output.appendJSONObject { json in
                json.field("event", event)
                json.field("data", data)
            }
        case .adminUpdate(let update): update.appendPayload(to: &output)
        }
    }

    private static func appendHeartbeatAck(_ clientTime: Int64?, _ serverTime: Int64, to output: inout [UInt8]) {
        if let clientTime {
            output.append(literal: #"{"client_time":"#)
            output.appendDecimal(clientTime)
            output.append(literal: #","server_time":"#)
        } else {
            output.append(literal: #"{"server_time":"#)
        }
        output.appendDecimal(serverTime)
        output.append(UInt8(ascii: "}"))
    }
}

extension SyncSnapshotAnswer {
    fileprivate func appendPayload(to output: inout [UInt8]) {
        switch self {
        case .found(let version, let state, let updatedAt):
            output.append(literal: #"{"found":true,"unchanged":false,"version":"#)
            output.appendDecimal(version)
            output.append(literal: #","state_data":"#)
            output.append(copying: state.bytes.span)
            output.append(literal: #","updated_at":""#)
            updatedAt.append(to: &output)
            output.append(literal: #""}"#)
        case .unchanged(let version):
            output.append(literal: #"{"found":true,"unchanged":true,"version":"#)
            output.appendDecimal(version)
            output.append(UInt8(ascii: "}"))
        case .missing: output.append(literal: #"{"found":false,"version":0,"state_data":{}}"#)
        }
    }
}

extension SyncStateChange {
    fileprivate func appendPayload(to output: inout [UInt8]) {
        output.append(literal: #"{"key":"#)
        output.appendJSON(key)
        if let value {
            output.append(literal: #","value":"#)
            output.append(copying: value.bytes.span)
        }
        output.append(literal: #","operation":""#)
        output.append(literal: operation.spelling)
        output.append(literal: #"","version":"#)
        output.appendDecimal(version)
        if let deviceID {
            output.append(literal: #","device_id":"#)
            output.appendJSON(deviceID)
        }
        if isAcknowledgement { output.append(literal: #","ack":true"#) }
        output.append(UInt8(ascii: "}"))
    }
}

extension SyncWelcome {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("session_id", sessionID)
        json.field("user_id", userID)
        json.field("device_id", deviceID)
        json.field("roles") { json in json.array { json in for role in roles { json.value(role) } } }
        if let expiresAt { json.field("expires_at", expiresAt) } else { json.field("expires_at", String?.none) }
        json.field("heartbeat_interval", heartbeatInterval)
        json.field("version", version)
        json.field("devices_online", devicesOnline)
        json.field("server_time", serverTime)
        json.field("epoch", epoch)
        json.field("seq", sequence)
        guard let replayed else { return }
        json.field("recovered", true)
        json.field("replayed", replayed)
    }
}

extension [SyncDevice] {
    /// Writes the fields `devices` and `count` of an object (PROTOCOLS §3.3, §3.4).
    package func write(to json: inout JSONWriter) {
        json.field("devices") { json in json.array { json in for device in self { device.write(to: &json) } } }
        json.field("count", count)
    }
}
