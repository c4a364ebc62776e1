import SessionBase

/// What a client of sync says (PROTOCOLS §3.4).
package enum SyncClientMessage: Equatable, Sendable {
    /// Shows that the device is there; `clientTime` in milliseconds comes back.
    case heartbeat(clientTime: Int64?)
    /// Asks for the state, of another session of the user where one is named.
    case snapshotRequest(session: String?, knownVersion: UInt64?)
    /// Changes one key.
    case stateUpdate(SyncStateUpdate)
    /// Says who it is.
    case auth(SyncAuthentication)
    /// Asks for the session's devices.
    case deviceList
    /// Tells the other devices of the session something.
    case broadcast(event: String, data: JSONFragment)

    /// The type on the wire.
    package var kind: SyncKind {
        switch self {
        case .heartbeat: .heartbeat
        case .snapshotRequest: .snapshotRequest
        case .stateUpdate: .stateUpdate
        case .auth: .auth
        case .deviceList: .deviceList
        case .broadcast: .broadcast
        }
    }
}

/// A change of one key of a session's state.
package struct SyncStateUpdate: Equatable, Sendable {
    /// Which key.
    package var key: String
    /// What is done with it.
    package var operation: StateOperation
    /// What with; `nil` exactly for ``StateOperation/delete``.
    package var value: JSONFragment?
    /// The version that the client changed; the change fails where the key is newer.
    package var baseVersion: UInt64?

    /// Describes a change.
    package init(key: String, operation: StateOperation, value: JSONFragment? = nil, baseVersion: UInt64? = nil) {
        self.key = key
        self.operation = operation
        self.value = value
        self.baseVersion = baseVersion
    }
}

/// What an AUTH says. What must be there depends on the mode and on the token, so that the machine judges it.
package struct SyncAuthentication: Equatable, Sendable {
    /// Where a connection that broke wants to go on (EXT).
    package struct Resume: Equatable, Sendable {
        /// The `epoch` of the AUTH_SUCCESS.
        package var epoch: String
        /// The `seq` of the last push that was received.
        package var sequence: UInt64

        /// Names a place.
        package init(epoch: String, sequence: UInt64) {
            self.epoch = epoch
            self.sequence = sequence
        }
    }

    /// The credential; never to be shown or logged.
    package var token: String?
    /// Which device this is.
    package var deviceID: String?
    /// What kind of machine it is.
    package var deviceType: SyncDeviceType?
    /// The name that its user gave it.
    package var deviceName: String?
    /// The version of its system.
    package var osVersion: String?
    /// The version of the application.
    package var appVersion: String?
    /// Where to go on.
    package var resume: Resume?

    /// Describes an AUTH.
    package init(
        token: String?, deviceID: String?, deviceType: SyncDeviceType? = nil, deviceName: String? = nil,
        osVersion: String? = nil, appVersion: String? = nil, resume: Resume? = nil
    ) {
        self.token = token
        self.deviceID = deviceID
        self.deviceType = deviceType
        self.deviceName = deviceName
        self.osVersion = osVersion
        self.appVersion = appVersion
        self.resume = resume
    }
}

/// A client's message in its envelope.
package struct SyncClientFrame: WireMessage {
    /// What stands around it.
    package var envelope: SyncEnvelope
    /// What is said.
    package var message: SyncClientMessage

    /// Puts a message in an envelope.
    package init(_ message: SyncClientMessage, envelope: SyncEnvelope = SyncEnvelope()) {
        self.message = message
        self.envelope = envelope
    }

    package var kind: SyncKind { message.kind }

    /// Reads one message as the server does.
    ///
    /// - Parameter text: A whole JSON text; need not be valid UTF-8 yet.
    /// - Throws: ``SyncRefusal``, with the correlation id where it could be read.
    /// - Complexity: O(n), one pass; allocates for the strings and values that the message has.
    package static func read(_ text: Span<UInt8>) throws(SyncRefusal) -> SyncClientFrame {
        let request = try SyncRequest.decode(text)
        return SyncClientFrame(try request.message(in: text), envelope: request.envelope(in: text))
    }

    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<SyncClientFrame> {
        do {
            let frame = try read(text)
            return Tagged(frame, tag: frame.envelope.correlationID.map(MessageTag.text))
        } catch {
            throw WireError(error, in: text)
        }
    }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        var envelope = envelope
        if let tag { envelope.correlationID = tag.characters }
        envelope.append(kind, to: &output) { message.appendPayload(to: &$0) }
    }
}

extension MessageTag {
    /// The id as the characters of a `correlation_id`.
    var characters: String {
        switch self {
        case .text(let text), .number(let text): text
        }
    }
}

extension WireError {
    /// The same refusal in the words of tools.
    fileprivate init(_ refusal: SyncRefusal, in text: Span<UInt8>) {
        switch (refusal.code, refusal.field) {
        case (.invalidJSON, _): self = .notJSON(refusal.problem ?? JSONError(offset: 0, expected: .value))
        case (.unknownType, _): self = .unknownType(refusal.type ?? "")
        case (_, let field?): self = .invalidField(field)
        default: self = .notAMessage
        }
    }
}

// MARK: Encoding

extension SyncClientMessage {
    /// Appends the payload's object.
    fileprivate func appendPayload(to output: inout [UInt8]) {
        output.appendJSONObject { json in
            switch self {
            case .heartbeat(let time): if let time { json.field("client_time", time) }
            case .snapshotRequest(let session, let version):
                if let session { json.field("session_id", session) }
                if let version { json.field("known_version", version) }
            case .stateUpdate(let update): update.write(to: &json)
            case .auth(let authentication): authentication.write(to: &json)
            case .deviceList: break
            case .broadcast(let event, let data):
                json.field("event", event)
                json.field("data", data)
            }
        }
    }
}

extension SyncStateUpdate {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("key", key)
        if let value { json.field("value", value) }
        json.field("operation", operation.name)
        if let baseVersion { json.field("base_version", baseVersion) }
    }
}

extension SyncAuthentication {
    fileprivate func write(to json: inout JSONWriter) {
        if let token { json.field("token", token) }
        if let deviceID { json.field("device_id", deviceID) }
        if let deviceType { json.field("device_type", deviceType.rawValue) }
        if let deviceName { json.field("device_name", deviceName) }
        if let osVersion { json.field("os_version", osVersion) }
        if let appVersion { json.field("app_version", appVersion) }
        guard let resume else { return }
        json.field("resume") { json in
            json.object { json in
                json.field("epoch", resume.epoch)
                json.field("seq", resume.sequence)
            }
        }
    }
}

extension [UInt8] {
    /// Appends an object whose fields `body` writes.
    mutating func appendJSONObject(_ body: (inout JSONWriter) -> Void) {
        // Moved out and in again, so that the buffer has one owner and is not copied.
        let bytes = self
        self = []
        var json = JSONWriter(appendingTo: bytes)
        json.object(body)
        self = json.takeBytes()
    }
}

extension JSONWriter {
    /// Writes a fragment.
    package mutating func value(_ fragment: JSONFragment) { raw(fragment.bytes.span) }

    /// Writes a key and a fragment.
    package mutating func field(_ key: String, _ fragment: JSONFragment) {
        self.key(key)
        value(fragment)
    }
}
