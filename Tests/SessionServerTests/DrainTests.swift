import SessionBase
import Testing

@testable import SessionServer

@Suite struct DrainTests {
    private let connections = (0..<4).map { ConnectionID(slot: $0, generation: 0) }

    @Test func `sockets are closed one after the other over the whole duration`() {
        var drain = Drain()
        drain.enter(.closing)
        drain.plan(connections, from: .zero, over: .seconds(40))
        var closed: [Int: ConnectionID] = [:]
        for second in 0...40 {
            while let id = drain.next(at: .zero + .seconds(second)) { closed[second] = id }
        }
        #expect(closed == [0: connections[0], 10: connections[1], 20: connections[2], 30: connections[3]])
        #expect(drain.deadline == nil)
    }

    @Test func `a duration of zero closes everything at once`() {
        var drain = Drain()
        drain.enter(.closing)
        drain.plan(connections, from: .zero, over: .zero)
        var count = 0
        while drain.next(at: .zero) != nil { count += 1 }
        #expect(count == 4)
    }

    @Test func `a drain that is called off closes nothing`() {
        var drain = Drain()
        drain.enter(.announced)
        drain.closesAt = .zero + .seconds(5)
        #expect(drain.deadline == .zero + .seconds(5))
        drain.enter(.serving)
        #expect(drain.deadline == nil)
    }
}
