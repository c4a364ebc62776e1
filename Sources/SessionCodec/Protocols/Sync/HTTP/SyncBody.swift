import SessionBase

/// The body of a request: one JSON object, of which only the top level is taken apart.
struct SyncBody {
    /// A value that is an object, and its keys.
    struct Object {
        let fragment: JSONFragment
        let keys: [String]
    }

    private let bytes: [UInt8]
    /// Where each field's value stands; the last of a repeated key counts.
    private var places: [String: (kind: JSONKind, range: Range<Int>)] = [:]

    /// Reads a body.
    ///
    /// - Throws: 413 where it is longer than any valid one, 400 `INVALID_JSON` where it is no object.
    init(_ bytes: [UInt8]) throws(SyncFailure) {
        guard bytes.count <= SyncLimits.bodyBytesMax else { throw SyncFailure(.snapshotTooLarge) }
        self.bytes = bytes
        do {
            var reader = JSONReader()
            try reader.beginObject(in: bytes.span)
            while let key = try reader.nextKey(in: bytes.span) {
                let kind = try reader.kind(in: bytes.span)
                places[key.string(in: bytes.span)] = (kind, try reader.skipValue(in: bytes.span))
            }
            try reader.end(in: bytes.span)
        } catch {
            throw SyncFailure(.invalidJSON, message: "the body is no JSON object: \(error)")
        }
    }

    /// The value of a field that is neither missing nor `null`.
    private func place(_ name: String) -> (kind: JSONKind, range: Range<Int>)? {
        guard let place = places[name], place.kind != .null else { return nil }
        return place
    }

    // MARK: Scalars

    /// A string; `nil` for anything else.
    func text(_ name: String) -> String? {
        guard let place = place(name), place.kind == .string else { return nil }
        var reader = JSONReader()
        reader.offset = place.range.lowerBound
        do { return try reader.string(in: bytes.span).string(in: bytes.span) } catch {
            preconditionFailure("a field that was read is broken: \(error)")
        }
    }

    /// `session_id`, in lower case.
    func session() throws(SyncFailure) -> String {
        guard let session = text("session_id").flatMap(UUIDText.normalized) else {
            throw .field("session_id", .invalidSessionID)
        }
        return session
    }

    /// `user_id`
    func user() throws(SyncFailure) -> String {
        guard let user = try optionalUser() else { throw .field("user_id", .invalidUserID) }
        return user
    }

    /// `user_id`, where there is one.
    func optionalUser() throws(SyncFailure) -> String? {
        guard place("user_id") != nil else { return nil }
        guard let user = text("user_id"), IdentifierRule.allows(user) else { throw .field("user_id", .invalidUserID) }
        return user
    }

    /// A device's id, where there is one.
    func device(_ name: String) throws(SyncFailure) -> String? {
        guard place(name) != nil else { return nil }
        guard let device = text(name), IdentifierRule.allows(device) else { throw .field(name, .invalidDeviceID) }
        return device
    }

    /// `app_version`, where there is one.
    func appVersion() throws(SyncFailure) -> String? {
        guard place("app_version") != nil else { return nil }
        guard let text = text("app_version"),
            SyncLimits.allowsText(text, scalarsMax: SyncLimits.versionScalarsMax)
        else { throw .field("app_version", .invalidAppVersion) }
        return text
    }

    /// A whole number from 0 to 2^63 - 1.
    func version(_ name: String) throws(SyncFailure) -> UInt64 {
        guard let version = try optionalVersion(name) else { throw .field(name, .invalidVersion) }
        return version
    }

    /// A whole number from 0 to 2^63 - 1, where there is one.
    func optionalVersion(_ name: String) throws(SyncFailure) -> UInt64? {
        guard let place = place(name) else { return nil }
        let found = FoundValue(.number, start: place.range.lowerBound, count: place.range.count)
        guard place.kind == .number, let version = found.version(in: bytes.span) else {
            throw .field(name, .invalidVersion)
        }
        return version
    }

    /// `true` or `false`; `false` where it is missing.
    func flag(_ name: String) throws(SyncFailure) -> Bool {
        guard let place = place(name) else { return false }
        guard place.kind == .boolean else { throw .field(name, .invalidOption, "\(name) is true or false") }
        return bytes[place.range.lowerBound] == UInt8(ascii: "t")
    }

    /// One of several words, where there is one.
    func choice(_ name: String, _ words: [String: Bool], _ code: SyncFailureCode) throws(SyncFailure) -> Bool? {
        guard place(name) != nil else { return nil }
        guard let choice = text(name).flatMap({ words[$0] }) else {
            throw .field(name, code, "\(name) is \(words.keys.sorted().joined(separator: " or "))")
        }
        return choice
    }

    // MARK: States

    /// A whole state within its limits (PROTOCOLS 1-29).
    func state(_ name: String) throws(SyncFailure) -> JSONFragment {
        let object = try object(name, .invalidState)
        try Self.checkKeys(object.keys, name)
        return object.fragment
    }

    /// An object of at most 1 MiB.
    func object(_ name: String, _ code: SyncFailureCode) throws(SyncFailure) -> Object {
        guard let place = place(name), place.kind == .object else { throw .field(name, code) }
        guard let fragment = JSONFragment(place.range, in: bytes.span, depthMax: SyncLimits.stateDepthMax) else {
            throw .field(
                name, code,
                "\(name) is nested deeper than \(SyncLimits.stateDepthMax), or has a number that is too large")
        }
        guard fragment.bytes.count <= SyncLimits.stateBytesMax else { throw SyncFailure(.snapshotTooLarge) }
        return Object(fragment: fragment, keys: Self.keys(of: fragment))
    }

    /// A list of keys, each once; empty where it is missing.
    func keys(_ name: String) throws(SyncFailure) -> [String] {
        guard let place = place(name) else { return [] }
        guard place.kind == .array,
            let list = JSONFragment(place.range, in: bytes.span, depthMax: 1)?.value.elements
        else { throw .field(name, .invalidChanges) }
        var keys: [String] = []
        // By their bytes: `String` takes composed and decomposed characters for equal.
        var seen: Set<[UInt8]> = []
        for element in list {
            guard let key = element.string else { throw .field(name, .invalidChanges) }
            if seen.insert(Array(key.utf8)).inserted { keys.append(key) }
        }
        try Self.checkKeys(keys, name)
        return keys
    }

    /// The keys of an object as they come, the repeated ones too.
    private static func keys(of fragment: JSONFragment) -> [String] {
        var keys: [String] = []
        var reader = JSONReader(maxDepth: 64)
        do {
            try reader.beginObject(in: fragment.bytes.span)
            while let key = try reader.nextKey(in: fragment.bytes.span) {
                keys.append(key.string(in: fragment.bytes.span))
                try reader.skipValue(in: fragment.bytes.span)
            }
        } catch {
            preconditionFailure("a fragment holds no JSON: \(error)")
        }
        return keys
    }

    /// Checks how many keys there are and how long.
    static func checkKeys(_ keys: [String], _ name: String) throws(SyncFailure) {
        guard keys.count <= SyncLimits.stateKeysMax else {
            throw .field(name, .invalidState, "\(name) has more than \(SyncLimits.stateKeysMax) keys")
        }
        guard keys.allSatisfy(SyncLimits.allowsKey) else {
            throw .field(name, .invalidState, "a key has 1 to \(SyncLimits.keyScalarsMax) characters")
        }
    }
}
