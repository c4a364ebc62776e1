import SessionBase

/// What was found in the payload of a client's message: one place for each field of any type.
struct SyncRequestFields: Sendable {
    private var clientTime = FoundValue.absent
    private var session = FoundValue.absent
    private var knownVersion = FoundValue.absent
    private var key = FoundValue.absent
    private var value = FoundValue.absent
    private var operation = FoundValue.absent
    private var baseVersion = FoundValue.absent
    private var event = FoundValue.absent
    private var data = FoundValue.absent
    private var token = FoundValue.absent
    private var device = FoundValue.absent
    private var deviceType = FoundValue.absent
    private var deviceName = FoundValue.absent
    private var osVersion = FoundValue.absent
    private var appVersion = FoundValue.absent
    private var resume = FoundValue.absent

    /// Whether messages of a kind say nothing without a payload.
    static func needsPayload(_ kind: SyncKind) -> Bool { kind == .stateUpdate || kind == .auth || kind == .broadcast }

    /// Notes a field.
    mutating func keep(_ found: FoundValue, as name: ShortText) {
        if name == ShortText("client_time") {
            clientTime = found
        } else if name == ShortText("key") {
            key = found
        } else if name == ShortText("value") {
            value = found
        } else if name == ShortText("operation") {
            operation = found
        } else if name == ShortText("base_version") {
            baseVersion = found
        } else if name == ShortText("event") {
            event = found
        } else if name == ShortText("data") {
            data = found
        } else if name == ShortText("session_id") {
            session = found
        } else if name == ShortText("known_version") {
            knownVersion = found
        } else {
            keepAuthentication(found, as: name)
        }
    }

    private mutating func keepAuthentication(_ found: FoundValue, as name: ShortText) {
        if name == ShortText("token") {
            token = found
        } else if name == ShortText("device_id") {
            device = found
        } else if name == ShortText("device_type") {
            deviceType = found
        } else if name == ShortText("device_name") {
            deviceName = found
        } else if name == ShortText("os_version") {
            osVersion = found
        } else if name == ShortText("app_version") {
            appVersion = found
        } else if name == ShortText("resume") {
            resume = found
        }
    }
}

// MARK: Judging

extension SyncRequestFields {
    /// Checks the fields that messages of a kind have.
    func judge(_ kind: SyncKind, _ bytes: Span<UInt8>) throws(SyncRefusal) {
        switch kind {
        case .heartbeat: try Self.check(clientTime, "client_time") { $0.integer(in: bytes) != nil }
        case .snapshotRequest:
            try Self.check(session, "session_id") { $0.uuid(in: bytes) != nil }
            try Self.check(knownVersion, "known_version") { $0.version(in: bytes) != nil }
        case .stateUpdate: try judgeStateUpdate(bytes)
        case .auth: try judgeAuthentication(bytes)
        case .broadcast:
            guard event.isIdentifier(in: bytes), event.isText(in: bytes, scalarsMax: SyncLimits.eventScalarsMax)
            else { throw .field("event") }
        default: break
        }
    }

    /// Checks a field that may be missing or `null`.
    private static func check(
        _ found: FoundValue, _ name: String, _ isRight: (FoundValue) -> Bool
    ) throws(SyncRefusal) {
        if !found.isAbsentValue, !isRight(found) { throw .field(name) }
    }

    private func judgeStateUpdate(_ bytes: Span<UInt8>) throws(SyncRefusal) {
        guard key.isText, SyncLimits.allowsKey(key.text.string(in: bytes)) else { throw .field("key") }
        guard operation.isText else { throw .field("operation") }
        guard let operation = stateOperation(bytes) else { throw SyncRefusal(code: .invalidOperation) }
        try Self.check(baseVersion, "base_version") { $0.version(in: bytes) != nil }
        switch operation {
        case .delete: break
        case _ where !value.isPresent: throw .field("value")
        case .set: break
        case .merge: if value.kind != .object { throw SyncRefusal(code: .invalidOperation) }
        case .increment: if value.kind != .number { throw SyncRefusal(code: .invalidOperation) }
        }
    }

    private func stateOperation(_ bytes: Span<UInt8>) -> StateOperation? {
        var place = 0
        while let candidate = StateOperation(rawValue: place) {
            if operation.text.matches(candidate.spelling, in: bytes) { return candidate }
            place += 1
        }
        return nil
    }

    private func judgeAuthentication(_ bytes: Span<UInt8>) throws(SyncRefusal) {
        try Self.check(token, "token", \.isText)
        try Self.check(device, "device_id") { $0.isIdentifier(in: bytes) }
        try Self.check(deviceType, "device_type") { $0.deviceType(in: bytes) != nil }
        try Self.check(deviceName, "device_name") {
            $0.isText(in: bytes, scalarsMax: SyncLimits.deviceNameScalarsMax)
        }
        try Self.check(osVersion, "os_version") { $0.isText(in: bytes, scalarsMax: SyncLimits.versionScalarsMax) }
        try Self.check(appVersion, "app_version") { $0.isText(in: bytes, scalarsMax: SyncLimits.versionScalarsMax) }
        try Self.check(resume, "resume") { $0.resume(in: bytes) != nil }
    }
}

