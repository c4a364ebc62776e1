import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Too much and too wrong (PROTOCOLS C6, §3.4), and BROADCAST (§3.4, §3.5).
@Suite struct SyncLimitTests {
    @Test func `the fifth HEARTBEAT of a second is refused`() {
        var service = SyncFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let device = service.join("u1")
        for _ in 0..<4 { #expect(service.say(.heartbeat(clientTime: nil), on: device).errors == []) }
        let refused = service.say(.heartbeat(clientTime: nil), correlation: "c1", on: device)
        guard case .said(_, .error(.rateLimited, _, let details?), "c1")? = refused.first else {
            Issue.record("it is not refused")
            return
        }
        #expect((1...251).contains(details.value["retry_after_ms"]?.integer ?? 0))
        service.wait(.milliseconds(250))
        #expect(service.say(.heartbeat(clientTime: nil), on: device).errors == [])
    }

    @Test func `three seconds with an excess within ten close with 4529`() {
        var service = SyncFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let device = service.join("u1")
        var closes: [CloseCode] = []
        for _ in 0..<3 {
            for _ in 0..<6 { closes += service.say(.heartbeat(clientTime: nil), on: device).closes }
            service.wait(.seconds(1))
        }
        #expect(closes == [.rateLimited])
    }

    @Test func `a connection has 400 messages at once and 200 a second`() {
        var service = SyncFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        service.isChecked = false
        let device = service.join("u1")
        for _ in 0..<399 { #expect(service.say(.deviceList, on: device).errors == []) }
        #expect(service.say(.deviceList, on: device).errors == [.rateLimited])
        service.wait(.milliseconds(5))
        #expect(service.say(.deviceList, on: device).errors == [])
    }

    @Test(arguments: [
        ("{", SyncErrorCode.invalidJSON), ("[]", .invalidMessage), (#"{"type":99,"payload":{}}"#, .unknownType),
        (#"{"type":0,"payload":{}}"#, .unknownType), (#"{"type":5,"payload":{"operation":"SET"}}"#, .invalidMessage),
        ("", .invalidJSON),
    ])
    func `what is no message is named, and the connection stays`(text: String, code: SyncErrorCode) {
        var service = SyncFixture()
        let device = service.join("u1")
        let heard = service.receive(text, on: device)
        #expect(heard.errors == [code] && heard.closes == [])
        #expect(service.machine.counters.errors(code) == 1)
    }

    @Test func `a refusal repeats the correlation id`() {
        var service = SyncFixture()
        let device = service.join("u1")
        let heard = service.receive(#"{"type":5,"correlation_id":"c1","payload":{"operation":"SET"}}"#, on: device)
        guard case .said(_, .error, "c1")? = heard.first else {
            Issue.record("the id is lost")
            return
        }
    }

    @Test func `the twentieth message of a minute that is none closes with 4441`() {
        var service = SyncFixture()
        let connection = service.open()
        for _ in 0..<19 { #expect(service.receive("nonsense", on: connection).closes == []) }
        let last = service.receive("nonsense", on: connection)
        #expect(last.errors == [.invalidJSON] && last.closes == [.tooManyErrors])
        #expect(service.receive("nonsense", on: connection) == [])
    }

    @Test func `a binary message on a connection that speaks JSON closes with 1003`() {
        var service = SyncFixture()
        let device = service.join("u1")
        #expect(service.receive([1, 2, 3], .binary, on: device) == [.closed(device, .unsupportedData)])
    }

    // MARK: BROADCAST

    @Test func `a broadcast reaches the other devices, and without the store, too`() {
        var service = SyncFixture()
        let sender = service.join("u1", session: .named)
        let other = service.join("u1", device: "d2", session: .named)
        _ = service.join("u2", session: .claimed)
        service.isStoreDown = true
        let message = SyncServerMessage.broadcast(event: "hello", data: .json(#"{"a":[1]}"#))
        let heard = service.say(.broadcast(event: "hello", data: .json(#"{"a":[1]}"#)), on: sender)
        #expect(heard == [.said(other, message)])
        #expect(service.envelopes[other]?.deviceID == "d1" && service.envelopes[other]?.userID == "u1")
    }

    @Test(arguments: ["handoff_offer", "handoff_completed", "handoff_expired", "session_replaced"])
    func `the events of the server are not to be forged`(event: String) {
        var service = SyncFixture()
        let sender = service.join("u1")
        _ = service.join("u1", device: "d2")
        #expect(service.say(.broadcast(event: event, data: .null), on: sender).errors == [.forbidden])
        #expect(service.say(.broadcast(event: event + "2", data: .null), on: sender).errors == [])
    }

    @Test func `a connection has ten broadcasts a second`() {
        var service = SyncFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let sender = service.join("u1")
        for _ in 0..<10 { #expect(service.say(.broadcast(event: "e", data: .null), on: sender).errors == []) }
        #expect(service.say(.broadcast(event: "e", data: .null), on: sender).errors == [.rateLimited])
    }

    @Test func `the data of a broadcast has at most 32 KiB`() {
        var service = SyncFixture()
        let sender = service.join("u1")
        let fits = "\"" + String(repeating: "x", count: 32 * 1024 - 2) + "\""
        #expect(service.say(.broadcast(event: "e", data: .json(fits)), on: sender).errors == [])
        let tooMuch = "\"" + String(repeating: "x", count: 32 * 1024 - 1) + "\""
        #expect(service.say(.broadcast(event: "e", data: .json(tooMuch)), on: sender).errors == [.invalidMessage])
    }
}
