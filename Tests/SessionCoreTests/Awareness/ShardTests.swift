import SessionBase
import SessionCodec
import SessionCore
import Testing

/// One user belongs to one machine: connections move there with their first register (ARCHITECTURE §8).
@Suite struct ShardTests {
    private static func configure(_ shard: Int) -> (inout AwarenessConfiguration) -> Void {
        {
            $0.shard = shard
            $0.shardCount = 4
            $0.hash = SipHash(key0: 1, key1: 2)
        }
    }

    /// A user whom `shard` owns.
    private static func user(ofShard shard: Int) -> String {
        var configuration = AwarenessConfiguration()
        configure(0)(&configuration)
        return (0...).lazy.map { "user-\($0)" }.first { configuration.shard(of: [UInt8]($0.utf8)) == shard }!
    }

    @Test func `a register of a user of another shard only moves the connection`() {
        var service = AwarenessFixture(Self.configure(1))
        let connection = service.open()
        let user = Self.user(ofShard: 3)
        #expect(service.register("w1", "C1", user: user, on: connection) == [.moved(connection, shard: 3)])
        #expect(service.machine.statistics == .init(connections: 1))
        #expect(service.machine.counters[AwarenessClientKind.register] == 0, "it is counted where it is carried out")
    }

    @Test func `the id decides and not its spelling`() {
        var service = AwarenessFixture(Self.configure(1))
        let connection = service.open()
        let user = Self.user(ofShard: 3)
        let escaped = user.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
        #expect(
            service.receive(
                #"{"type":"register","payload":{"userId":"\#(escaped)","windowId":"w1","caseId":"C1"}}"#, on: connection
            )
                == [.moved(connection, shard: 3)])
    }

    @Test func `a connection with a user never moves`() {
        var service = AwarenessFixture(Self.configure(1))
        let connection = service.openWindow("w1", "C1", user: Self.user(ofShard: 1))
        #expect(
            service.register("w1", "C1", user: Self.user(ofShard: 3), on: connection)
                == [.message(connection, .refused(.userMismatch))])
    }

    @Test func `a connection takes its version, its limits and its misdeeds along`() {
        var source = AwarenessFixture(Self.configure(1))
        var target = AwarenessFixture(Self.configure(3))
        let connection = source.openVersion2()
        for _ in 1...19 { source.receive("?", on: connection) }
        let passenger = source.machine.depart(connection)
        source.machine.checkInvariants()
        #expect(source.machine.statistics == .init())
        let arrived = ConnectionID(slot: 5, generation: 9)
        target.machine.arrive(arrived, passenger, at: target.moment)
        target.machine.checkInvariants()
        let user = Self.user(ofShard: 3)
        target.register("w1", "C1", user: user, on: arrived)
        #expect(target.say(.focus(user: user, window: "w1"), on: arrived).count == 1)
        #expect(target.receive("?", on: arrived).last == .closed(arrived, .tooManyErrors))
    }

    @Test func `a moved connection is still closed when it stays silent`() {
        var source = AwarenessFixture(Self.configure(1))
        var target = AwarenessFixture(Self.configure(3))
        let passenger = source.machine.depart(source.open())
        let arrived = ConnectionID(slot: 0, generation: 0)
        target.machine.arrive(arrived, passenger, at: target.moment)
        #expect(target.wait(.seconds(60)) == [.closed(arrived, .normal)])
        #expect(source.wait(.seconds(120)) == [])
    }
}
