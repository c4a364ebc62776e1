import SessionBase
import SessionCodec
import SessionCore
import Testing

@testable import SessionServer

/// Members that do not read: what waits for them, what makes way, and when they are given up (PROTOCOLS C4 and C5).
@Suite struct StuckMemberTests {
    private let group = GroupID(.channels, 1)

    /// Two members, one of which is stuck, and how many messages each was sent by then.
    private func stuck(
        _ fixture: GroupFixture, _ policy: OverflowPolicy = .disconnect
    ) throws -> (stuck: GroupFixture.Member, lively: GroupFixture.Member, sent: Int) {
        let stuck = try fixture.member(bufferBytes: 4096)
        let lively = try fixture.member()
        fixture.perform {
            $0.join(stuck.id, group)
            $0.join(lively.id, group)
        }
        let sent = try fixture.block(stuck, in: group, policy)
        #expect(try lively.hear(sent).count == sent)
        return (stuck, lively, sent)
    }

    @Test func `a member that reads again has lost nothing, and the others never waited`() throws {
        let fixture = try GroupFixture()
        let (stuck, lively, sent) = try stuck(fixture)
        for number in 0..<100 {
            fixture.perform {
                $0.multicast("news \(number)", to: group)
                if number.isMultiple(of: 10) { $0.send("yours \(number)", to: stuck.id) }
            }
            fixture.endTurn()
            #expect(try lively.hear(1) == ["news \(number)"])
        }
        let expected = (0..<100).flatMap { $0.isMultiple(of: 10) ? ["news \($0)", "yours \($0)"] : ["news \($0)"] }
        #expect(fixture.drain(stuck, sent + 110).suffix(110) == expected[...])
        #expect(!fixture.connection(of: stuck).isWriting)
        // Nothing of the bad time is left.
        #expect(fixture.connection(of: stuck).waitingBytes == 0)
        fixture.perform { $0.multicast("all well", to: group) }
        fixture.endTurn()
        #expect(try stuck.hear(1) == ["all well"])
    }

    @Test func `a stuck member is named while it is stuck`() throws {
        let fixture = try GroupFixture()
        let (stuck, _, _) = try stuck(fixture)
        let named = fixture.slow
        #expect(named.map(\.serial) == [fixture.connection(of: stuck).serial])
        let before = try #require(named.first?.waitingBytes)
        fixture.perform { $0.multicast("more", to: group) }
        fixture.endTurn()
        #expect(fixture.slow.first?.waitingBytes == before + 6)
    }

    @Test func `a member for which too much waits is closed as a slow consumer, and no other`() throws {
        let fixture = try GroupFixture { $0.queue.bytesMax = 20_000 }
        let (stuck, lively, _) = try stuck(fixture)
        for number in 0..<30 {
            fixture.perform { $0.multicast("\(number)" + String(repeating: "-", count: 1000), to: group) }
            fixture.endTurn()
        }
        #expect(fixture.connection(of: stuck).closeCode == .slowConsumer)
        #expect(fixture.counters.slowConsumers[ProtocolID.awareness.index] == 1)
        #expect(try lively.hear(30).count == 30)
        #expect(fixture.connection(of: lively).closeCode == nil)
    }

    @Test func `the oldest messages that may be dropped are, and the member stays`() throws {
        let fixture = try GroupFixture { $0.queue.bytesMax = 20_000 }
        let (stuck, lively, sent) = try stuck(fixture, .dropOldest)
        let padding = String(repeating: "-", count: 1000)
        for number in 0..<100 {
            fixture.perform { $0.multicast("\(number) \(padding)", to: group, policy: .dropOldest) }
            fixture.endTurn()
        }
        #expect(try lively.hear(100).count == 100)
        let dropped = Int(fixture.counters.droppedMessages[ProtocolID.awareness.index])
        #expect(dropped > 70 && dropped < 100)
        #expect(fixture.connection(of: stuck).waitingBytes <= 20_000)
        let heard = fixture.drain(stuck, sent + 100 - dropped).dropFirst(sent)
        #expect(heard.elementsEqual((dropped..<100).map { "\($0) \(padding)" }))
        #expect(fixture.connection(of: stuck).closeCode == nil)
    }

    @Test func `the latest of each key is what a member hears that reads again`() throws {
        let fixture = try GroupFixture()
        let (stuck, lively, sent) = try stuck(fixture, .conflate(key: 0))
        for number in 0..<10 {
            fixture.perform { effects in
                for key in 1...3 as ClosedRange<UInt64> {
                    effects.multicast("row \(key) is \(number)", to: group, policy: .conflate(key: key))
                }
            }
            fixture.endTurn()
        }
        #expect(try lively.hear(30).count == 30)
        #expect(fixture.drain(stuck, sent + 3).dropFirst(sent) == ["row 1 is 9", "row 2 is 9", "row 3 is 9"])
        #expect(fixture.counters.conflatedMessages[ProtocolID.awareness.index] == 27)
    }

