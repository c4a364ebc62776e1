import SessionBase
import SessionClient
import SessionCodec
import SessionIO
import Testing

@Suite struct EventLineTests {
    private let time = EventTime(wallNanoseconds: 1_704_623_400_123_456_789, instant: Instant(nanoseconds: 42))
    private let start = #"{"t":"2024-01-07T10:30:00.123456789Z","mono_ns":42,"#

    private func line(_ frame: EventLine.Frame, _ direction: EventLine.Direction) -> String {
        var output: [UInt8] = []
        EventLine.append(frame, direction, at: time, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `text is a string`() {
        #expect(
            line(.message(.text, Array("a\"\n".utf8)), .in)
                == start + #""dir":"in","op":"text","len":3,"data":"a\"\n"}"# + "\n")
    }

    @Test(
        arguments: [([], ""), ([0], "AA=="), ([0, 1], "AAE="), ([0xFB, 0xFF, 0xFE], "+//+")] as [([UInt8], String)])
    func `binary is base64`(payload: [UInt8], text: String) {
        #expect(
            line(.message(.binary, payload), .out)
                == start + #""dir":"out","op":"binary","len":\#(payload.count),"b64":"\#(text)"}"# + "\n")
    }

    @Test func `times before the epoch are times too`() {
        #expect(EventTime(wallNanoseconds: -1, instant: .zero).text == "1969-12-31T23:59:59.999999999Z")
    }

    @Test func `an end tells its code and its counts`() throws {
        var output: [UInt8] = []
        let close = ClientClose(
            code: .goingAway, reason: "going_away", origin: .peer, uptime: .seconds(2), traffic: Traffic())
        let next = Reconnection(delay: .seconds(1), attempt: 3)
        EventLine.append(.closed(close), next: next, at: time, to: &output)
        let lines = output.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let first = try JSONValue.parse(lines[0])
        #expect(first["event"]?.string == "closed")
        #expect(first["code"]?.integer == 1001)
        #expect(first["name"]?.string == "going_away")
        #expect(first["by"]?.string == "peer")
        #expect(first["uptime_ns"]?.integer == 2_000_000_000)
        let second = try JSONValue.parse(lines[1])
        #expect(second["event"]?.string == "reconnect")
        #expect(second["attempt"]?.integer == 3)
    }

    @Test func `a refusal tells its status`() throws {
        var output: [UInt8] = []
        let refusal = RefusedHandshake(
            endpoint: "ws://h/", status: 503, phrase: "Service Unavailable", message: "drains", retryAfter: .seconds(5))
        EventLine.append(.failed(.refused(refusal)), next: nil, at: time, to: &output)
        let value = try JSONValue.parse(String(decoding: output, as: UTF8.self))
        #expect(value["error"]?["code"]?.string == "handshake_status")
        #expect(value["error"]?["http"]?.integer == 503)
        #expect(value["error"]?["retry_after"]?.integer == 5)
    }
}
