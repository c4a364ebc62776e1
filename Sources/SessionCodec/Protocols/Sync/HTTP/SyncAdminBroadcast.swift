/// The body of `POST /admin/broadcast` (PROTOCOLS §3.3, 1-31).
package struct SyncAdminBroadcast: Equatable, Sendable {
    /// Who hears it.
    package enum Target: Equatable, Sendable {
        /// Every socket with role admin, as ADMIN_UPDATE.
        case admins
        /// Every socket, as BROADCAST (EXT).
        case all
        /// The sockets of a session, as BROADCAST (EXT).
        case session(String)
        /// The sockets of a user, as BROADCAST (EXT).
        case user(String)
    }

    /// The sentence, of 1 to 4096 bytes.
    package var message: String
    /// What kind of news it is.
    package var type: String
    /// Who hears it.
    package var target: Target
    /// The particulars; `nil` where there are none.
    package var data: JSONFragment?

    /// Describes a broadcast.
    package init(
        message: String, type: String = "notification", target: Target = .admins, data: JSONFragment? = nil
    ) {
        self.message = message
        self.type = type
        self.target = target
        self.data = data
    }

    /// Reads a body.
    ///
    /// - Throws: ``SyncFailure`` with status 400.
    package static func parse(_ body: [UInt8]) throws(SyncFailure) -> SyncAdminBroadcast {
        let value: JSONValue
        do { value = try JSONValue.parse(body.span) } catch {
            throw SyncFailure(.invalidJSON, message: "the body is no JSON object: \(error)")
        }
        guard case .object = value else { throw SyncFailure(.invalidJSON) }
        guard let message = value["message"]?.string, 1...SyncLimits.adminMessageBytesMax ~= message.utf8.count else {
            throw .field("message", .invalidMessage)
        }
        var broadcast = SyncAdminBroadcast(message: message)
        if let type = value["type"], type != .null {
            guard let type = type.string, IdentifierRule.allows(type) else {
                throw .field("type", .invalidOption, "type is a text of 1 to 128 characters without spaces")
            }
            broadcast.type = type
        }
        if let target = value["target"], target != .null { broadcast.target = try Self.target(target) }
        if let data = value["data"], data != .null {
            let bytes = JSONFragment(data).bytes
            guard let checked = JSONFragment(0..<bytes.count, in: bytes.span, depthMax: SyncLimits.valueDepthMax) else {
                throw .field("data", .invalidOption, "data is nested too deep, or has a number that is too large")
            }
            broadcast.data = checked
        }
        return broadcast
    }

    private static func target(_ value: JSONValue) throws(SyncFailure) -> Target {
        let parts = (value.string ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("admins", nil): return .admins
        case ("all", nil): return .all
        case ("session", let session?):
            guard let session = UUIDText.normalized(session) else { break }
            return .session(session)
        case ("user", let user?) where IdentifierRule.allows(user): return .user(user)
        default: break
        }
        throw .field("target", .invalidOption, "target is all, session:ID or user:ID")
    }

    /// The body that reads back as this.
    package var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("message", message)
            json.field("type", type)
            switch target {
            case .admins: break
            case .all: json.field("target", "all")
            case .session(let session): json.field("target", "session:" + session)
            case .user(let user): json.field("target", "user:" + user)
            }
            if let data { json.field("data", data) }
        }
        return json.takeBytes()
    }
}
