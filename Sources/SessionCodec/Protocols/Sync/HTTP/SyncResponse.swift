package import SessionBase

/// The answers of sync's HTTP API to what succeeded (PROTOCOLS §3.3).
package enum SyncResponse {
    /// Answers `POST /session/snapshot`: 201 for a new session, 200 otherwise.
    package static func stored(
        session: String, version: UInt64, isNew: Bool, updatedAt: Timestamp, expiresAt: Timestamp, sizeBytes: Int
    ) -> HTTPResponse {
        var response = json(isNew ? .created : .ok) { json in
            json.field("session_id", session)
            json.field("version", version)
            json.field("created", isNew)
            json.field("updated_at", updatedAt)
            json.field("expires_at", expiresAt)
            json.field("size_bytes", sizeBytes)
        }
        response.fields.append("ETag", VersionCondition.entityTag(version))
        return response
    }

    /// Answers `GET /session/{uuid}`.
    package static func snapshot(_ snapshot: SyncSnapshot) -> HTTPResponse {
        var response = json(.ok) { json in
            json.field("session_id", snapshot.session)
            json.field("user_id", snapshot.user)
            json.field("state_data", snapshot.state)
            json.field("device_id", snapshot.device)
            json.field("app_version", snapshot.appVersion)
            json.field("version", snapshot.version)
            json.field("created_at", snapshot.createdAt)
            json.field("updated_at", snapshot.updatedAt)
            json.field("expires_at", snapshot.expiresAt)
        }
        response.fields.append("ETag", VersionCondition.entityTag(snapshot.version))
        return response
    }

    /// Answers `GET /session/{uuid}` of a client that has the version already.
    package static func notModified(version: UInt64) -> HTTPResponse {
        HTTPResponse(status: .notModified, fields: ["ETag": VersionCondition.entityTag(version)])
    }

    /// Answers `POST /session/incremental`.
    ///
    /// - Parameter isMerged: Whether other keys had changed since the client's version (PROTOCOLS 1-15).
    package static func patched(
        session: String, version: UInt64, appliedKeys: [String], deletedKeys: [String], isMerged: Bool
    ) -> HTTPResponse {
        var response = json(.ok) { json in
            json.field("session_id", session)
            json.field("version", version)
            json.field("applied_keys", appliedKeys)
            json.field("deleted_keys", deletedKeys)
            json.field("merged", isMerged)
        }
        response.fields.append("ETag", VersionCondition.entityTag(version))
        return response
    }

    /// Answers `POST /session/conflict/resolve`.
    package static func resolved(
        session: String, strategy: SyncStrategy, version: UInt64, state: JSONFragment, conflicts: [SyncConflict]
    ) -> HTTPResponse {
        var response = json(.ok) { json in
            json.field("session_id", session)
            json.field("resolution_strategy", strategy.rawValue)
            json.field("version", version)
            json.field("state_data", state)
            json.field("conflicts") { json in json.array { json in for one in conflicts { one.write(to: &json) } } }
        }
        response.fields.append("ETag", VersionCondition.entityTag(version))
        return response
    }

    /// Answers `DELETE /session/{uuid}` (EXT).
    package static var deleted: HTTPResponse { HTTPResponse(status: .noContent) }

    /// Answers `GET /session/{uuid}/devices`.
    package static func devices(session: String, _ devices: [SyncDevice]) -> HTTPResponse {
        json(.ok) { json in
            json.field("session_id", session)
            devices.write(to: &json)
        }
    }

    /// Answers `DELETE /session/{uuid}/device/{id}`.
    package static func disconnected(session: String, device: String, connectionsClosed: Int) -> HTTPResponse {
        json(.ok) { json in
            json.field("session_id", session)
            json.field("device_id", device)
            json.field("status", "disconnected")
            json.field("connections_closed", connectionsClosed)
        }
    }

    /// Answers `POST /session/{uuid}/handoff`.
    package static func handoffOffered(
        token: String, session: String, source: String, target: String, expiresAt: Timestamp, expiresIn: Int64,
        stateVersion: UInt64
    ) -> HTTPResponse {
        var response = json(.created) { json in
            json.field("token", token)
            json.field("session_id", session)
            json.field("source_device", source)
            json.field("target_device", target)
            json.field("expires_at", expiresAt)
            json.field("expires_in", expiresIn)
            json.field("state_version", stateVersion)
        }
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    /// Answers `GET /session/{uuid}/handoff/{token}` and its `POST …/accept`.
    package static func handoffRedeemed(
        session: String, source: String, target: String, state: JSONFragment, version: UInt64, versionAtOffer: UInt64
    ) -> HTTPResponse {
        var response = json(.ok) { json in
            json.field("valid", true)
            json.field("session_id", session)
            json.field("source_device", source)
            json.field("target_device", target)
            json.field("state_data", state)
            json.field("version", version)
            json.field("state_version_at_offer", versionAtOffer)
        }
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    /// Answers `POST /admin/broadcast`.
    package static func broadcastSent(recipients: Int) -> HTTPResponse {
        json(.ok) { json in
            json.field("status", "sent")
            json.field("recipients", recipients)
        }
    }

    private static func json(_ status: HTTPStatus, _ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.object(body)
        return .json(status, json.takeBytes())
    }
}

/// A session as `GET /session/{uuid}` shows it.
package struct SyncSnapshot: Equatable, Sendable {
    /// Which session.
    package var session: String
    /// Whose it is.
    package var user: String
    /// The state, an object.
    package var state: JSONFragment
    /// The device that wrote last, where it said so.
    package var device: String?
    /// The version of the application that wrote last, where it said so.
    package var appVersion: String?
    /// Rises with every change.
    package var version: UInt64
    /// When it was written first.
    package var createdAt: Timestamp
    /// When it was written last.
    package var updatedAt: Timestamp
    /// When it ceases to exist unless it is used.
    package var expiresAt: Timestamp

    /// Describes a session.
    package init(
        session: String, user: String, state: JSONFragment, device: String?, appVersion: String?, version: UInt64,
        createdAt: Timestamp, updatedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.session = session
        self.user = user
        self.state = state
        self.device = device
        self.appVersion = appVersion
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.expiresAt = expiresAt
    }
}

/// A key about which client and server disagreed (PROTOCOLS §3.3).
package struct SyncConflict: Equatable, Sendable {
    /// Whose value stands now.
    package enum Winner: String, Sendable { case server, client, merged }

    /// Which key.
    package var key: String
    /// What the server had; `nil` where it had none, written as `null`.
    package var serverValue: JSONFragment?
    /// What the client had; `nil` where it had none, written as `null`.
    package var clientValue: JSONFragment?
    /// Whose value stands now.
    package var winner: Winner

    /// Describes a conflict.
    package init(key: String, serverValue: JSONFragment?, clientValue: JSONFragment?, winner: Winner) {
        self.key = key
        self.serverValue = serverValue
        self.clientValue = clientValue
        self.winner = winner
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("server_value", serverValue ?? .null)
            json.field("client_value", clientValue ?? .null)
            json.field("resolved", winner.rawValue)
        }
    }
}
