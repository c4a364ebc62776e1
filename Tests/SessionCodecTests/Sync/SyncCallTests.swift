import SessionBase
import SessionCodec
import Testing

/// Requests of sync's HTTP API: what is read of them, and every refusal that needs no state (PROTOCOLS §3.3).
@Suite struct SyncCallTests {
    private static let session = "550e8400-e29b-41d4-a716-446655440000"

    private func parse(
        _ method: String, _ target: String, _ body: String = "", fields: HTTPFields = [:]
    ) throws(SyncFailure) -> SyncCall {
        var segments = HTTPTarget.segments(of: target)
        #expect(segments.removeFirst() == "session")
        return try SyncCall.parse(
            method: method, path: segments, query: HTTPTarget(target).query, fields: fields, body: Array(body.utf8))
    }

    private func failure(
        _ method: String, _ target: String, _ body: String = "", fields: HTTPFields = [:]
    ) -> SyncFailure? {
        do {
            _ = try parse(method, target, body, fields: fields)
            return nil
        } catch {
            return error
        }
    }

    // MARK: What the seed's lines say

    @Test func `the seed's snapshot is read`() throws {
        let body = """
            {"session_id": "550E8400-e29b-41d4-a716-446655440000", "user_id": "user-123",
             "state_data": {"meditation_progress": 75, "current_mood": "calm", "streak_days": 12},
             "device_id": "device-456", "app_version": "2.1.0", "version": 1}
            """
        let state = try JSONFragment.parse(#"{"meditation_progress":75,"current_mood":"calm","streak_days":12}"#)
        #expect(
            try parse("POST", "/session/snapshot", body)
                == .putSnapshot(
                    SyncSnapshotWrite(
                        session: Self.session, user: "user-123", state: state, device: "device-456",
                        appVersion: "2.1.0", version: 1)))
    }

