import SessionBase
import SessionClient
import SessionCodec
import Testing

@Suite struct StopRuleTests {
    /// A rule, and the time at which things happen to it.
    private struct Script {
        var rule: StopRule

        init(_ configure: (inout StopRule.Conditions) -> Void) {
            var conditions = StopRule.Conditions()
            configure(&conditions)
            rule = StopRule(conditions)
            rule.opened(at: .zero)
        }

        mutating func receive(_ text: String, at seconds: Int = 0) -> StopRule.Action {
            rule.received(Array(text.utf8).span, at: .zero + .seconds(seconds))
        }

        mutating func tick(at seconds: Int) -> StopRule.Action { rule.tick(at: .zero + .seconds(seconds)) }

        mutating func end(_ code: UInt16) -> StopRule.Action {
            rule.ended(.closed(ClientClose(code: CloseCode(rawValue: code), reason: "", origin: .peer)))
        }
    }

    private func verdict(_ action: StopRule.Action) -> Verdict? {
        if case .leave(let verdict, _) = action { verdict } else { nil }
    }

    @Test func `without anything asked for it leaves two silent seconds after the end of input`() {
        var script = Script { _ in }
        #expect(script.rule.deadline == nil)
        script.rule.inputEnded(at: .zero + .seconds(1))
        #expect(script.receive("x", at: 2) == .stay)
        #expect(script.tick(at: 3) == .stay)
        #expect(script.tick(at: 4) == .leave(.success, explanation: []))
    }

    @Test func `forever means until the peer closes`() {
        var script = Script { $0.wait = nil }
        script.rule.inputEnded(at: .zero)
        #expect(script.rule.deadline == nil)
        #expect(script.end(1000) == .leave(.success, explanation: []))
    }

    @Test func `the count ends it`() {
        var script = Script { $0.count = 2 }
        #expect(script.receive("a") == .stay)
        #expect(script.receive("b") == .leave(.success, explanation: []))
    }

    @Test func `a count that is not reached is a failure`() {
        var script = Script { $0.count = 2 }
        _ = script.receive("a")
        script.rule.inputEnded(at: .zero)
        #expect(script.tick(at: 2) == .leave(.failed, explanation: ["expected  2 messages, got 1"]))
        #expect(verdict(script.end(1000)) == .failed)
    }

    @Test func `a pattern that comes ends it, one that does not fails it`() {
        var script = Script { $0.patterns = [["type": "pong"]] }
        script.rule.inputEnded(at: .zero)
        #expect(script.receive(#"{"type":"warning"}"#, at: 4) == .stay)
        #expect(script.tick(at: 4) == .stay)
        var other = script
        #expect(other.receive(#"{"type":"pong"}"#, at: 4) == .leave(.success, explanation: []))
        #expect(verdict(script.tick(at: 5)) == .failed)
    }

    @Test func `the time for a pattern counts from the last message sent`() {
        var script = Script { $0.patterns = [["type": "pong"]] }
        script.rule.sent(at: .zero + .seconds(9))
        #expect(script.tick(at: 13) == .stay)
        #expect(verdict(script.tick(at: 14)) == .failed)
    }

    @Test func `silence is broken by any message`() {
        var script = Script { $0.silence = .seconds(1) }
        var other = script
        #expect(script.tick(at: 1) == .leave(.success, explanation: []))
        #expect(verdict(other.receive("x")) == .failed)
    }

    @Test func `silence counts from the pattern that came before it`() {
        var script = Script {
            $0.patterns = [["a": 1]]
            $0.silence = .seconds(2)
        }
        #expect(script.receive(#"{"b":1}"#, at: 1) == .stay)
        #expect(script.receive(#"{"a":1}"#, at: 3) == .stay)
        #expect(script.tick(at: 4) == .stay)
        #expect(script.tick(at: 5) == .leave(.success, explanation: []))
    }

    @Test func `the expected close is a success whatever its code means`() {
        var script = Script { $0.closeCode = .connectionLimit }
        #expect(script.end(4429) == .leave(.success, explanation: []))
        #expect(verdict(script.end(1000)) == .failed)
        #expect(verdict(script.tick(at: 5)) == .failed)
    }

    @Test(arguments: [(1000, .failed), (4401, .refused), (1006, .unavailable)] as [(UInt16, Verdict)])
    func `a close before the pattern says why where it knows`(code: UInt16, expected: Verdict) {
        var script = Script { $0.patterns = [["type": "pong"]] }
        #expect(verdict(script.end(code)) == expected)
    }
}
