import SessionBase
import Testing

@Suite struct TimingWheelTests {
    /// One tick of the wheel, 2²⁰ ns.
    private let tick = Duration.nanoseconds(1 << 20)

    @Test func `an empty wheel has nothing to wait for`() {
        var wheel = TimingWheel(startingAt: .zero)
        #expect(wheel.next == nil)
        #expect(advance(&wheel, to: .zero + .seconds(3600)) == [])
    }

    @Test(arguments: [
        Duration.zero, .nanoseconds(1), .milliseconds(1), .milliseconds(67), .milliseconds(68), .seconds(4),
        .seconds(5),
        .seconds(25), .seconds(275), .seconds(3600), .seconds(86_400 * 30),
    ])
    func `a deadline expires neither early nor a tick late`(delay: Duration) {
        let start = Instant(nanoseconds: 12_345_678_901_234)
        var wheel = TimingWheel(startingAt: start)
        let deadline = start + delay
        wheel.schedule(slot: 3, at: deadline)
        if delay > .zero { #expect(advance(&wheel, to: deadline - .nanoseconds(1)) == []) }
        #expect(advance(&wheel, to: deadline + tick) == [3])
        #expect(!wheel.isScheduled(slot: 3))
        #expect(wheel.next == nil)
    }

    @Test func `waiting for next again and again leads to the deadline in few steps`() throws {
        var wheel = TimingWheel(startingAt: .zero)
        let deadline = Instant.zero + .seconds(3 * 3600)
        wheel.schedule(slot: 0, at: deadline)
        var steps = 0
        while let next = wheel.next, wheel.isScheduled(slot: 0) {
            #expect(next < deadline + tick)
            _ = advance(&wheel, to: next)
            steps += 1
            try #require(steps <= 7)
        }
        #expect(!wheel.isScheduled(slot: 0))
    }

    @Test func `scheduling again replaces the deadline, cancelling removes it`() {
        var wheel = TimingWheel(startingAt: .zero)
        wheel.schedule(slot: 1, at: .zero + .seconds(1))
        wheel.schedule(slot: 1, at: .zero + .seconds(9))
        wheel.schedule(slot: 2, at: .zero + .seconds(1))
        wheel.cancel(slot: 2)
        wheel.cancel(slot: 7)
        #expect(wheel.count == 1)
        #expect(advance(&wheel, to: .zero + .seconds(8)) == [])
        #expect(advance(&wheel, to: .zero + .seconds(10)) == [1])
        #expect(wheel.count == 0)
    }

    @Test func `a deadline in the past expires with the next advance`() {
        var wheel = TimingWheel(startingAt: .zero + .seconds(100))
        wheel.schedule(slot: 0, at: .zero + .seconds(1))
        #expect(wheel.next! <= .zero + .seconds(100))
        #expect(advance(&wheel, to: .zero + .seconds(100)) == [0])
    }

    @Test func `the end of time never comes`() {
        var wheel = TimingWheel(startingAt: .zero)
        wheel.schedule(slot: 0, at: .distantFuture)
        #expect(advance(&wheel, to: .zero + .seconds(86_400 * 365 * 100)) == [])
        #expect(wheel.isScheduled(slot: 0))
    }

    @Test func `a wheel does what a list of deadlines does`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let divergence = Self.compareWithModel(steps: 400, random: &random)
            #expect(divergence == nil, "SeededRandom(seed: \(seed))")
        }
    }

    /// Runs random calls against a dictionary of deadlines; returns what differed first.
    private static func compareWithModel(steps: Int, random: inout SeededRandom) -> String? {
        var now = Instant(nanoseconds: Int64.random(in: 0...1 << 50, using: &random))
        var wheel = TimingWheel(startingAt: now)
        var model: [UInt32: Instant] = [:]
        for step in 0..<steps {
            let slot = UInt32.random(in: 0..<40, using: &random)
            let delay = Duration.nanoseconds(Int64(1) << Int64.random(in: 0...45, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                wheel.schedule(slot: slot, at: now + delay)
                model[slot] = now + delay
            case 5:
                wheel.cancel(slot: slot)
                model[slot] = nil
            default:
                now = now + Duration.nanoseconds(delay.nanoseconds / 8)
                var expired: [UInt32] = []
                wheel.advance(to: now, into: &expired)
                if let fault = check(expired, &model, at: now) { return "step \(step): \(fault)" }
            }
            if wheel.count != model.count { return "step \(step): \(wheel.count) deadlines, not \(model.count)" }
            if let first = model.values.min(), wheel.next.map({ $0 < first + .nanoseconds(1 << 20) }) != true {
                return "step \(step): next is \(String(describing: wheel.next)), the first deadline \(first)"
            }
        }
        return nil
    }

    /// Takes the expired slots out of the model; returns what should not have been.
    private static func check(_ expired: [UInt32], _ model: inout [UInt32: Instant], at now: Instant) -> String? {
        for slot in expired {
            guard let deadline = model.removeValue(forKey: slot) else { return "slot \(slot) expired without deadline" }
            if deadline > now { return "slot \(slot) expired early" }
        }
        let late = model.first { $0.value + .nanoseconds(1 << 20) <= now }
        return late.map { "slot \($0.key) is late" }
    }

    private func advance(_ wheel: inout TimingWheel, to now: Instant) -> [UInt32] {
        var expired: [UInt32] = []
        wheel.advance(to: now, into: &expired)
        return expired
    }
}
