import SessionBase
import Testing

@Suite struct SeededRandomTests {
    @Test func `a seed fixes the whole sequence`() {
        // splitmix64 of 0 is 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, …; the first output is rotl(state1 * 5, 7) * 9.
        var random = SeededRandom(seed: 0)
        let start = [random.next(), random.next()]
        #expect(start == [0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a])
        var first = SeededRandom(seed: 42)
        var second = SeededRandom(seed: 42)
        let draws = ((0..<100).map { _ in first.next() }, (0..<100).map { _ in second.next() })
        #expect(draws.0 == draws.1)
        var other = SeededRandom(seed: 43)
        let next = (first.next(), other.next())
        #expect(next.0 != next.1)
    }

    @Test func `a chance comes out about as often as it says`() {
        var random = SeededRandom(seed: 1)
        let hits = (0..<10_000).count { _ in random.chance(0.25) }
        #expect(2_300...2_700 ~= hits)
        let bounds = [random.chance(0), random.chance(1)]
        #expect(bounds == [false, true])
    }
}
