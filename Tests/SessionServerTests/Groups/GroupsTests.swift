import SessionBase
import SessionCodec
import SessionCore
import Testing

@testable import SessionServer

@Suite struct GroupsTests {
    private let group = GroupID(.channels, 7)

    private func id(_ slot: UInt32, _ generation: UInt32 = 1) -> ConnectionID {
        ConnectionID(slot: slot, generation: generation)
    }

    @Test func `members lie in slot order, whatever the order in which they joined`() {
        var groups = Groups()
        for slot in [5, 1, 9, 3, 0, 7] as [UInt32] { #expect(groups.join(id(slot), group) == true) }
        #expect(groups[group].map(\.slot) == [0, 1, 3, 5, 7, 9])
        for slot in 0..<10 as Range<UInt32> {
            #expect(groups.contains(id(slot), in: group) == [0, 1, 3, 5, 7, 9].contains(slot))
        }
    }

    @Test func `joining twice is joining once, and so is leaving`() {
        var groups = Groups()
        #expect(groups.join(id(1), group) == true)
        #expect(groups.join(id(1), group) == false)
        #expect(groups[group] == [id(1)])
        #expect(groups.leave(id(1), group) == true)
        #expect(groups.leave(id(1), group) == false)
        #expect(groups.isEmpty(group))
    }

    @Test func `a group lasts as long as its last member, and services have groups of their own`() {
        var groups = Groups()
        let other = GroupID(.lockers, 7)
        _ = groups.join(id(1), group)
        _ = groups.join(id(2), group)
        #expect(groups.isEmpty(other))
        _ = groups.leave(id(1), group)
        #expect(!groups.isEmpty(group))
        _ = groups.leave(id(2), group)
        #expect(groups.isEmpty(group))
    }

    @Test func `a slot that is used again is another member`() {
        var groups = Groups()
        _ = groups.join(id(4, 1), group)
        #expect(!groups.contains(id(4, 3), in: group))
        #expect(groups.leave(id(4, 3), group) == false)
        #expect(groups.join(id(4, 3), group) == true)
        #expect(groups[group] == [id(4, 3)])
    }
}
