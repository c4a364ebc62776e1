import SessionBase
import SessionCodec
import SessionCore
import Testing

/// JSON and Protobuf connections side by side (PROTOCOLS 1-1, §3.5).
@Suite struct SyncProtobufTests {
    @Test func `devices of both codecs share a session`() {
        var service = SyncFixture()
        let text = service.join("u1", session: .named)
        let binary = service.open(subprotocol: SyncProtocol.protobuf)
        let heard = service.authenticate("u1", device: "d2", on: binary)
        #expect(heard.welcome?.sessionID == .named && heard.welcome?.devicesOnline == 2)
        service.update("a", .set, #"{"b":[1,"x",null]}"#, on: text)
        guard case .stateUpdate(let told)? = service.log.messages(to: binary).last else {
            Issue.record("nobody is told")
            return
        }
        #expect(told.value == .json(#"{"b":[1,"x",null]}"#) && service.envelopes[binary]?.sequence == 3)
        service.update("n", .increment, "2", correlation: "c1", on: binary)
        #expect(service.log.messages(to: text).last?.kind == .stateUpdate)
        #expect(service.state(on: text) == ["a": ["b": [1, "x", nil]], "n": 2])
        #expect(service.state(on: binary) == service.state(on: text))
    }

    @Test func `what was missed is told again in Protobuf`() throws {
        var service = SyncFixture()
        let writer = service.join("u1", device: "writer", session: .named)
        let reader = service.open(subprotocol: SyncProtocol.protobuf)
        let welcome = try #require(service.authenticate("u1", device: "reader", on: reader).welcome)
        service.close(reader, cleanly: false)
        service.update("a", .set, "1", on: writer)
        let again = service.open(subprotocol: SyncProtocol.protobuf)
        let place = SyncAuthentication.Resume(epoch: welcome.epoch, sequence: welcome.sequence)
        let heard = service.authenticate("u1", device: "reader", resume: place, on: again)
        #expect(heard.messages(to: again).map(\.kind) == [.authSuccess, .stateUpdate])
    }

    @Test func `a text message on a connection that speaks Protobuf closes with 1003`() {
        var service = SyncFixture()
        let connection = service.open(subprotocol: SyncProtocol.protobuf)
        let heard = service.receive([UInt8](#"{"type":1}"#.utf8), .text, on: connection)
        #expect(heard == [.closed(connection, .unsupportedData)])
    }

    @Test func `what is no Protobuf is INVALID_MESSAGE, and counts`() {
        var service = SyncFixture()
        let connection = service.open(subprotocol: SyncProtocol.protobuf)
        for _ in 0..<19 {
            let heard = service.receive([0xFF, 0xFF], .binary, on: connection)
            #expect(heard.errors == [.invalidMessage] && heard.closes == [])
        }
        #expect(service.receive([0xFF, 0xFF], .binary, on: connection).closes == [.tooManyErrors])
    }

    @Test func `administrators are informed in their own codec`() {
        var service = SyncFixture()
        let admin = service.open(subprotocol: SyncProtocol.protobuf)
        service.authenticate("boss!", on: admin)
        let payload = [UInt8](#"{"kind":"metrics","data":{"a":1}}"#.utf8)
        let heard = service.perform { $0.inform(payload.span, at: $1, effects: &$2) }
        #expect(heard == [.said(admin, .adminUpdate(SyncAdminUpdate(kind: .metrics, data: .json(#"{"a":1}"#))))])
    }
}
