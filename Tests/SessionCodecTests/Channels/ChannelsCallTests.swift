import SessionBase
import SessionCodec
import Testing

/// Requests of channels' HTTP API: what is read of them, every refusal that needs no state, and the answers (PROTOCOLS
/// §4.5, §1.10).
@Suite struct ChannelsCallTests {
    private func parse(_ method: String, _ target: String, _ body: String = "") throws(ChannelsFailure) -> ChannelsCall
    {
        try ChannelsCall.parse(
            method: method, path: HTTPTarget.segments(of: target), query: HTTPTarget(target).query,
            body: Array(body.utf8))
    }

    private func failure(_ method: String, _ target: String, _ body: String = "") -> ChannelsFailure? {
        do {
            _ = try parse(method, target, body)
            return nil
        } catch {
            return error
        }
    }

    private func message(_ text: String) throws -> ProducerMessage {
        try #require(ProducerMessage(try JSONFragment.parse(text)))
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    // MARK: What is read

    @Test func `the seed's broadcast is read, with the connection that does not get it`() throws {
        let seed = #"{"type":"maintenance_notice","message":"System maintenance in 30 minutes","level":"info"}"#
        #expect(
            try parse("POST", "/api/v1/ws/broadcast", #"{"channel":"reports:system","message":\#(seed)}"#)
                == .broadcast(ChannelsBroadcast(channel: "reports:system", message: message(seed))))
        #expect(
            try parse("POST", "/api/v1/ws/broadcast", #"{"channel":"a","message":\#(seed),"exclude":"ws_1_a"}"#)
                == .broadcast(ChannelsBroadcast(channel: "a", message: message(seed), excluded: "ws_1_a")))
    }

    @Test func `messages to a user and to a connection are read`() throws {
        let notification = #"{"type":"user_notification","message":"Your report is ready for download"}"#
        let body = #"{"message":\#(notification)}"#
        #expect(
            try parse("POST", "/api/v1/ws/users/user-uuid", body) == .sendToUser("user-uuid", message(notification)))
        #expect(try parse("POST", "/api/v1/ws/users/a%2Fb", body) == .sendToUser("a/b", message(notification)))
        #expect(
            try parse("POST", "/api/v1/ws/connections/ws_1_a", body)
                == .sendToConnection("ws_1_a", message(notification))
        )
    }

    @Test func `an item of a batch that is wrong fails alone`() throws {
        let call = try parse(
            "POST", "/api/v1/ws/batch",
            #"{"items":[{"channel":"a","message":{"type":"x"}},{"channel":"a b","message":{"type":"x"}},{"channel":"a"},7]}"#
        )
        guard case .batch(let items) = call, items.count == 4 else {
            Issue.record("\(call)")
            return
        }
        #expect(items[0] == .success(ChannelsBroadcast(channel: "a", message: try message(#"{"type":"x"}"#))))
        #expect(items[1] == .failure(ChannelsFailure(.invalidChannel, field: "channel")))
        for (item, field) in zip(items[2...], ["message", "items"]) {
            guard case .failure(let failure) = item else {
                Issue.record("\(item)")
                continue
            }
            #expect(failure.code == .invalidMessage && failure.field == field)
        }
    }

    @Test func `a report's status and end are read`() throws {
        #expect(
            try parse("PUT", "/api/v1/reports/r1/status", #"{"status":"running","progress":75}"#)
                == .updateReport(ReportUpdate(report: "r1", state: .running, progress: 75)))
        #expect(
            try parse(
                "PUT", "/api/v1/reports/r1/status",
                #"{"status":"pending","progress":0,"message":"again","ownerId":"u1","reset":true}"#)
                == .updateReport(
                    ReportUpdate(
                        report: "r1", state: .pending, progress: 0, message: "again", owner: "u1", isReset: true)))
        #expect(
            try parse(
                "PUT", "/api/v1/reports/r1/complete",
                #"{"downloadUrl":"/api/v1/reports/download/r1","format":"pdf","fileSize":1024000}"#)
                == .completeReport(
                    "r1",
                    ReportCompletion(downloadURL: "/api/v1/reports/download/r1", format: "pdf", fileBytes: 1_024_000)))
        #expect(try parse("GET", "/api/v1/reports/r1/status") == .getReport("r1"))
    }

    @Test func `rows are read in their order, and a stream may have the name of a path`() throws {
        let call = try parse("POST", "/api/v1/reports/stream/t1", #"{"rows":[{"value":1},{"value":2}]}"#)
        #expect(
            call
                == .pushRows(
                    template: "t1",
                    [
                        try #require(StreamRow(try .parse(#"{"value":1}"#))),
                        try #require(StreamRow(try .parse(#"{"value":2}"#))),
                    ]))
        #expect(
            try parse("POST", "/api/v1/reports/stream/status", #"{"rows":[]}"#) == .pushRows(template: "status", []))
    }

    @Test func `callers need what their call needs`() throws {
        #expect(try parse("GET", "/api/v1/debug/websocket/connections").need == .administrator)
        #expect(try parse("GET", "/api/v1/debug/websocket/channels").need == .administrator)
        #expect(try parse("GET", "/api/v1/reports/r1/status").need == .watcher)
        #expect(try parse("PUT", "/api/v1/reports/r1/status", #"{"status":"running"}"#).need == .producer)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("GET", "/api/v1/ws/broadcast", "POST"), ("GET", "/api/v1/ws/batch", "POST"),
        ("PUT", "/api/v1/ws/users/u", "POST"),
        ("GET", "/api/v1/ws/connections/c", "POST"), ("POST", "/api/v1/reports/r/status", "GET, PUT"),
        ("POST", "/api/v1/reports/r/complete", "PUT"), ("GET", "/api/v1/reports/stream/t", "POST"),
        ("POST", "/api/v1/debug/websocket/connections", "GET"), ("PUT", "/api/v1/debug/websocket/channels", "GET"),
    ])
    func `another method is 405 with Allow`(method: String, target: String, allowed: String) {
        let failure = failure(method, target)
        #expect(failure?.code == .methodNotAllowed && failure?.allowedMethods == allowed)
        #expect(failure?.response.status == .methodNotAllowed && failure?.response.fields["Allow"] == allowed)
    }

    @Test(arguments: [
        "/", "/api", "/api/v1/ws", "/api/v2/ws/broadcast", "/api/v1/ws/broadcast/x", "/api/v1/ws/rooms/a",
        "/api/v1/reports/r",
        "/api/v1/reports/r/rows", "/api/v1/debug/websocket/users", "/api/v1/debug/http/connections",
    ])
    func `an unknown path is 404`(target: String) { #expect(failure("POST", target)?.response.status == .notFound) }

    @Test(arguments: [
        ("/api/v1/ws/broadcast", "", ChannelsFailureCode.invalidJSON, nil),
        ("/api/v1/ws/broadcast", "[]", .invalidJSON, nil),
        ("/api/v1/ws/broadcast", "{", .invalidJSON, nil), ("/api/v1/ws/broadcast", "{}", .invalidMessage, "channel"),
        ("/api/v1/ws/broadcast", #"{"channel":1}"#, .invalidMessage, "channel"),
        ("/api/v1/ws/broadcast", #"{"channel":"a:"}"#, .invalidChannel, "channel"),
        ("/api/v1/ws/broadcast", #"{"channel":"a"}"#, .invalidMessage, "message"),
        ("/api/v1/ws/broadcast", #"{"channel":"a","message":{}}"#, .invalidMessage, "message"),
        ("/api/v1/ws/broadcast", #"{"channel":"a","message":{"type":1}}"#, .invalidMessage, "message"),
        ("/api/v1/ws/broadcast", #"{"channel":"a","message":{"type":"x","n":1e999}}"#, .invalidMessage, "message"),
        ("/api/v1/ws/broadcast", #"{"channel":"a","message":{"type":"x"},"exclude":1}"#, .invalidMessage, "exclude"),
        (
            "/api/v1/ws/broadcast", #"{"channel":"a","message":{"type":"x"},"exclude":"a b"}"#, .invalidMessage,
            "exclude"
        ),
        ("/api/v1/ws/users/u", #"{"type":"x"}"#, .invalidMessage, "message"),
        ("/api/v1/ws/users/a%20b", #"{"message":{"type":"x"}}"#, .invalidMessage, "user"),
        ("/api/v1/ws/batch", "{}", .invalidMessage, "items"),
        ("/api/v1/ws/batch", #"{"items":{}}"#, .invalidMessage, "items"),
        ("/api/v1/reports/stream/t", "{}", .invalidMessage, "rows"),
        ("/api/v1/reports/stream/t", #"{"rows":[1]}"#, .invalidMessage, "rows"),
        ("/api/v1/reports/stream/a%20b", #"{"rows":[]}"#, .invalidMessage, "templateId"),
    ])
    func `a body that is wrong is 400 and names its field`(
        target: String, body: String, code: ChannelsFailureCode, field: String?
    ) {
        let failure = failure("POST", target, body)
        #expect(failure?.code == code && failure?.field == field)
        #expect(failure?.response.status == .badRequest)
    }

    @Test(arguments: [
        ("{}", "status"), (#"{"status":"done"}"#, "status"), (#"{"status":1}"#, "status"),
        (#"{"status":"running","progress":101}"#, "progress"), (#"{"status":"running","progress":-1}"#, "progress"),
        (#"{"status":"running","progress":1.5}"#, "progress"), (#"{"status":"running","progress":"75"}"#, "progress"),
        (#"{"status":"running","message":1}"#, "message"), (#"{"status":"running","ownerId":""}"#, "ownerId"),
        (#"{"status":"running","reset":1}"#, "reset"),
    ])
    func `a status that is none is 400`(body: String, field: String) {
        #expect(failure("PUT", "/api/v1/reports/r/status", body)?.field == field)
    }

    @Test(arguments: [
        ("{}", "downloadUrl"), (#"{"downloadUrl":"","format":"pdf","fileSize":1}"#, "downloadUrl"),
        (#"{"downloadUrl":"/x","fileSize":1}"#, "format"), (#"{"downloadUrl":"/x","format":"pdf"}"#, "fileSize"),
        (#"{"downloadUrl":"/x","format":"pdf","fileSize":-1}"#, "fileSize"),
        (#"{"downloadUrl":"/x","format":"pdf","fileSize":"1"}"#, "fileSize"),
    ])
    func `an end without its three fields is 400`(body: String, field: String) {
        #expect(failure("PUT", "/api/v1/reports/r/complete", body)?.field == field)
    }

    @Test func `more than 256 KiB is 413, more than 100 items 400`() {
        let message = #"{"message":{"type":"x","data":""}}"#
        let fill = ChannelsLimits.bodyBytesMax - message.utf8.count
        func body(_ fill: Int) -> String {
            #"{"message":{"type":"x","data":"\#(String(repeating: "x", count: fill))"}}"#
        }
        #expect(failure("POST", "/api/v1/ws/users/u", body(fill)) == nil)
        #expect(failure("POST", "/api/v1/ws/users/u", body(fill + 1))?.response.status == .contentTooLarge)
        func batch(_ count: Int) -> String {
            let items = Array(repeating: #"{"channel":"a","message":{"type":"x"}}"#, count: count)
            return #"{"items":[\#(items.joined(separator: ","))]}"#
        }
        #expect(failure("POST", "/api/v1/ws/batch", batch(100)) == nil)
        #expect(failure("POST", "/api/v1/ws/batch", batch(101))?.field == "items")
    }

    // MARK: Answers

    @Test func `a delivery is told as PROTOCOLS 4.5 has it`() {
        let response = ChannelsResponse.delivered(ChannelsDelivery(delivered: 12, channel: "a", offset: 41))
        #expect(response.status == .accepted)
        #expect(text(response) == #"{"delivered":12,"channel":"a","offset":41}"#)
        #expect(text(ChannelsResponse.delivered(ChannelsDelivery(delivered: 1))) == #"{"delivered":1}"#)
        let batch = ChannelsResponse.batch([
            .success(ChannelsDelivery(delivered: 0, channel: "a", offset: 1)), .failure(ChannelsFailure(.forbidden)),
        ])
        #expect(batch.status == .ok)
        #expect(
            text(batch)
                == #"{"results":[{"delivered":0,"channel":"a","offset":1},{"error":"FORBIDDEN","message":"not allowed"}]}"#
        )
    }

    @Test func `debugging views have the fields of PROTOCOLS 4.5, an anonymous peer no userId`() {
        let time = Timestamp(milliseconds: 1_704_623_400_000)
        let connection = ChannelsConnection(
            id: "ws_1_a", user: nil, channels: ["a"], lastActivity: time, userAgent: "node", address: "127.0.0.1",
            connectedAt: time)
        #expect(
            text(ChannelsResponse.connections([connection]))
                == #"{"total":1,"connections":[{"id":"ws_1_a","channels":["a"],"lastActivity":"2024-01-07T10:30:00.000Z","#
                + #""metadata":{"userAgent":"node","ip":"127.0.0.1","connectedAt":"2024-01-07T10:30:00.000Z"}}]}"#)
        #expect(
            text(ChannelsResponse.channels([("reports:system", 3)]))
                == #"{"channels":[{"channel":"reports:system","subscribers":3}]}"#)
    }

    @Test func `an error says what, where and what to do`() throws {
        let response = ChannelsFailure(.reportState).response
        #expect(response.status == .conflict)
        #expect(try JSONValue.parse(text(response))["error"] == "REPORT_STATE")
        #expect(ChannelsFailure(.unauthorized).response.fields["WWW-Authenticate"] == "Bearer")
        #expect(ChannelsFailure(.shuttingDown).response.fields["Retry-After"] == "1")
        let field = ChannelsFailure.field("rows", "rows is a list of objects").response
        #expect(
            text(field)
                == #"{"error":"INVALID_MESSAGE","message":"rows is a list of objects","details":{"field":"rows"}}"#)
        #expect(ChannelsFailureCode.allCases.allSatisfy { !$0.message.isEmpty && !$0.message.hasSuffix(".") })
    }
}
