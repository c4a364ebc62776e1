import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionServer
import Testing

/// Sync over WebSocket: what the loops do with its effects.
@Suite struct SyncSocketTests {
    /// Enough sessions that some live on every loop.
    private let sessions = 1...10

    @Test(arguments: [1, 2, 3])
    func `what one device sets, the other hears`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        for session in sessions {
            let phone = try server.device("phone", user: "u\(session)", session: session)
            let tablet = try server.device("tablet", user: "u\(session)", session: session)
            #expect(try phone.hear(.deviceJoined)["payload"]?["device"]?["device_id"] == "tablet")
            try phone.say(TestClient.setting("page", to: "\(session)", tag: "t"))
            let acknowledgement = try phone.hear(.stateUpdate)
            #expect(acknowledgement["correlation_id"] == "t")
            #expect(acknowledgement["payload"]?["ack"] == true)
            let change = try tablet.hear(.stateUpdate)
            #expect(change["payload"]?["value"]?.integer == Int64(session))
            #expect(change["payload"]?["device_id"] == "phone")
            #expect(change["session_id"]?.string == SyncCast.session(session))
        }
    }

    @Test(arguments: [false, true])
    func `what stands behind an AUTH in the same write is answered in order, also after a move`(isSecure: Bool) throws {
        let files = isSecure ? try TLSFiles.fixture() : nil
        let server = try RunningServer.openSync(threads: 3) { $0.tls = files }
        for session in sessions {
            let client = try TestClient(server.address, secret: isSecure ? TLSContext.fixture() : nil)
            try client.open("/ws")
            var texts = [TestClient.authentication("d", user: "u", session: session)]
            texts += (1...20).map { TestClient.setting("k\($0)", to: "\($0)", tag: "t\($0)") }
            try client.write(plain: client.frames(texts) + [0x89, 0x80, 0, 0, 0, 0])
            #expect(try client.hear(.authSuccess)["payload"]?["session_id"]?.string == SyncCast.session(session))
            for number in 1...20 {
                #expect(try client.hear(.stateUpdate)["correlation_id"]?.string == "t\(number)")
            }
        }
    }

    @Test func `messages that come in pieces while the session is looked up are not lost`() throws {
        let server = try RunningServer.openSync(threads: 2)
        for session in sessions {
            let client = try server.open("/ws")
            let bytes = client.frames([
                TestClient.authentication("d", user: "u", session: session),
                TestClient.setting("a", to: "1", tag: "a"), TestClient.setting("b", to: "2", tag: "b"),
            ])
            let cuts = [0, 40, bytes.count - 60, bytes.count - 1, bytes.count]
            for (start, end) in zip(cuts, cuts.dropFirst()) { try client.write(plain: Array(bytes[start..<end])) }
            #expect(try client.hear(.authSuccess)["payload"]?["device_id"] == "d")
            #expect(try client.hear(.stateUpdate)["correlation_id"] == "a")
            #expect(try client.hear(.stateUpdate)["correlation_id"] == "b")
        }
    }

    @Test func `what a peer says before it leaves is done, even if it leaves at once`() throws {
        let server = try RunningServer.openSync(threads: 2)
        for session in sessions {
            let client = try server.open("/ws")
            let close: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 3, 232]
            let text = TestClient.authentication("d", user: "u", session: session)
            try client.write(plain: client.frames([text, TestClient.setting("a", to: "1", tag: "a")]) + close)
            client.endOutput()
            #expect(try client.hear(.authSuccess)["payload"]?["device_id"] == "d")
            #expect(try client.hearClose() == .normal)
            let target = "/session/\(SyncCast.session(session))"
            try eventually("the state is there") {
                try server.call("GET", target).document["state_data"] == ["a": 1]
            }
        }
        eventually("nothing is left") {
            (try? server.document("/varz"))?["connections"]?["sync"]?.integer == 0
        }
    }

    @Test func `more operations than may wait are all answered`() throws {
        let server = try RunningServer.openSync()
        let client = try server.device("d", user: "u", session: 1)
        let texts = (1...300).map { TestClient.setting("k", to: "\($0)", tag: "\($0)") }
        try client.write(plain: client.frames(texts))
        for number in 1...300 { #expect(try client.hear(.stateUpdate)["correlation_id"]?.string == "\(number)") }
    }

    @Test func `before AUTH nothing but HEARTBEAT is answered`() throws {
        let server = try RunningServer.closedSync { $0.sync.authTimeout = .milliseconds(300) }
        let client = try server.open("/ws")
        try client.say(#"{"type":1,"payload":{"client_time":5}}"#)
        #expect(try client.hear()["payload"]?["client_time"]?.integer == 5)
        try client.say(#"{"type":12,"payload":{}}"#)
        #expect(try client.hear()["payload"]?["code"] == "NOT_AUTHENTICATED")
        #expect(try client.hear()["payload"]?["code"] == "AUTH_TIMEOUT")
        #expect(try client.hearClose() == .authTimeout)
    }

    @Test func `a device that comes again takes over, and only the old socket is closed`() throws {
        let server = try RunningServer.openSync(threads: 2)
        for session in sessions {
            let old = try server.device("d", user: "u", session: session)
            let new = try server.device("d", user: "u", session: session)
            #expect(try old.hearClose() == .superseded)
            try new.say(#"{"type":1,"payload":{}}"#)
            #expect(try new.hear(.heartbeatAck)["payload"] != nil)
        }
    }

    @Test func `binary messages are refused on a JSON socket`() throws {
        let server = try RunningServer.openSync()
        let client = try server.device("d", user: "u", session: 1)
        try client.say([1, 2, 3])
        #expect(try client.hearClose() == .unsupportedData)
    }

    @Test func `a Protobuf socket speaks binary in both directions`() throws {
        let server = try RunningServer.openSync(threads: 2)
        for session in sessions {
            let client = try server.open("/ws", subprotocols: [SyncProtocol.protobuf])
            #expect(client.subprotocol == SyncProtocol.protobuf)
            var message: [UInt8] = []
            let text = Array(TestClient.authentication("d", user: "u", session: session).utf8)
            try SyncProtobuf.append(json: text.span, to: &message)
            try client.say(message)
            guard case .binary(let answer) = try client.nextMessage() else {
                Issue.record("the answer is no binary message")
                return
            }
            let frame = try SyncServerFrame.decode(protobuf: answer.span)
            #expect(frame.kind == .authSuccess)
            #expect(frame.envelope.sessionID == SyncCast.session(session))
        }
    }

    @Test func `the mounted path and a shared port work too`() throws {
        let server = try RunningServer([.awareness, .sync]) { configuration in
            configuration.listeners[0].isSingle = true
            configuration.access.syncMode = .open
        }
        for path in ["/ws", "/sync/ws"] {
            let client = try server.open(path)
            try client.authenticate("d", user: "u", session: 1)
            #expect(try client.hear(.authSuccess)["payload"]?["user_id"] == "u")
        }
        #expect(try server.put("{}", session: 2, user: "u").status == .created)
        #expect(try server.window("u", "w", case: "C").typesUntilPong() == [])
        #expect(try server.get("/elsewhere").status == .notFound)
    }
}
