import SessionBase
import SessionCodec
import Testing

/// Requests of lockers' HTTP API: what is read of them, every refusal that needs no state, and the answers (PROTOCOLS
/// §6.2, §6.3).
@Suite struct LockersCallTests {
    private let time = Timestamp(milliseconds: 1_705_314_600_000)

    private func parse(
        _ method: String, _ target: String, _ body: String = "", fields: HTTPFields = [:]
    ) throws(LockersFailure) -> LockersCall {
        try LockersCall.parse(
            method: method, path: HTTPTarget.segments(of: target), query: HTTPTarget(target).query, fields: fields,
            body: Array(body.utf8))
    }

    private func failure(
        _ method: String, _ target: String, _ body: String = "", fields: HTTPFields = [:]
    ) -> LockersFailure? {
        do {
            _ = try parse(method, target, body, fields: fields)
            return nil
        } catch {
            return error
        }
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    // MARK: What is read

    @Test func `the seed's broadcast is read`() throws {
        let body = """
            {
              "namespace": "/ws/lockers",
              "event": "test_event",
              "data": { "message": "Hello world" },
              "room": "optional-room-name"
            }
            """
        #expect(
            try parse("POST", "/api/websocket/broadcast", body)
                == .broadcast(
                    LockersBroadcast(
                        namespace: "/ws/lockers", event: "test_event", data: try .parse(#"{"message":"Hello world"}"#),
                        room: "optional-room-name")))
    }

    @Test(arguments: ["null", "1", #""a""#, "[1,{}]"])
    func `data is any JSON (4-16)`(data: String) throws {
        #expect(
            try parse(
                "POST", "/api/websocket/broadcast", #"{"namespace":"/ws/help","event":"e","data":\#(data),"room":null}"#
            )
                == .broadcast(LockersBroadcast(namespace: "/ws/help", event: "e", data: try .parse(data))))
    }

    @Test func `the seed's three events are read`() throws {
        #expect(
            try parse(
                "POST", "/api/websocket/events/locker-state",
                #"{"lockerId":"locker-123","oldState":"closed","newState":"open","kioskId":"kiosk-1"}"#)
                == .emit(
                    LockersEmission(
                        .lockerState(
                            LockerStateChange(
                                locker: "locker-123", oldState: "closed", newState: "open", kiosk: "kiosk-1")))))
        let help = HelpRequest(
            id: 1, kiosk: "kiosk-1", category: "access_issue", note: "Cannot open locker", status: "open",
            createdAt: time)
        let rest = #""kiosk_id":"kiosk-1","category":"access_issue","note":"Cannot open locker","status":"open""#
        for createdAt in [#""2024-01-15T10:30:00.000Z""#, "1705314600000"] {
            #expect(
                try parse(
                    "POST", "/api/websocket/events/help-requested", #"{"id":1,\#(rest),"created_at":\#(createdAt)}"#)
                    == .emit(LockersEmission(.helpRequested(help))))
        }
        #expect(
            try parse(
                "POST", "/api/websocket/events/command-applied",
                #"{"command":{"type":"open","lockerId":"locker-123"},"result":{"success":true,"timestamp":"2024-01-15T10:30:00Z"}}"#
            )
                == .emit(
                    LockersEmission(
                        .commandApplied(
                            AppliedCommand(
                                type: "open", locker: "locker-123",
                                result: AppliedCommand.Result(isSuccess: true, timestamp: time))))))
    }

    @Test func `an event may be for its kiosk's room, and a retry has a key (4-10)`() throws {
        let call = try parse(
            "POST", "/api/websocket/events/locker-state",
            #"{"lockerId":"l","oldState":"a","newState":"b","kioskId":"kiosk-1","room_scope":true}"#,
            fields: ["Idempotency-Key": "k-1"])
        guard case .emit(let emission) = call else {
            Issue.record("\(call)")
            return
        }
        #expect(emission.isForRoom == true && emission.idempotencyKey == "k-1" && emission.event.kiosk == "kiosk-1")
        #expect(emission.event.namespace == "/ws/lockers")
    }

    @Test func `status and acknowledgements are read`() throws {
        #expect(try parse("GET", "/api/websocket/status") == .status(isDetailed: false))
        #expect(try parse("GET", "/api/websocket/status?details=1") == .status(isDetailed: true))
        #expect(try parse("GET", "/api/websocket/commands/c%2F7") == .commandAcks("c/7"))
        #expect(try parse("GET", "/api/websocket/status").need == .session)
        #expect(try parse("POST", "/api/websocket/broadcast", #"{"namespace":"/ws/a","event":"e"}"#).need == .producer)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("POST", "/api/websocket/status", "GET"), ("GET", "/api/websocket/broadcast", "POST"),
        ("GET", "/api/websocket/events/help-status", "POST"), ("DELETE", "/api/websocket/commands/c", "GET"),
    ])
    func `another method is 405 with Allow`(method: String, target: String, allowed: String) {
        let response = failure(method, target)?.response
        #expect(response?.status == .methodNotAllowed && response?.fields["Allow"] == allowed)
    }

