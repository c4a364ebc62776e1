extension SyncCall {
    /// Reads a request below `/session`.
    ///
    /// - Parameters:
    ///   - path: The segments behind `/session`, percent-decoded each, as ``HTTPTarget/segments(of:)`` gives them.
    ///   - query: The parameters of the target's query.
    ///   - fields: `X-Device-ID`, `If-Match` and `If-None-Match` are looked at.
    /// - Throws: ``SyncFailure`` with status 400, 404, 405 or 413.
    package static func parse(
        method: String, path: [String], query: [(name: String, value: String)], fields: HTTPFields, body: [UInt8]
    ) throws(SyncFailure) -> SyncCall {
        switch (path.count, path.first, path.dropFirst().first) {
        case (1, "snapshot", _):
            try require(method, "POST")
            return .putSnapshot(try SyncSnapshotWrite(SyncBody(body), fields))
        case (1, "incremental", _):
            try require(method, "POST")
            return .patch(try SyncPatch(SyncBody(body)))
        case (2, "conflict", "resolve"):
            try require(method, "POST")
            return .resolve(try SyncResolution(SyncBody(body)))
        case (1, let session?, _): return try parseSession(method, session, fields)
        case (2, let session?, "devices"):
            try require(method, "GET")
            return .listDevices(session: try sessionID(session))
        case (3, let session?, "device"):
            try require(method, "DELETE")
            return .disconnectDevice(
                SyncDisconnection(
                    session: try sessionID(session), device: try deviceID(path[2], in: "device"),
                    revokesTokens: try flag("revoke", query)))
        case (2, let session?, "handoff"):
            try require(method, "POST")
            let caller = try caller(query, fields)
            return .offerHandoff(
                try SyncHandoffOffer(session: sessionID(session), caller: caller, SyncBody(body)))
        case (3, let session?, "handoff"):
            try require(method, "GET")
            return .redeemHandoff(
                SyncHandoffRedemption(
                    session: try sessionID(session), token: path[2], caller: try caller(query, fields),
                    isPeek: try flag("peek", query)))
        case (4, let session?, "handoff") where path[3] == "accept":
            try require(method, "POST")
            return .redeemHandoff(
                SyncHandoffRedemption(
                    session: try sessionID(session), token: path[2], caller: try caller(query, fields)))
        default: throw SyncFailure(.notFound)
        }
    }

    private static func parseSession(
        _ method: String, _ session: String, _ fields: HTTPFields
    ) throws(SyncFailure) -> SyncCall {
        try require(method, "GET", "DELETE")
        let session = try sessionID(session)
        if method == "DELETE" { return .deleteSession(session: session) }
        return .getSnapshot(session: session, unless: try condition("If-None-Match", fields, isStrong: false))
    }

    private static func require(_ method: String, _ allowed: String...) throws(SyncFailure) {
        if !allowed.contains(method) { throw .methodNotAllowed(allowed.joined(separator: ", ")) }
    }

    /// A session id in lower case.
    fileprivate static func sessionID(_ text: String) throws(SyncFailure) -> String {
        guard let session = UUIDText.normalized(text) else { throw .field("session_id", .invalidSessionID) }
        return session
    }

    fileprivate static func deviceID(_ text: String, in field: String) throws(SyncFailure) -> String {
        guard IdentifierRule.allows(text) else { throw .field(field, .invalidDeviceID) }
        return text
    }

    /// The device that asks: `X-Device-ID`, or else `?device_id=` (PROTOCOLS 1-19).
    private static func caller(
        _ query: [(name: String, value: String)], _ fields: HTTPFields
    ) throws(SyncFailure) -> String? {
        if let device = fields["X-Device-ID"] { return try deviceID(device, in: "X-Device-ID") }
        guard let device = query.first(where: { $0.name == "device_id" }) else { return nil }
        return try deviceID(device.value, in: "device_id")
    }

    /// A parameter such as `?peek=1`.
    private static func flag(_ name: String, _ query: [(name: String, value: String)]) throws(SyncFailure) -> Bool {
        switch query.first(where: { $0.name == name })?.value {
        case nil, "0", "false": return false
        case "1", "true", "": return true
        default: throw .field(name, .invalidOption, "\(name) is 1 or 0")
        }
    }

    /// `If-Match` or `If-None-Match`; several fields of the name are one list.
    fileprivate static func condition(
        _ name: String, _ fields: HTTPFields, isStrong: Bool
    ) throws(SyncFailure) -> VersionCondition? {
        let values = fields.values(of: name)
        guard !values.isEmpty else { return nil }
        guard let condition = VersionCondition(values.joined(separator: ","), isStrong: isStrong) else {
            throw .field(name, .invalidVersion, "\(name) is a list of entity tags such as \"3\", or *")
        }
        return condition
    }
}

// MARK: Bodies

extension SyncSnapshotWrite {
    fileprivate init(_ body: SyncBody, _ fields: HTTPFields) throws(SyncFailure) {
        self.init(
            session: try body.session(), user: try body.user(), state: try body.state("state_data"),
            device: try body.device("device_id"), appVersion: try body.appVersion(),
            version: try body.optionalVersion("version"),
            condition: try SyncCall.condition("If-Match", fields, isStrong: true))
    }
}

extension SyncPatch {
    fileprivate init(_ body: SyncBody) throws(SyncFailure) {
        let changes = try body.object("changes", .invalidChanges)
        try SyncBody.checkKeys(changes.keys, "changes")
        let deleted = try body.keys("deleted_keys")
        let gone = Set(deleted.map { Array($0.utf8) })
        if let key = changes.keys.first(where: { gone.contains(Array($0.utf8)) }) {
            throw .field("deleted_keys", .invalidChanges, "\"\(key)\" is in both changes and deleted_keys")
        }
        self.init(
            session: try body.session(), user: try body.user(), baseVersion: try body.version("base_version"),
            changes: changes.fragment, deletedKeys: deleted, device: try body.device("device_id"),
            mergesAutomatically: try body.choice(
                "on_conflict", ["auto_merge": true, "reject": false], .invalidOption) ?? false)
    }
}

extension SyncResolution {
    fileprivate init(_ body: SyncBody) throws(SyncFailure) {
        guard let strategy = body.text("resolution_strategy").flatMap(SyncStrategy.init(rawValue:)) else {
            throw .field("resolution_strategy", .invalidStrategy)
        }
        self.init(
            session: try body.session(), clientVersion: try body.version("client_version"),
            clientState: try body.state("client_state"), strategy: strategy,
            isDeep: try body.choice("merge_depth", ["deep": true, "shallow": false], .invalidOption) ?? false,
            user: try body.optionalUser(), device: try body.device("device_id"))
    }
}

extension SyncHandoffOffer {
    fileprivate init(session: String, caller: String?, _ body: SyncBody) throws(SyncFailure) {
        guard let source = try body.device("source_device") else { throw .field("source_device", .invalidDeviceID) }
        guard let target = try body.device("target_device") else { throw .field("target_device", .invalidDeviceID) }
        guard source != target else { throw SyncFailure(.sameDevice) }
        self.init(
            session: session, source: source, target: target, replaces: try body.flag("replace"),
            disconnectsSource: try body.flag("disconnect_source"), caller: caller)
    }
}
