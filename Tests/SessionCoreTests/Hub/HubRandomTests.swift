import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Hubs under random work: mail between different loops overtakes, connections come and go, machines answer late.
@Suite struct HubRandomTests {
    @Test(arguments: [1, 2, 3], 1...12)
    func `exactly the subscribers hear, in one order, and nothing stays`(loops: Int, seed: Int) {
        var world = HubWorld(loops: loops, seed: UInt64(seed))
        for _ in 1...1000 { world.step() }
        world.end()
        #expect(world.complaints.isEmpty, "seed \(seed), \(loops) loops")
        #expect(world.recoveredCount > 0 && world.network.outcomes.count > 100, "there was something to check")
    }
}