// MARK: Copying

extension SyncRequestFields {
    /// The message, of fields that ``judge(_:_:)`` found right.
    func message(_ kind: SyncKind, in bytes: Span<UInt8>) throws(SyncRefusal) -> SyncClientMessage {
        switch kind {
        case .heartbeat: return .heartbeat(clientTime: clientTime.integer(in: bytes))
        case .snapshotRequest:
            return .snapshotRequest(session: session.uuid(in: bytes), knownVersion: knownVersion.version(in: bytes))
        case .stateUpdate: return .stateUpdate(try stateUpdate(bytes))
        case .auth: return .auth(authentication(bytes))
        case .deviceList: return .deviceList
        case .broadcast:
            guard let data = data.fragment(in: bytes), data.bytes.count <= SyncLimits.broadcastBytesMax else {
                throw .field("data")
            }
            return .broadcast(event: event.text.string(in: bytes), data: data)
        default: preconditionFailure("a client's message of kind \(kind)")
        }
    }

    private func stateUpdate(_ bytes: Span<UInt8>) throws(SyncRefusal) -> SyncStateUpdate {
        guard let operation = stateOperation(bytes) else { throw SyncRefusal(code: .invalidOperation) }
        var update = SyncStateUpdate(key: key.text.string(in: bytes), operation: operation)
        update.baseVersion = baseVersion.version(in: bytes)
        if operation != .delete {
            guard let value = value.fragment(in: bytes) else { throw .field("value") }
            update.value = value
        }
        return update
    }

    private func authentication(_ bytes: Span<UInt8>) -> SyncAuthentication {
        SyncAuthentication(
            token: token.string(in: bytes), deviceID: device.string(in: bytes),
            deviceType: deviceType.deviceType(in: bytes), deviceName: deviceName.string(in: bytes),
            osVersion: osVersion.string(in: bytes), appVersion: appVersion.string(in: bytes),
            resume: resume.resume(in: bytes))
    }
}

// MARK: Values

extension FoundValue {
    /// Whether there is no value, or `null`.
    var isAbsentValue: Bool { kind == .absent || kind == .null }

    /// Whether there is no value, `null`, or a string without characters.
    var isAbsentText: Bool { isAbsentValue || (isText && range.isEmpty) }

    /// The characters of a string.
    func string(in bytes: Span<UInt8>) -> String? { isText ? text.string(in: bytes) : nil }

    /// The characters of a string that has some.
    func nonEmptyString(in bytes: Span<UInt8>) -> String? { isAbsentText ? nil : string(in: bytes) }

    /// Whether this is a string of at most so many scalars.
    func isText(in bytes: Span<UInt8>, scalarsMax: Int) -> Bool {
        if kind == .plainText || kind == .graphicText { return range.count <= scalarsMax }
        return isText && text.string(in: bytes).unicodeScalars.count <= scalarsMax
    }

    /// A UUID in lower case, where this is a string that spells one.
    func uuid(in bytes: Span<UInt8>) -> String? {
        if kind == .graphicText { return UUIDText.normalized(bytes.extracting(range)) }
        return string(in: bytes).flatMap(UUIDText.normalized)
    }

    /// The value of a number without fraction and exponent that fits.
    func integer(in bytes: Span<UInt8>) -> Int64? {
        guard kind == .number else { return nil }
        let isInteger = range.allSatisfy { bytes[$0].isDigit || bytes[$0] == UInt8(ascii: "-") }
        return JSONNumber(start: range.lowerBound, count: range.count, isInteger: isInteger).integer(in: bytes)
    }

    /// The value of a whole number from 0 to 2^63 - 1.
    func version(in bytes: Span<UInt8>) -> UInt64? { integer(in: bytes).flatMap { UInt64(exactly: $0) } }

    /// A copy of a value of any kind, `null` where there is none; `nil` where it is too deep or holds a number that is
    /// not finite.
    func fragment(in bytes: Span<UInt8>) -> JSONFragment? {
        if isAbsentValue { return .null }
        return JSONFragment(isText ? quotedRange : range, in: bytes, depthMax: SyncLimits.valueDepthMax)
    }

    /// The value as it is written.
    func spelling(in bytes: Span<UInt8>) -> String { String(decoding: range.map { bytes[$0] }, as: UTF8.self) }

    /// The type of device that a string spells.
    func deviceType(in bytes: Span<UInt8>) -> SyncDeviceType? {
        string(in: bytes).flatMap(SyncDeviceType.init(rawValue:))
    }

    /// The place that an object names.
    func resume(in bytes: Span<UInt8>) -> SyncAuthentication.Resume? {
        guard kind == .object, let object = fragment(in: bytes)?.value, let epoch = object["epoch"]?.string,
            IdentifierRule.allows(epoch), let sequence = object["seq"]?.integer.flatMap({ UInt64(exactly: $0) })
        else { return nil }
        return SyncAuthentication.Resume(epoch: epoch, sequence: sequence)
    }
}
