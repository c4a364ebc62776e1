package import SessionBase

/// What kind of machine a device is (PROTOCOLS §3.4, AUTH).
package enum SyncDeviceType: String, CaseIterable, Hashable, Sendable {
    case mobile, tablet, desktop, web, wearable, other
}

/// Why a device is gone (PROTOCOLS 1-24, §3.4); the raw value is the spelling.
package enum SyncLeaveReason: String, CaseIterable, Hashable, Sendable {
    /// It closed its connection properly.
    case closed
    /// Its connection broke, and it did not return in time.
    case lost
    /// It was silent for too long.
    case timeout
    /// It was disconnected through the API.
    case removed
}

/// A device of a session as lists and notices show it (PROTOCOLS §3.3, §3.4).
package struct SyncDevice: Equatable, Sendable {
    /// Which device.
    package var id: String
    /// What kind of machine it says it is.
    package var type: SyncDeviceType
    /// The name that its user gave it.
    package var name: String?
    /// The version of its system.
    package var osVersion: String?
    /// The version of the application.
    package var appVersion: String?
    /// Whether it has a connection, or may still return to one unnoticed.
    package var isOnline: Bool
    /// When it came; `nil` for one that never had a connection.
    package var connectedAt: Timestamp?
    /// When it was heard last.
    package var lastSeen: Timestamp?
    /// The name of its connection, where it has one.
    package var connectionID: String?

    /// Describes a device.
    package init(
        id: String, type: SyncDeviceType = .other, name: String? = nil, osVersion: String? = nil,
        appVersion: String? = nil, isOnline: Bool, connectedAt: Timestamp? = nil, lastSeen: Timestamp? = nil,
        connectionID: String? = nil
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.osVersion = osVersion
        self.appVersion = appVersion
        self.isOnline = isOnline
        self.connectedAt = connectedAt
        self.lastSeen = lastSeen
        self.connectionID = connectionID
    }
}

extension SyncDevice {
    /// Writes the record of a list; what is not known is `null`.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            writeStart(to: &json)
            json.field("app_version", appVersion)
            json.field("status", isOnline ? "online" : "offline")
            json.optional("connected_at", connectedAt)
            json.optional("last_seen", lastSeen)
            json.field("connection_id", connectionID)
        }
    }

    /// Writes the record of a DEVICE_JOINED, which has no more than the six fields of PROTOCOLS §3.4.
    func writeJoined(to json: inout JSONWriter) {
        json.object { json in
            writeStart(to: &json)
            json.field("status", isOnline ? "online" : "offline")
            json.optional("connected_at", connectedAt)
        }
    }

    private func writeStart(to json: inout JSONWriter) {
        json.field("device_id", id)
        json.field("device_type", type.rawValue)
        json.field("device_name", name)
        json.field("os_version", osVersion)
    }

    /// Reads a record of a list or of a DEVICE_JOINED.
    package init(_ value: JSONValue) throws(WireError) { try self.init(MessageFields(value)) }

    init(_ fields: MessageFields) throws(WireError) {
        let type = try fields.text("device_type")
        guard let type = SyncDeviceType(rawValue: type) else { throw .invalidField("device_type") }
        let status = try fields.text("status")
        guard status == "online" || status == "offline" else { throw .invalidField("status") }
        self.init(
            id: try fields.identifier("device_id"), type: type, name: try fields.optionalText("device_name"),
            osVersion: try fields.optionalText("os_version"), appVersion: try fields.optionalText("app_version"),
            isOnline: status == "online", connectedAt: try fields.optionalTimestamp("connected_at"),
            lastSeen: try fields.optionalTimestamp("last_seen"),
            connectionID: try fields.optionalText("connection_id"))
    }
}

extension JSONWriter {
    /// Writes a key and a time, or `null`.
    mutating func optional(_ key: String, _ time: Timestamp?) {
        self.key(key)
        if let time { value(time) } else { null() }
    }
}

extension MessageFields {
    /// A string; `nil` where there is none, or `null`.
    func optionalText(_ name: String) throws(WireError) -> String? { isAbsent(name) ? nil : try text(name) }

    /// A time in RFC 3339; `nil` where there is none, or `null`.
    func optionalTimestamp(_ name: String) throws(WireError) -> Timestamp? {
        isAbsent(name) ? nil : try timestamp(name)
    }

    /// A whole number; `nil` where there is none, or `null`.
    func optionalInteger(_ name: String) throws(WireError) -> Int64? { isAbsent(name) ? nil : try integer(name) }

    /// A whole number from 0 to 2^63 - 1.
    func version(_ name: String) throws(WireError) -> UInt64 {
        guard let version = UInt64(exactly: try integer(name)) else { throw .invalidField(name) }
        return version
    }

    /// A value of any kind.
    func fragment(_ name: String) throws(WireError) -> JSONFragment {
        guard let value = value[name] else { throw .invalidField(name) }
        return JSONFragment(value)
    }

    private func isAbsent(_ name: String) -> Bool { value[name] == nil || value[name] == .null }
}
