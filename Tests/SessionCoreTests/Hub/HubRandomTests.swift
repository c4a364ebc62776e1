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

    @Test(arguments: HubFault.allCases)
    func `a planted fault is found`(fault: HubFault) {
        let isFound = (1...12).contains { seed in
            var world = HubWorld(loops: 2, seed: UInt64(seed))
            world.network.fault = fault
            for _ in 1...1000 where world.complaints.isEmpty { world.step() }
            if world.complaints.isEmpty { world.end() }
            return !world.complaints.isEmpty
        }
        #expect(isFound)
    }
}
