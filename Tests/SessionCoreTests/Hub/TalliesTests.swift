import SessionCore
import Testing

@Suite struct TalliesTests {
    @Test func `a question is answered with the last loop's answer, in the order of the loops`() {
        var tallies = Tallies<String, Int>()
        let number = tallies.begin("how many", loopCount: 3)
        #expect(tallies.record(30, from: 2, for: number) == nil)
        #expect(tallies.record(10, from: 0, for: number) == nil)
        let whole = tallies.record(20, from: 1, for: number)
        #expect(whole?.purpose == "how many")
        #expect(whole?.answers == [10, 20, 30])
        #expect(tallies.count == 0)
    }

    @Test func `a second answer of a loop, and one to a question that is over, count nothing`() {
        var tallies = Tallies<String, Int>()
        let number = tallies.begin("how many", loopCount: 2)
        #expect(tallies.record(1, from: 0, for: number) == nil)
        #expect(tallies.record(9, from: 0, for: number) == nil)
        #expect(tallies.record(2, from: 1, for: number)?.answers == [1, 2])
        #expect(tallies.record(2, from: 1, for: number) == nil)
    }

    @Test func `questions that are open at once are kept apart`() {
        var tallies = Tallies<String, Int>()
        let first = tallies.begin("first", loopCount: 1)
        let second = tallies.begin("second", loopCount: 1)
        #expect(first != second)
        #expect(tallies.record(2, from: 0, for: second)?.purpose == "second")
        #expect(tallies.record(1, from: 0, for: first)?.purpose == "first")
    }
}
