import SessionClient
import SessionCodec
import Testing

@Suite struct MessageExpectationTests {
    private func expectation(_ patterns: String...) throws -> MessageExpectation {
        MessageExpectation(try patterns.map { try JSONValue.parse($0) })
    }

    private func receive(_ text: String, _ expectation: inout MessageExpectation) -> MessageExpectation.ReceiveAction {
        expectation.receive(Array(text.utf8).span)
    }

    @Test func `additional fields are allowed`() throws {
        var expectation = try expectation(#"{"type":"pong"}"#)
        #expect(receive(#"{"payload":{"timestamp":"x"},"type":"pong"}"#, &expectation) == .matched)
        #expect(expectation.isMet)
        #expect(expectation.failure == [])
    }

    @Test func `pushes in between are skipped`() throws {
        var expectation = try expectation(#"{"type":"registered"}"#)
        #expect(receive(#"{"type":"warning"}"#, &expectation) == .skipped)
        #expect(receive("no json", &expectation) == .skipped)
        #expect(receive(#"{"type":"registered"}"#, &expectation) == .matched)
        #expect(expectation.isMet)
    }

    @Test func `each pattern needs a message of its own in any order`() throws {
        var expectation = try expectation(#"{"a":1}"#, #"{"a":1}"#, #"{"b":2}"#)
        #expect(receive(#"{"b":2}"#, &expectation) == .matched)
        #expect(receive(#"{"a":1}"#, &expectation) == .matched)
        #expect(!expectation.isMet)
        #expect(receive(#"{"a":1}"#, &expectation) == .matched)
        #expect(expectation.isMet)
    }

    @Test func `a failure names the nearest message and its differences`() throws {
        var expectation = try expectation(#"{"type":"error","payload":{"code":"A","n":[1,2]}}"#)
        _ = receive(#"{"type":"pong"}"#, &expectation)
        _ = receive(#"{"type":"error","payload":{"code":"B","n":[1,3]}}"#, &expectation)
        let failure = expectation.failure
        #expect(failure[1] == #"nearest   {"type":"error","payload":{"code":"B","n":[1,3]}}"#)
        #expect(failure[2] == #"          payload.code: expected "A", got "B""#)
        #expect(failure[3] == "          payload.n[1]: expected 2, got 3")
        #expect(failure.filter { $0.hasPrefix("skipped") }.count == 2)
    }

    @Test func `a message without anything in common is near nothing`() throws {
        var expectation = try expectation(#"{"type":"pong"}"#)
        _ = receive(#"{"type":"error"}"#, &expectation)
        #expect(!expectation.failure.contains { $0.hasPrefix("nearest") })
    }

    @Test func `silence is said`() throws {
        #expect(try expectation("{}").failure.last == "no message was received in that time")
    }

    @Test func `skipped messages are bounded`() throws {
        var expectation = try expectation(#"{"type":"pong"}"#)
        for index in 0..<200 { _ = receive("\(index)", &expectation) }
        #expect(expectation.skippedCount == 200)
        #expect(expectation.skipped.count == MessageExpectation.skippedMax)
        #expect(expectation.failure.contains("skipped   150 earlier messages"))
    }

    @Test func `a missing object is reported by its parts`() throws {
        let value = try JSONValue.parse(#"{"type":"x"}"#)
        let pattern = try JSONValue.parse(#"{"type":"x","payload":{"a":1,"b":2}}"#)
        let differences = PatternDifference.between(value, and: pattern)
        #expect(differences.map(\.path) == ["payload.a", "payload.b"])
        #expect(differences.first?.description == "payload.a: expected 1, got nothing")
    }
}