    @Test(arguments: [
        "/", "/api/websocket", "/api/websocket/x", "/api/websocket/events/x", "/api/websocket/events",
        "/api/websocket/status/x",
        "/api/v1/status",
    ])
    func `an unknown path is 404`(target: String) { #expect(failure("POST", target)?.response.status == .notFound) }

    @Test(arguments: [
        ("", LockersFailureCode.invalidJSON, nil), ("[]", .invalidJSON, nil), ("{}", .validationFailed, "namespace"),
        (#"{"namespace":1,"event":"e"}"#, .validationFailed, "namespace"),
        (#"{"namespace":"lockers","event":"e"}"#, .unknownNamespace, "namespace"),
        (#"{"namespace":"/ws/a/b","event":"e"}"#, .unknownNamespace, "namespace"),
        (#"{"namespace":"/ws/lockers"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"a b"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":""}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"connection"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"error"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"room_joined"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"room_left"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"pong"}"#, .validationFailed, "event"),
        (#"{"namespace":"/ws/lockers","event":"e","data":1e999}"#, .validationFailed, "data"),
        (#"{"namespace":"/ws/lockers","event":"e","room":"a b"}"#, .invalidRoom, "room"),
        (#"{"namespace":"/ws/lockers","event":"e","room":1}"#, .invalidRoom, "room"),
    ])
    func `a broadcast that is wrong is 400 (4-16)`(body: String, code: LockersFailureCode, field: String?) {
        let failure = failure("POST", "/api/websocket/broadcast", body)
        #expect(failure?.code == code && failure?.field == field)
        #expect(failure?.response.status == .badRequest)
    }

    @Test(arguments: [
        ("locker-state", "{}", "lockerId"), ("locker-state", #"{"lockerId":"a b"}"#, "lockerId"),
        ("locker-state", #"{"lockerId":"l","oldState":""}"#, "oldState"),
        ("locker-state", #"{"lockerId":"l","oldState":"a","newState":1}"#, "newState"),
        ("locker-state", #"{"lockerId":"l","oldState":"a","newState":"b"}"#, "kioskId"),
        ("locker-state", #"{"lockerId":"l","oldState":"a","newState":"b","kioskId":"k","timestamp":"x"}"#, "timestamp"),
        ("locker-state", #"{"lockerId":"l","oldState":"a","newState":"b","kioskId":"k","room_scope":1}"#, "room_scope"),
        (
            "locker-state", #"{"lockerId":"l","oldState":"a","newState":"b","kioskId":"ä","room_scope":true}"#,
            "room_scope"
        ),
        ("help-requested", "{}", "id"), ("help-requested", #"{"id":"1"}"#, "id"),
        ("help-requested", #"{"id":1.5}"#, "id"),
        ("help-requested", #"{"id":1}"#, "kiosk_id"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","locker_no":"3"}"#, "locker_no"),
        ("help-requested", #"{"id":1,"kiosk_id":"k"}"#, "category"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","category":"c","note":1}"#, "note"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","category":"c"}"#, "status"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","category":"c","status":"open"}"#, "created_at"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","category":"c","status":"open","created_at":"now"}"#, "created_at"),
        ("help-requested", #"{"id":1,"kiosk_id":"k","category":"c","status":"open","created_at":-1}"#, "created_at"),
        ("help-status", #"{"id":1}"#, "old_status"), ("help-status", #"{"id":1,"old_status":"a"}"#, "new_status"),
        ("help-status", #"{"id":1,"old_status":"a","new_status":"b","room_scope":true}"#, "room_scope"),
        ("command-applied", "{}", "command"), ("command-applied", #"{"command":"open"}"#, "command"),
        ("command-applied", #"{"command":{"type":"open"}}"#, "result"),
        ("command-applied", #"{"command":{},"result":{"success":true}}"#, "command.type"),
        ("command-applied", #"{"command":{"type":"open","lockerId":1},"result":{"success":true}}"#, "command.lockerId"),
        ("command-applied", #"{"command":{"type":"open"},"result":{}}"#, "result.success"),
        ("command-applied", #"{"command":{"type":"open"},"result":{"success":1}}"#, "result.success"),
        (
            "command-applied", #"{"command":{"type":"open","parameters":1e999},"result":{"success":true}}"#,
            "command.parameters"
        ),
    ])
    func `an event that lacks something is VALIDATION_FAILED with the field`(path: String, body: String, field: String)
    {
        let failure = failure("POST", "/api/websocket/events/" + path, body)
        #expect(failure?.code == .validationFailed && failure?.field == field)
    }

    @Test func `data is at most 256 KiB (4-16)`() {
        func body(_ bytes: Int) -> String {
            // Two bytes of the data are its quotes.
            #"{"namespace":"/ws/a","event":"e","data":"\#(String(repeating: "x", count: bytes - 2))"}"#
        }
        #expect(failure("POST", "/api/websocket/broadcast", body(262_144)) == nil)
        #expect(failure("POST", "/api/websocket/broadcast", body(262_145))?.response.status == .contentTooLarge)
        #expect(failure("POST", "/api/websocket/broadcast", body(400_000))?.code == .tooLarge)
    }

    @Test func `a key and an option that are none are named`() {
        #expect(
            failure(
                "POST", "/api/websocket/broadcast", #"{"namespace":"/ws/a","event":"e"}"#,
                fields: ["Idempotency-Key": "a b"])?.field == "Idempotency-Key")
        #expect(failure("GET", "/api/websocket/status?details=yes")?.field == "details")
        #expect(failure("GET", "/api/websocket/commands/a%20b")?.field == "commandId")
    }

    // MARK: Answers

    @Test func `the status has exactly the seed's keys in its order`() {
        let status = LockersStatus(
            condition: .active, namespaces: [("/ws/lockers", 5), ("/ws/help", 2), ("/ws/events", 3)],
            latency: LockersStatus.Latency(median: 45, p95: 120, p99: 200), timestamp: time)
        #expect(
            text(LockersResponse.status(status))
                == #"{"status":"active","namespaces":{"/ws/lockers":5,"/ws/help":2,"/ws/events":3},"total_connections":10,"#
                + #""latency_metrics":{"median":45,"p95":120,"p99":200,"connection_count":10},"#
                + #""timestamp":"2024-01-15T10:30:00.000Z"}"#)
    }

    @Test func `details say more to those who ask (4-18, 4-19)`() throws {
        var status = LockersStatus(condition: .draining, namespaces: [("/ws/a", 1)], latency: .init(), timestamp: time)
        status.details = LockersStatus.Details(broadcast: .init(median: 1, p95: 2, p99: 3), nodeConnections: 1)
        let answer = try JSONValue.parse(text(LockersResponse.status(status)))
        #expect(answer["latency_metrics"]?["broadcast"]?["p99"] == 3)
        #expect(answer["node"]?["total_connections"] == 1)
        #expect(answer["latency_metrics"]?["median"] == 0)
    }

    @Test func `a broadcast is answered as PROTOCOLS 4-16 has it`() {
        #expect(
            text(LockersResponse.sent(namespace: "/ws/lockers", event: "e", room: nil, recipients: 5, at: time))
                == #"{"success":true,"namespace":"/ws/lockers","event":"e","room":null,"recipients":5,"#
                + #""timestamp":"2024-01-15T10:30:00.000Z"}"#)
        let ack = CommandAck(connection: "c", user: "u", timestamp: time)
        #expect(
            text(LockersResponse.commandAcks("x", [ack]))
                == #"{"commandId":"x","acks":[{"connectionId":"c","userId":"u","timestamp":"2024-01-15T10:30:00.000Z"}]}"#
        )
    }

    @Test func `an error says what, where and what to do`() {
        let failure = LockersFailure.field("kioskId")
        #expect(
            text(failure.response)
                == #"{"error":"VALIDATION_FAILED","message":"kioskId is missing or invalid","details":{"field":"kioskId"}}"#
        )
        #expect(LockersFailure(.authRequired).response.fields["WWW-Authenticate"] == "Bearer")
        #expect(LockersFailure(.keyReused).response.status == .conflict)
        #expect(LockersFailure(.rateLimited).response.fields["Retry-After"] == "1")
        #expect(LockersFailureCode.allCases.allSatisfy { !$0.message.isEmpty && !$0.message.hasSuffix(".") })
    }
}
