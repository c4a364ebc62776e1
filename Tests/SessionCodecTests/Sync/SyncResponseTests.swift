import SessionBase
import SessionCodec
import Testing

/// The bodies and fields of every answer of sync's HTTP API (PROTOCOLS §3.3, §3.5).
@Suite struct SyncResponseTests {
    private static let session = "550e8400-e29b-41d4-a716-446655440000"
    private static let time = Timestamp(milliseconds: 1_705_314_600_000)
    private static let state = JSONFragment(["meditation_progress": 75])

    private func expect(
        _ response: HTTPResponse, _ status: HTTPStatus, _ body: String, _ fields: [(String, String)] = [],
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == status, sourceLocation: location)
        #expect(String(decoding: response.body, as: UTF8.self) == body, sourceLocation: location)
        for (name, value) in fields { #expect(response.fields[name] == value, sourceLocation: location) }
    }

    @Test func `a stored snapshot tells its version, and 201 where it is new`() {
        func stored(isNew: Bool) -> HTTPResponse {
            SyncResponse.stored(
                session: Self.session, version: 1, isNew: isNew, updatedAt: Self.time, expiresAt: Self.time,
                sizeBytes: 93)
        }
        let body = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","version":1,"created":true,\
            "updated_at":"2024-01-15T10:30:00.000Z","expires_at":"2024-01-15T10:30:00.000Z","size_bytes":93}
            """
        expect(
            stored(isNew: true), .created, body, [("ETag", #""1""#), ("Content-Type", "application/json")])
        #expect(stored(isNew: false).status == .ok)
    }

    @Test func `a snapshot has every field, null where nothing is known`() {
        let snapshot = SyncSnapshot(
            session: Self.session, user: "user-123", state: Self.state, device: "device-456", appVersion: nil,
            version: 2, createdAt: Self.time, updatedAt: Self.time, expiresAt: Self.time)
        let body = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","user_id":"user-123",\
            "state_data":{"meditation_progress":75},"device_id":"device-456","app_version":null,"version":2,\
            "created_at":"2024-01-15T10:30:00.000Z","updated_at":"2024-01-15T10:30:00.000Z",\
            "expires_at":"2024-01-15T10:30:00.000Z"}
            """
        expect(SyncResponse.snapshot(snapshot), .ok, body, [("ETag", #""2""#)])
        expect(SyncResponse.notModified(version: 2), .notModified, "", [("ETag", #""2""#)])
        expect(SyncResponse.deleted, .noContent, "")
    }

    @Test func `a change tells the keys that it touched`() {
        let response = SyncResponse.patched(
            session: Self.session, version: 2, appliedKeys: ["meditation_progress"], deletedKeys: [], isMerged: false)
        let body = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","version":2,\
            "applied_keys":["meditation_progress"],"deleted_keys":[],"merged":false}
            """
        expect(response, .ok, body, [("ETag", #""2""#)])
    }

    @Test func `a resolution tells each conflict and who won it`() {
        let conflicts = [
            SyncConflict(key: "a", serverValue: JSONFragment(Int64(1)), clientValue: .emptyObject, winner: .client),
            SyncConflict(key: "b", serverValue: nil, clientValue: .null, winner: .merged),
        ]
        let response = SyncResponse.resolved(
            session: Self.session, strategy: .merge, version: 4, state: Self.state, conflicts: conflicts)
        let body = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","resolution_strategy":"merge","version":4,\
            "state_data":{"meditation_progress":75},"conflicts":[\
            {"key":"a","server_value":1,"client_value":{},"resolved":"client"},\
            {"key":"b","server_value":null,"client_value":null,"resolved":"merged"}]}
            """
        expect(response, .ok, body)
    }

    @Test func `devices are listed with their count, and a disconnection with its connections`() {
        let device = SyncDevice(
            id: "device-456", type: .mobile, name: "iPhone 13", isOnline: true, connectedAt: Self.time,
            lastSeen: Self.time, connectionID: "c1")
        let body = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","devices":[{"device_id":"device-456",\
            "device_type":"mobile","device_name":"iPhone 13","os_version":null,"app_version":null,"status":"online",\
            "connected_at":"2024-01-15T10:30:00.000Z","last_seen":"2024-01-15T10:30:00.000Z","connection_id":"c1"}],\
            "count":1}
            """
        expect(SyncResponse.devices(session: Self.session, [device]), .ok, body)
        let gone = """
            {"session_id":"550e8400-e29b-41d4-a716-446655440000","device_id":"d","status":"disconnected",\
            "connections_closed":1}
            """
        expect(SyncResponse.disconnected(session: Self.session, device: "d", connectionsClosed: 1), .ok, gone)
    }

    @Test func `handoffs are never kept by a cache`() {
        let offered = SyncResponse.handoffOffered(
            token: "t", session: Self.session, source: "a", target: "b", expiresAt: Self.time, expiresIn: 300,
            stateVersion: 2)
        let offer = """
            {"token":"t","session_id":"550e8400-e29b-41d4-a716-446655440000","source_device":"a","target_device":"b",\
            "expires_at":"2024-01-15T10:30:00.000Z","expires_in":300,"state_version":2}
            """
        expect(offered, .created, offer, [("Cache-Control", "no-store")])
        let redeemed = SyncResponse.handoffRedeemed(
            session: Self.session, source: "a", target: "b", state: Self.state, version: 3, versionAtOffer: 2)
        let redemption = """
            {"valid":true,"session_id":"550e8400-e29b-41d4-a716-446655440000","source_device":"a","target_device":"b",\
            "state_data":{"meditation_progress":75},"version":3,"state_version_at_offer":2}
            """
        expect(redeemed, .ok, redemption, [("Cache-Control", "no-store")])
        for code in SyncFailureCode.allCases where code.rawValue.hasPrefix("HANDOFF") {
            #expect(SyncFailure(code).response.fields["Cache-Control"] == "no-store")
        }
    }

    @Test func `a stale version is told with what stands there`() {
        let failure = SyncFailure.versionConflict(
            serverVersion: 3, baseVersion: 1, conflictingKeys: ["a"], state: Self.state)
        let body = """
            {"error":"VERSION_CONFLICT","message":"the state has changed since that version","details":\
            {"server_version":3,"base_version":1,"conflicting_keys":["a"],\
            "server_state":{"meditation_progress":75}}}
            """
        expect(failure.response, .conflict, body)
        #expect(SyncFailure.preconditionFailed(serverVersion: 3).response.status == .preconditionFailed)
        #expect(SyncFailure.versionAhead(serverVersion: 3, baseVersion: 4).status == .conflict)
        let pending = SyncFailure.handoffPending(expiresAt: Self.time, token: nil)
        #expect(pending.details == JSONFragment(["expires_at": "2024-01-15T10:30:00.000Z"]))
        #expect(SyncFailure.handoffPending(expiresAt: Self.time, token: "t").details?.value["token"] == "t")
    }

    private static let statuses: [(SyncFailureCode, Int)] = [
        (.invalidJSON, 400), (.invalidSessionID, 400), (.invalidStrategy, 400), (.sameDevice, 400),
        (.unauthorized, 401), (.forbidden, 403), (.identityMismatch, 403), (.handoffWrongDevice, 403),
        (.sessionNotFound, 404), (.deviceNotFound, 404), (.handoffNotFound, 404), (.methodNotAllowed, 405),
        (.versionConflict, 409), (.versionAhead, 409), (.sessionLimit, 409), (.handoffPending, 409),
        (.handoffExpired, 410), (.handoffConsumed, 410), (.snapshotTooLarge, 413), (.rateLimited, 429),
        (.internal, 500), (.storeUnavailable, 503),
    ]

    @Test(arguments: statuses)
    func `each code has its status, and a sentence`(code: SyncFailureCode, status: Int) throws {
        let response = SyncFailure(code).response
        #expect(response.status.rawValue == status)
        let body = try JSONValue.parse(response.body.span)
        #expect(body["error"]?.string == code.rawValue)
        #expect(body["message"]?.string?.isEmpty == false)
        #expect((response.fields["Retry-After"] != nil) == (status == 429 || status == 503))
        #expect((response.fields["WWW-Authenticate"] != nil) == (status == 401))
    }

    @Test func `a broadcast of an administrator tells how many heard it`() {
        expect(SyncResponse.broadcastSent(recipients: 3), .ok, #"{"status":"sent","recipients":3}"#)
    }
}
