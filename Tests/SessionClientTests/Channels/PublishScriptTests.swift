import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `publish --socket` without a server: each message is answered, and the end comes behind the last answer.
@Suite struct PublishScriptTests {
    private func publish(_ message: JSONValue?) -> WatchTranscript<PublishScript> {
        let script = PublishScript(
            channel: "a", message: message.flatMap { ProducerMessage(JSONFragment($0)) }, timeout: .seconds(3)
        ) { line, number in
            if line.isEmpty { return .success(nil) }
            guard let value = try? JSONValue.parse(line.span) else { return .failure(.init("line \(number) is bad")) }
            return .success(ProducerMessage(JSONFragment(value)))
        }
        return WatchTranscript(script)
    }

    @Test func `one message is sent, and its answer ends it`() {
        var script = publish(["type": "m"])
        #expect(script.open() == [#"send {"type":"publish","channel":"a","message":{"type":"m"},"id":1}"#])
        #expect(
            script.receive(#"{"type":"published","channel":"a","delivered":2,"offset":7,"id":1}"#)
                == ["tell delivered 2, channel a, offset 7", "leave 0"])
    }

    @Test func `a refused message is the command's failure`() {
        var script = publish(["type": "m"])
        _ = script.open()
        #expect(script.receive(#"{"type":"error","code":"FORBIDDEN","message":"no"}"#) == ["reject FORBIDDEN 77"])
    }

    @Test func `lines are sent as they come, and the end waits for all answers`() {
        var script = publish(nil)
        #expect(script.open() == [])
        #expect(script.type(#"{"type":"x"}"#).count == 1)
        #expect(script.type("") == [])
        #expect(
            script.type(#"{"type":"y"}"#) == [
                #"send {"type":"publish","channel":"a","message":{"type":"y"},"id":2}"#
            ])
        #expect(script.endInput() == [])
        #expect(script.receive(#"{"type":"published","channel":"a","delivered":0,"id":1}"#).count == 1)
        let refused = script.receive(#"{"type":"error","code":"RATE_LIMITED","message":"slow","id":2}"#)
        #expect(refused.last == "leave 1" && refused.first?.hasPrefix("tell error RATE_LIMITED: slow") == true)
    }

    @Test func `a bad line, a silent server and a close end it`() {
        var bad = publish(nil)
        _ = bad.open()
        #expect(bad.type("{") == ["leave 65: line 1 is bad"])
        var silent = publish(["type": "m"])
        _ = silent.open()
        #expect(silent.pass() == ["leave 75: the server did not answer 1 messages within 3 s"])
        var closed = publish(["type": "m"])
        _ = closed.open()
        #expect(closed.close(.normal) == ["leave 1: the connection ended before 1 messages were answered"])
    }
}
