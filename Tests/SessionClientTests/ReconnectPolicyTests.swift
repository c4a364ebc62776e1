import SessionBase
import SessionClient
import SessionCodec
import Testing

@Suite struct ReconnectPolicyTests {
    private func wait(
        _ policy: inout ReconnectPolicy, _ loss: Loss = .closed(.abnormal), uptime: Duration? = nil, seed: UInt64 = 1
    ) -> (Duration, Int)? {
        var random = SeededRandom(seed: seed)
        guard case .wait(let delay, let attempt) = policy.lost(loss, uptime: uptime, random: &random) else {
            return nil
        }
        return (delay, attempt)
    }

    @Test(arguments: [1000, 1002, 1003, 1005, 1007, 1008, 1009, 1010, 3000, 4000, 4400, 4401, 4409, 4410, 4440, 4441])
    func `these closes are final`(code: UInt16) {
        #expect(!ReconnectPolicy.isWorthAnotherAttempt(.closed(CloseCode(rawValue: code))))
    }

    @Test(arguments: [1001, 1006, 1011, 1012, 1013, 4500, 4503, 4508, 4511, 4513, 4529, 4541, 4599])
    func `after these closes a client comes back`(code: UInt16) {
        #expect(ReconnectPolicy.isWorthAnotherAttempt(.closed(CloseCode(rawValue: code))))
    }

    @Test func `a refused handshake is final unless it says later`() {
        for status in [400, 401, 403, 404, 409, 426] {
            #expect(!ReconnectPolicy.isWorthAnotherAttempt(.refused(status: status, retryAfter: nil)))
        }
        for status in [408, 429, 500, 502, 503] {
            #expect(ReconnectPolicy.isWorthAnotherAttempt(.refused(status: status, retryAfter: nil)))
        }
        #expect(!ReconnectPolicy.isWorthAnotherAttempt(.hopeless))
    }

    @Test func `waits stay below one second doubled each time and thirty seconds`() {
        var policy = ReconnectPolicy()
        let ceilings = [1, 2, 4, 8, 16, 30, 30, 30]
        for (index, ceiling) in ceilings.enumerated() {
            let answer = wait(&policy, seed: UInt64(index))
            #expect(answer?.1 == index + 1)
            #expect((Duration.zero...Duration.seconds(ceiling)).contains(answer?.0 ?? .seconds(99)))
        }
    }

    @Test func `jitter uses the whole range`() {
        let delays = (0..<200).map { seed in
            var policy = ReconnectPolicy()
            return wait(&policy, seed: UInt64(seed))?.0.milliseconds ?? -1
        }
        #expect(delays.contains { $0 < 100 } && delays.contains { $0 > 900 })
    }

    @Test func `sixty seconds of life start the count again`() {
        var policy = ReconnectPolicy()
        for _ in 0..<5 { _ = wait(&policy) }
        #expect(wait(&policy, uptime: .seconds(59))?.1 == 6)
        #expect(wait(&policy, uptime: .seconds(60))?.1 == 1)
    }

    @Test func `the number of attempts is bounded`() {
        var policy = ReconnectPolicy(maxAttempts: 2)
        #expect(wait(&policy) != nil)
        #expect(wait(&policy) != nil)
        #expect(wait(&policy) == nil)
    }

    @Test func `a server that drains or has no backend gets its own pause`() {
        for seed in 0..<50 as Range<UInt64> {
            var policy = ReconnectPolicy()
            #expect(wait(&policy, .closed(.goingAway), seed: seed)?.0 ?? .seconds(9) <= .seconds(5))
            policy = ReconnectPolicy()
            #expect(wait(&policy, .closed(.backendUnavailable), seed: seed)?.0 ?? .zero >= .seconds(2))
            policy = ReconnectPolicy()
            let busy = Loss.refused(status: 503, retryAfter: .seconds(7))
            #expect(wait(&policy, busy, seed: seed)?.0 ?? .zero >= .seconds(7))
        }
    }
}
