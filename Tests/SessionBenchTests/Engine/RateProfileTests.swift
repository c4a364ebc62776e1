import SessionBase
import SessionBench
import Testing

@Suite struct RateProfileTests {
    private let ramp = RateProfile(stages: [
        .init(duration: .seconds(10), from: 100, to: 300), .init(duration: .seconds(5), from: 0, to: 0),
        .init(duration: .seconds(5), from: 50, to: 50),
    ])

    @Test func `a constant rate has its requests at equal distances`() {
        let profile = RateProfile(constant: 8)
        #expect(profile.time(of: 0) == .zero)
        #expect(profile.time(of: 3) == .milliseconds(375))
        #expect(profile.count(until: .seconds(2)) == 16)
        #expect(profile.rate(at: .seconds(100)) == 8)
    }

    @Test(arguments: [(0.0, 0.0), (1100.0, 6.618950), (2000.0, 10.0), (2001.0, 15.02), (2250.0, 20.0), (2300.0, 21.0)])
    func `a request of a ramp is due where the area reaches its number`(number: Double, seconds: Double) {
        #expect(abs(ramp.time(of: number) / .seconds(1) - seconds) < 1e-6)
    }

    @Test func `the area and its inverse agree`() {
        for number in stride(from: 0.5, to: 2400, by: 7.3) {
            let time = ramp.time(of: number)
            #expect(abs(ramp.count(until: time) - number) < 1e-3 || ramp.rate(at: time) == 0)
        }
    }

    @Test func `the rate changes evenly inside of a stage`() {
        #expect(ramp.rate(at: .seconds(5)) == 200)
        #expect(ramp.rate(at: .seconds(12)) == 0)
        #expect(ramp.rate(at: .seconds(60)) == 50)
    }

    @Test func `a profile that ends without a rate has no more requests`() {
        let profile = RateProfile(stages: [.init(duration: .seconds(2), from: 10, to: 0)])
        #expect(profile.time(of: 9.9) < .seconds(2))
        #expect(profile.time(of: 11) == .nanoseconds(Int64.max))
    }

    @Test func `a million a second for an hour ends on the right request`() {
        let profile = RateProfile(constant: 1_000_000)
        #expect(profile.time(of: 3_600_000_000) == .seconds(3600))
    }
}