    @Test func `a message that skips the stuck reaches neither a stuck member nor its memory`() throws {
        let fixture = try GroupFixture()
        let (stuck, lively, sent) = try stuck(fixture, .skip)
        let before = fixture.connection(of: stuck).waitingBytes
        for number in 0..<100 {
            fixture.perform { $0.multicast("patch \(number)", to: group, policy: .skip) }
            fixture.endTurn()
        }
        #expect(try lively.hear(100).count == 100)
        #expect(fixture.connection(of: stuck).waitingBytes == before)
        #expect(fixture.connection(of: stuck).isSkipping)
        #expect(fixture.counters.droppedMessages[ProtocolID.awareness.index] == 100)
        #expect(fixture.drain(stuck, sent).count == sent)
    }

    @Test func `who missed something gets nothing more of that sort until its service was told, and then all`() throws {
        let fixture = try GroupFixture()
        let (stuck, _, sent) = try stuck(fixture, .skip)
        fixture.perform { $0.multicast("missed", to: group, policy: .skip) }
        fixture.endTurn()
        #expect(fixture.drain(stuck, sent).count == sent)
        #expect(!fixture.connection(of: stuck).isWriting)
        // Its socket takes everything again, but what would come now belongs behind what it missed.
        fixture.perform {
            $0.multicast("still skipped", to: group, policy: .skip)
            $0.multicast("for all", to: group)
        }
        fixture.endTurn()
        #expect(try stuck.hear(1) == ["for all"])
        fixture.perform { $0.multicast("older than what the service says", to: group, policy: .skip) }
        fixture.loop.finishEvents()
        #expect(!fixture.connection(of: stuck).isSkipping)
        fixture.perform { $0.multicast("news", to: group, policy: .skip) }
        fixture.endTurn()
        #expect(try stuck.hear(1) == ["news"])
        #expect(stuck.hearsNothing)
    }

    @Test func `a member that reads everything never misses a message that skips the stuck`() throws {
        let fixture = try GroupFixture()
        let member = try fixture.member()
        fixture.perform { $0.join(member.id, group) }
        for number in 0..<20 {
            fixture.perform {
                $0.multicast("\(number)", to: group, policy: .skip)
                if number.isMultiple(of: 3) { $0.send("yours", to: member.id) }
            }
            fixture.endTurn()
        }
        let heard = try member.hear(27)
        #expect(heard.filter { $0 != "yours" } == (0..<20).map { "\($0)" })
    }

    @Test func `only messages that make way for nothing get too old`() throws {
        let fixture = try GroupFixture()
        let (stuck, _, _) = try stuck(fixture, .dropOldest)
        func isStuck(after time: Duration) -> Bool {
            fixture.connection(of: stuck).isStuck(
                longerThan: .seconds(10), at: fixture.loop.moment.instant + time)
        }
        #expect(!isStuck(after: .seconds(100)))
        fixture.perform { $0.multicast("firm", to: group) }
        fixture.endTurn()
        #expect(!isStuck(after: .seconds(10)))
        #expect(isStuck(after: .seconds(11)))
    }

    @Test func `a compressed member has as much time for what makes way as any other`() throws {
        let fixture = try GroupFixture()
        let stuck = try fixture.member(deflate: DeflateParameters(), bufferBytes: 4096)
        fixture.perform { $0.join(stuck.id, group) }
        _ = try fixture.block(stuck, in: group, .conflate(key: 0))
        let later = fixture.loop.moment.instant + .seconds(100)
        #expect(!fixture.connection(of: stuck).isStuck(longerThan: .seconds(10), at: later))
        fixture.perform { $0.send("yours", to: stuck.id) }
        fixture.endTurn()
        #expect(fixture.connection(of: stuck).isStuck(longerThan: .seconds(10), at: later))
    }

    @Test func `a stuck member that is closed hears what waited and then its Close frame`() throws {
        let fixture = try GroupFixture()
        let (stuck, _, sent) = try stuck(fixture)
        fixture.perform {
            $0.multicast("last words", to: group)
            $0.close(stuck.id, .goingAway)
        }
        fixture.endTurn()
        #expect(fixture.drain(stuck, sent + 2).suffix(2) == ["last words", "close 1001"])
    }

    @Test func `a member whose peer is gone is given up, and the others hear everything`() throws {
        let fixture = try GroupFixture()
        let lively = try fixture.member()
        var gone: GroupFixture.Member? = try fixture.member()
        let id = try #require(gone?.id)
        fixture.perform {
            $0.join(lively.id, group)
            $0.join(id, group)
        }
        gone = nil
        var count = 0
        eventually("the loop finds out") {
            fixture.perform { $0.multicast("\(count)", to: group) }
            fixture.endTurn()
            count += 1
            return !fixture.loop.connections.contains(id)
        }
        #expect(try lively.hear(count) == (0..<count).map { "\($0)" })
    }
}