    @Test func `the seed's change is read`() throws {
        let body = """
            {"session_id": "550e8400-e29b-41d4-a716-446655440000", "user_id": "user-123", "device_id": "device-789",
             "base_version": 1, "changes": {"meditation_progress": 80}, "deleted_keys": []}
            """
        #expect(
            try parse("POST", "/session/incremental", body)
                == .patch(
                    SyncPatch(
                        session: Self.session, user: "user-123", baseVersion: 1,
                        changes: try .parse(#"{"meditation_progress":80}"#), device: "device-789")))
    }

    @Test func `the seed's conflict is read`() throws {
        let body = """
            {"session_id": "550e8400-e29b-41d4-a716-446655440000", "client_version": 2,
             "client_state": {"meditation_progress": 85}, "resolution_strategy": "server_wins"}
            """
        #expect(
            try parse("POST", "/session/conflict/resolve", body)
                == .resolve(
                    SyncResolution(
                        session: Self.session, clientVersion: 2,
                        clientState: try .parse(#"{"meditation_progress":85}"#), strategy: .serverWins)))
    }

    @Test func `the seed's handoff, lists and disconnections are read`() throws {
        let body = #"{"source_device": "device-phone", "target_device": "device-tablet"}"#
        #expect(
            try parse("POST", "/session/\(Self.session)/handoff", body)
                == .offerHandoff(
                    SyncHandoffOffer(session: Self.session, source: "device-phone", target: "device-tablet")))
        #expect(
            try parse("GET", "/session/\(Self.session)/handoff/abc")
                == .redeemHandoff(SyncHandoffRedemption(session: Self.session, token: "abc")))
        #expect(try parse("GET", "/session/\(Self.session)/devices") == .listDevices(session: Self.session))
        #expect(
            try parse("DELETE", "/session/\(Self.session)/device/device-456")
                == .disconnectDevice(SyncDisconnection(session: Self.session, device: "device-456")))
        #expect(try parse("GET", "/session/\(Self.session)") == .getSnapshot(session: Self.session, unless: nil))
    }

    // MARK: Options

    @Test func `a device names itself in a field, or else in the query`() throws {
        let path = "/session/\(Self.session)/handoff/abc"
        func caller(_ target: String, _ fields: HTTPFields) throws -> String? {
            guard case .redeemHandoff(let redemption) = try parse("GET", target, fields: fields) else { return nil }
            return redemption.caller
        }
        #expect(try caller(path, [:]) == nil)
        #expect(try caller(path + "?device_id=d", [:]) == "d")
        #expect(try caller(path, ["x-device-id": "e"]) == "e")
        #expect(try caller(path + "?device_id=d", ["X-Device-ID": "e"]) == "e")
        #expect(failure("GET", path + "?device_id=", fields: [:])?.code == .invalidDeviceID)
        #expect(failure("GET", path, fields: ["X-Device-ID": "a b"])?.code == .invalidDeviceID)
    }

    private static let conditions: [(String, [UInt64]?)] = [
        ("\"3\"", [3]), ("*", nil), ("\"1\", \"2\"", [1, 2]), ("W/\"3\"", []), ("\"03\", \"x\"", []), ("", []),
    ]

    @Test(arguments: conditions)
    func `If-Match names versions, weak tags never match`(text: String, versions: [UInt64]?) throws {
        let body = #"{"session_id":"\#(Self.session)","user_id":"u","state_data":{}}"#
        guard
            case .putSnapshot(let write) = try parse("POST", "/session/snapshot", body, fields: ["If-Match": text])
        else { return #expect(Bool(false)) }
        #expect(write.condition == versions.map(VersionCondition.versions) ?? .any)
    }

    @Test func `If-None-Match names versions, weak tags match too`() throws {
        #expect(
            try parse("GET", "/session/\(Self.session)", fields: ["If-None-Match": "W/\"7\",\"8\""])
                == .getSnapshot(session: Self.session, unless: .versions([7, 8])))
        #expect(failure("GET", "/session/\(Self.session)", fields: ["If-None-Match": "7"])?.code == .invalidVersion)
        #expect(VersionCondition.any.matches(1) && !VersionCondition.any.matches(nil))
        #expect(VersionCondition.versions([2]).matches(2) && !VersionCondition.versions([2]).matches(1))
    }

    @Test func `an escaped slash belongs to the device's id`() throws {
        #expect(
            try parse("DELETE", "/session/\(Self.session)/device/a%2Fb?revoke=1")
                == .disconnectDevice(SyncDisconnection(session: Self.session, device: "a/b", revokesTokens: true)))
    }

    // MARK: Refusals

    private static let put = #"{"session_id":"\#(session)","user_id":"u","state_data":{}"#
    private static let patch = #"{"session_id":"\#(session)","user_id":"u","base_version":1,"changes":{}"#
    private static let resolve = #"{"session_id":"\#(session)","client_version":1,"client_state":{}"#
    private static let tooDeep = String(repeating: "[", count: 30) + String(repeating: "]", count: 30)

    private static let wrongSnapshots: [(String, SyncFailureCode)] = [
        ("", .invalidJSON), ("[]", .invalidJSON), (#"{"a":1"#, .invalidJSON),
        (#"{"user_id":"u","state_data":{}}"#, .invalidSessionID),
        (#"{"session_id":"550e8400","user_id":"u","state_data":{}}"#, .invalidSessionID),
        (#"{"session_id":7,"user_id":"u","state_data":{}}"#, .invalidSessionID),
        (#"{"session_id":"\#(session)","state_data":{}}"#, .invalidUserID),
        (#"{"session_id":"\#(session)","user_id":"","state_data":{}}"#, .invalidUserID),
        (#"{"session_id":"\#(session)","user_id":"u"}"#, .invalidState),
        (#"{"session_id":"\#(session)","user_id":"u","state_data":[]}"#, .invalidState),
        (#"{"session_id":"\#(session)","user_id":"u","state_data":{"":1}}"#, .invalidState),
        (#"{"session_id":"\#(session)","user_id":"u","state_data":{"a\u0000":1}}"#, .invalidState),
        (#"{"session_id":"\#(session)","user_id":"u","state_data":{"a":1e999}}"#, .invalidState),
        (#"{"session_id":"\#(session)","user_id":"u","state_data":{"a":\#(tooDeep)}}"#, .invalidState),
        (#"\#(put),"device_id":"a b"}"#, .invalidDeviceID), (#"\#(put),"device_id":4}"#, .invalidDeviceID),
        (#"\#(put),"app_version":7}"#, .invalidAppVersion),
        (#"\#(put),"app_version":"\#(String(repeating: "v", count: 65))"}"#, .invalidAppVersion),
        (#"\#(put),"version":-1}"#, .invalidVersion), (#"\#(put),"version":1.0}"#, .invalidVersion),
        (#"\#(put),"version":"1"}"#, .invalidVersion),
        (#"\#(put),"version":9223372036854775808}"#, .invalidVersion),
    ]

    @Test(arguments: wrongSnapshots)
    func `a snapshot that is wrong is refused with 400`(body: String, code: SyncFailureCode) {
        let failure = failure("POST", "/session/snapshot", body)
        #expect(failure?.code == code)
        #expect(failure?.status == .badRequest)
    }

    private static let wrongChanges: [(String, SyncFailureCode)] = [
        (#"{"session_id":"\#(session)","user_id":"u","changes":{}}"#, .invalidVersion),
        (#"{"session_id":"\#(session)","user_id":"u","base_version":1}"#, .invalidChanges),
        (#"\#(patch),"deleted_keys":{}}"#, .invalidChanges), (#"\#(patch),"deleted_keys":[1]}"#, .invalidChanges),
        (#"\#(patch),"deleted_keys":[[["x"]]]}"#, .invalidChanges),
        (#"\#(patch),"deleted_keys":[""]}"#, .invalidState),
        (#"\#(patch),"changes":{"k":1},"deleted_keys":["\u006b"]}"#, .invalidChanges),
        (#"\#(patch),"changes":{"\#(String(repeating: "é", count: 257))":1}}"#, .invalidState),
        (#"\#(patch),"on_conflict":"merge"}"#, .invalidOption), (#"\#(patch),"on_conflict":true}"#, .invalidOption),
    ]

    @Test(arguments: wrongChanges)
    func `a change that is wrong is refused with 400`(body: String, code: SyncFailureCode) {
        let failure = failure("POST", "/session/incremental", body)
        #expect(failure?.code == code)
        #expect(failure?.status == .badRequest)
    }

    private static let wrongResolutions: [(String, SyncFailureCode)] = [
        (#"\#(resolve)}"#, .invalidStrategy),
        (#"\#(resolve),"resolution_strategy":"newest"}"#, .invalidStrategy),
        (#"\#(resolve),"resolution_strategy":1}"#, .invalidStrategy),
        (#"\#(resolve),"resolution_strategy":"merge","merge_depth":2}"#, .invalidOption),
        (#"\#(resolve),"resolution_strategy":"merge","user_id":" "}"#, .invalidUserID),
        (#"{"session_id":"\#(session)","client_state":{},"resolution_strategy":"merge"}"#, .invalidVersion),
        (#"{"session_id":"\#(session)","client_version":1,"resolution_strategy":"merge"}"#, .invalidState),
    ]

    @Test(arguments: wrongResolutions)
    func `a resolution that is wrong is refused with 400`(body: String, code: SyncFailureCode) {
        let failure = failure("POST", "/session/conflict/resolve", body)
        #expect(failure?.code == code)
        #expect(failure?.status == .badRequest)
    }

    private static let wrongHandoffs: [(String, SyncFailureCode)] = [
        (#"{"source_device":"a","target_device":"a"}"#, .sameDevice),
        (#"{"source_device":"a"}"#, .invalidDeviceID), (#"{"target_device":"a"}"#, .invalidDeviceID),
        (#"{"source_device":"a","target_device":"b","replace":1}"#, .invalidOption),
    ]

    @Test(arguments: wrongHandoffs)
    func `a handoff that is wrong is refused with 400`(body: String, code: SyncFailureCode) {
        #expect(failure("POST", "/session/\(Self.session)/handoff", body)?.code == code)
    }

    @Test(arguments: [
        ("GET", "/session/x", SyncFailureCode.invalidSessionID), ("GET", "/session/x/devices", .invalidSessionID),
        ("GET", "/session/\(session)x", .invalidSessionID), ("GET", "/session/x/handoff/t", .invalidSessionID),
        ("DELETE", "/session/\(session)/device/%20", .invalidDeviceID),
        ("GET", "/session/\(session)/handoff/t?peek=yes", .invalidOption),
        ("GET", "/session/\(session)/other", .notFound), ("GET", "/session/\(session)/devices/x", .notFound),
        ("POST", "/session/\(session)/handoff/t/refuse", .notFound),
        ("GET", "/session/snapshot", .methodNotAllowed), ("PUT", "/session/\(session)", .methodNotAllowed),
        ("POST", "/session/\(session)/devices", .methodNotAllowed),
        ("POST", "/session/\(session)/handoff/t", .methodNotAllowed),
        ("GET", "/session/\(session)/device/d", .methodNotAllowed),
    ])
    func `a path that is wrong is refused`(method: String, target: String, code: SyncFailureCode) {
        let failure = failure(method, target)
        #expect(failure?.code == code)
        #expect((failure?.allowedMethods != nil) == (code == .methodNotAllowed))
    }

    @Test func `a state of 1 MiB is taken and one byte more is 413`() throws {
        let filling = String(repeating: "x", count: SyncLimits.stateBytesMax - #"{"k":""}"#.utf8.count)
        let start = #"{"session_id":"\#(Self.session)","user_id":"u","state_data":{ "k" : ""#
        guard case .putSnapshot(let write) = try parse("POST", "/session/snapshot", start + filling + "\"}}") else {
            return #expect(Bool(false))
        }
        #expect(write.state.bytes.count == SyncLimits.stateBytesMax)
        let failure = failure("POST", "/session/snapshot", start + filling + "x\"}}")
        #expect(failure?.code == .snapshotTooLarge && failure?.status == .contentTooLarge)
        let blank = String(repeating: " ", count: SyncLimits.bodyBytesMax + 1)
        #expect(self.failure("POST", "/session/snapshot", blank)?.code == .snapshotTooLarge)
    }

    @Test func `a state of 1000 keys is taken and one more is refused`() throws {
        func body(_ count: Int) -> String {
            let members = (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
            return #"{"session_id":"\#(Self.session)","user_id":"u","state_data":{\#(members)}}"#
        }
        #expect(failure("POST", "/session/snapshot", body(1000)) == nil)
        #expect(failure("POST", "/session/snapshot", body(1001))?.code == .invalidState)
    }

    // MARK: Both ways

    @Test func `what a client builds is what the server reads`() throws {
        var random = RandomSyncMessages(seed: 7)
        for _ in 0..<500 {
            let call = random.call()
            let request = call.request
            var segments = HTTPTarget.segments(of: request.target)
            #expect(segments.removeFirst() == "session")
            let read = try SyncCall.parse(
                method: request.method, path: segments, query: HTTPTarget(request.target).query,
                fields: request.fields, body: request.body)
            #expect(read == call)
            #expect(read.sessionID == call.sessionID)
        }
    }

    @Test func `an administrator's broadcast is read, and what is wrong with it refused`() throws {
        func parse(_ text: String) throws(SyncFailure) -> SyncAdminBroadcast {
            try SyncAdminBroadcast.parse(Array(text.utf8))
        }
        #expect(
            try parse(#"{"message": "System maintenance scheduled", "type": "notification"}"#)
                == SyncAdminBroadcast(message: "System maintenance scheduled"))
        let targets: [SyncAdminBroadcast.Target] = [.admins, .all, .session(Self.session), .user("a:b")]
        for target in targets {
            let broadcast = SyncAdminBroadcast(message: "m", type: "t", target: target, data: .emptyObject)
            #expect(try SyncAdminBroadcast.parse(broadcast.body) == broadcast)
        }
        for text in [
            "{}", #"{"message":""}"#, #"{"message":"m","type":" "}"#, #"{"message":"m","target":"user:"}"#,
            #"{"message":"m","target":"session:x"}"#, #"{"message":"m","target":7}"#, "[]", "",
            #"{"message":"\#(String(repeating: "m", count: 4097))"}"#,
        ] {
            #expect(throws: SyncFailure.self, "\(text)") { try parse(text) }
        }
    }
}
