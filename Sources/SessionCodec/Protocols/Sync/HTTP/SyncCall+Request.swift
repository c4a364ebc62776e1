/// A request as a client sends it; where to and with which credential is the client's business.
package struct SyncHTTPRequest: Equatable, Sendable {
    /// Such as `POST`.
    package var method: String
    /// Such as `/session/snapshot`.
    package var target: String
    /// Such as `If-Match`.
    package var fields: HTTPFields
    /// A JSON object; empty where the method takes none.
    package var body: [UInt8]
}

extension SyncCall {
    /// The request that ``parse(method:path:query:fields:body:)`` reads as this call.
    package var request: SyncHTTPRequest {
        switch self {
        case .putSnapshot(let write):
            var request = Self.post("/session/snapshot", body: write.body)
            if let condition = write.condition { request.fields.append("If-Match", condition.text) }
            return request
        case .getSnapshot(let session, let condition):
            var request = SyncHTTPRequest(method: "GET", target: "/session/\(session)", fields: [:], body: [])
            if let condition { request.fields.append("If-None-Match", condition.text) }
            return request
        case .deleteSession(let session):
            return SyncHTTPRequest(method: "DELETE", target: "/session/\(session)", fields: [:], body: [])
        case .patch(let patch): return Self.post("/session/incremental", body: patch.body)
        case .resolve(let resolution): return Self.post("/session/conflict/resolve", body: resolution.body)
        case .listDevices(let session):
            return SyncHTTPRequest(method: "GET", target: "/session/\(session)/devices", fields: [:], body: [])
        case .disconnectDevice(let disconnection):
            let device = PercentEncoding.encodeComponent(disconnection.device)
            let query = disconnection.revokesTokens ? "?revoke=1" : ""
            let target = "/session/\(disconnection.session)/device/\(device)\(query)"
            return SyncHTTPRequest(method: "DELETE", target: target, fields: [:], body: [])
        case .offerHandoff(let offer):
            var request = Self.post("/session/\(offer.session)/handoff", body: offer.body)
            request.fields = Self.fields(caller: offer.caller)
            return request
        case .redeemHandoff(let redemption): return redemption.request
        }
    }

    private static func post(_ target: String, body: [UInt8]) -> SyncHTTPRequest {
        SyncHTTPRequest(method: "POST", target: target, fields: [:], body: body)
    }

    fileprivate static func fields(caller: String?) -> HTTPFields {
        var fields = HTTPFields()
        if let caller { fields.append("X-Device-ID", caller) }
        return fields
    }
}

extension SyncHandoffRedemption {
    /// `GET` where it is only looked at, `POST …/accept` otherwise, which is the form without surprises (1-18).
    fileprivate var request: SyncHTTPRequest {
        let path = "/session/\(session)/handoff/\(PercentEncoding.encodeComponent(token))"
        return SyncHTTPRequest(
            method: isPeek ? "GET" : "POST", target: isPeek ? path + "?peek=1" : path + "/accept",
            fields: SyncCall.fields(caller: caller), body: [])
    }
}

// MARK: Bodies

extension SyncSnapshotWrite {
    fileprivate var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("session_id", session)
            json.field("user_id", user)
            json.field("state_data", state)
            if let device { json.field("device_id", device) }
            if let appVersion { json.field("app_version", appVersion) }
            if let version { json.field("version", version) }
        }
        return json.takeBytes()
    }
}

extension SyncPatch {
    fileprivate var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("session_id", session)
            json.field("user_id", user)
            if let device { json.field("device_id", device) }
            json.field("base_version", baseVersion)
            json.field("changes", changes)
            json.field("deleted_keys", deletedKeys)
            if mergesAutomatically { json.field("on_conflict", "auto_merge") }
        }
        return json.takeBytes()
    }
}

extension SyncResolution {
    fileprivate var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("session_id", session)
            if let user { json.field("user_id", user) }
            if let device { json.field("device_id", device) }
            json.field("client_version", clientVersion)
            json.field("client_state", clientState)
            json.field("resolution_strategy", strategy.rawValue)
            if isDeep { json.field("merge_depth", "deep") }
        }
        return json.takeBytes()
    }
}

extension SyncHandoffOffer {
    fileprivate var body: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("source_device", source)
            json.field("target_device", target)
            if replaces { json.field("replace", true) }
            if disconnectsSource { json.field("disconnect_source", true) }
        }
        return json.takeBytes()
    }
}
