import SessionBase
import Testing

@Suite struct SharedTallyTests {
    @Test func `whoever adds at the same time, there are never more than the limit`() async {
        let tally = SharedTally()
        let added = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1_000).count { _ in tally.add(upTo: 3_000) } }
            }
            return await group.reduce(0, +)
        }
        #expect(added == 3_000 && tally.count == 3_000)
        tally.remove()
        #expect(tally.add(upTo: 3_000) && !tally.add(upTo: 3_000) && tally.add())
    }
}
