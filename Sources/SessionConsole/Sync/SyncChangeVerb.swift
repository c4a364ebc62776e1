package import CommandKit
package import SessionCodec

/// What `state set|delete|merge|increment` make of their command lines.
package enum SyncChangeVerb: String, CaseIterable, Sendable {
    case set, delete, merge, increment

    /// The operation on the wire.
    package var operation: StateOperation {
        switch self {
        case .set: .set
        case .delete: .delete
        case .merge: .merge
        case .increment: .increment
        }
    }

    /// Makes the change.
    ///
    /// - Parameters:
    ///   - text: The value as it was given; `nil` where there is none.
    ///   - isText: Whether it is a string as it stands.
    ///   - baseVersion: The version that is changed, where one was named.
    /// - Throws: ``CommandError`` for a value that does not fit the operation.
    package func update(
        _ key: String, _ text: String?, isText: Bool, baseVersion: Int?
    ) throws(CommandError) -> SyncStateUpdate {
        guard SyncLimits.allowsKey(key) else {
            throw .usage("a key has 1 to \(SyncLimits.keyScalarsMax) characters")
        }
        var update = SyncStateUpdate(key: key, operation: operation, baseVersion: baseVersion.map { UInt64($0) })
        switch (self, text) {
        case (.delete, _): break
        case (.increment, let text): update.value = JSONFragment(try Self.number(text ?? "1"))
        case (.merge, let text): update.value = JSONFragment(try Self.object(text ?? ""))
        case (.set, let text): update.value = JSONFragment(try SyncValue.parse(text ?? "", isText: isText))
        }
        return update
    }

    private static func number(_ text: String) throws(CommandError) -> JSONValue {
        // What is no JSON is no number either; the sentence below says what is.
        let value = try? JSONValue.parse(text)
        guard let value, value.double != nil else {
            throw .usage("--by \(Origin.printable(text)): write a number, such as 5 or -0.5")
        }
        return value
    }

    private static func object(_ text: String) throws(CommandError) -> JSONValue {
        let value = try SyncValue.parse(text, isText: false)
        guard case .object = value else {
            throw .usage("\(Origin.printable(text)) is no JSON object; merge takes one, such as '{\"a\":1}'")
        }
        return value
    }
}

extension SyncStateChange {
    /// What an acknowledged change is to programs.
    package func value(session: String) -> JSONValue {
        var object = JSONObject()
        object["session_id"] = .string(session)
        object["key"] = .string(key)
        object["operation"] = .string(operation.name)
        object["value"] = value?.value
        object["version"] = .number(String(version))
        object["device_id"] = deviceID.map { .string($0) } ?? .null
        return .object(object)
    }

    /// The same for people.
    package func blocks(session: String) -> [ResultBlock] {
        [.record(value(session: session).fields(["session_id", "key", "operation", "version"]))]
    }
}
