import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import Testing

@testable import SessionServer

/// Who hears what, and in which order, whatever happens between two messages of a turn.
@Suite struct GroupDeliveryTests {
    private let red = GroupID(.channels, 1)
    private let blue = GroupID(.channels, 2)

    @Test func `members hear what is sent between their joining and their leaving`() throws {
        let fixture = try GroupFixture()
        let (early, late) = (try fixture.member(), try fixture.member())
        fixture.perform { effects in
            effects.multicast("to nobody", to: red)
            effects.join(early.id, red)
            effects.multicast("one", to: red)
            effects.join(late.id, red)
            effects.multicast("two", to: red)
            effects.leave(early.id, red)
            effects.multicast("three", to: red)
        }
        fixture.endTurn()
        #expect(try early.hear(2) == ["one", "two"])
        #expect(try late.hear(2) == ["two", "three"])
        #expect(early.hearsNothing && late.hearsNothing)
    }

    @Test func `a message for one member stands where the effects put it`() throws {
        let fixture = try GroupFixture()
        let (member, other) = (try fixture.member(), try fixture.member())
        fixture.perform { effects in
            effects.join(member.id, red)
            effects.join(other.id, red)
            effects.multicast("before", to: red)
            effects.send("for you", to: member.id)
            effects.multicast("after", to: red)
        }
        fixture.endTurn()
        #expect(try member.hear(3) == ["before", "for you", "after"])
        #expect(try other.hear(2) == ["before", "after"])
    }

    @Test func `who is left out of a message hears those around it`() throws {
        let fixture = try GroupFixture()
        let (author, reader) = (try fixture.member(), try fixture.member())
        fixture.perform { effects in
            effects.join(author.id, red)
            effects.join(reader.id, red)
            effects.multicast("one", to: red)
            effects.multicast("two", to: red, except: author.id)
            effects.multicast("three", to: red, except: author.id)
            effects.multicast("four", to: red)
        }
        fixture.endTurn()
        #expect(try author.hear(2) == ["one", "four"])
        #expect(try reader.hear(4) == ["one", "two", "three", "four"])
        #expect(author.hearsNothing && reader.hearsNothing)
    }

    @Test func `a member of several groups hears them in the order in which they were sent`() throws {
        let fixture = try GroupFixture()
        let (both, one) = (try fixture.member(), try fixture.member())
        fixture.perform { effects in
            effects.join(both.id, red)
            effects.join(both.id, blue)
            effects.join(one.id, red)
            effects.multicast("red 1", to: red)
            effects.multicast("blue 1", to: blue)
            effects.multicast("red 2", to: red)
            effects.multicast("blue 2", to: blue)
        }
        fixture.endTurn()
        #expect(try both.hear(4) == ["red 1", "blue 1", "red 2", "blue 2"])
        #expect(try one.hear(2) == ["red 1", "red 2"])
        #expect(both.hearsNothing && one.hearsNothing)
    }

    @Test func `a closed member hears what was sent before, and its Close frame last`() throws {
        let fixture = try GroupFixture()
        let member = try fixture.member()
        fixture.perform { effects in
            effects.join(member.id, red)
            effects.multicast("before", to: red)
            effects.close(member.id, .goingAway)
            effects.multicast("after", to: red)
        }
        fixture.endTurn()
        #expect(try member.hear(2) == ["before", "close 1001"])
        #expect(member.hearsNothing)
    }

    @Test func `more than a turn gathers is handed out in portions`() throws {
        let fixture = try GroupFixture()
        let member = try fixture.member()
        let groups = (0..<100).map { GroupID(.lockers, $0) }
        fixture.perform { effects in
            for group in groups { effects.join(member.id, group) }
            for (number, group) in groups.enumerated() { effects.multicast("\(number)", to: group) }
        }
        fixture.endTurn()
        #expect(try member.hear(100) == (0..<100).map { "\($0)" })
    }

    @Test func `a loop measures the fan-out of boards, which are all its own`() throws {
        let fixture = try GroupFixture()
        let member = try fixture.member()
        let room = GroupID(.board, 1)
        fixture.perform { effects in
            for group in [red, room] { effects.join(member.id, group) }
            effects.multicast("one", to: red)
            effects.multicast("two", to: room)
            effects.multicast("three", to: room)
        }
        fixture.endTurn()
        #expect(fixture.counters.boardFanout.count == 2)
    }

    @Test func `parcels of a turn arrive together and in order`() throws {
        let fixture = try GroupFixture()
        fixture.perform { effects in
            for topic in ["a", "b", "c"] { effects.post(.channels(.hub(.leave(topic: topic))), to: 1) }
        }
        let inbox = fixture.loop.node.inboxes[1]
        #expect(inbox.takeAll().isEmpty, "they wait for the end of the turn")
        fixture.loop.outbox.post(to: fixture.loop.node.inboxes)
        let topics = inbox.takeAll().compactMap { mail -> String? in
            guard case .parcel(.channels(.hub(.leave(let topic))), from: 0) = mail else { return nil }
            return topic
        }
        #expect(topics == ["a", "b", "c"])
    }

    /// Connections of every kind, and what each must have heard by now.
    private struct Model {
        var members: [GroupFixture.Member] = []
        var groups: [GroupID: Set<Int>] = [:]
        var expected: [Int: [String]] = [:]
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `every connection hears exactly what the effects say, in their order`(seed: UInt64) throws {
        let fixture = try GroupFixture()
        var random = SeededRandom(seed: seed)
        var model = Model()
        var forgetting = DeflateParameters()
        forgetting.serverNoContextTakeover = true
        for deflate in [nil, nil, nil, forgetting, forgetting, DeflateParameters()] {
            model.members.append(try fixture.member(deflate: deflate))
        }
        for step in 0..<400 {
            fixture.perform { effects in
                for _ in 0..<Int.random(in: 1...4, using: &random) { act(step, &model, &effects, &random) }
            }
            if Int.random(in: 0..<5, using: &random) == 0 { fixture.endTurn() }
        }
        fixture.endTurn()
        for (index, member) in model.members.enumerated() {
            let expected = model.expected[index] ?? []
            #expect(try member.hear(expected.count) == expected, "member \(index)")
            #expect(member.hearsNothing)
        }
    }

    private func act(_ step: Int, _ model: inout Model, _ effects: inout Effects, _ random: inout SeededRandom) {
        let index = Int.random(in: 0..<model.members.count, using: &random)
        let id = model.members[index].id
        let group = GroupID(.channels, .random(in: 0..<3, using: &random))
        // Longer ones are compressed where that was negotiated.
        let long = Int.random(in: 0..<3, using: &random) == 0 ? String(repeating: "long ", count: 200) : ""
        let text = "\(step) \(effects.list.count) \(long)"
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            effects.join(id, group)
            model.groups[group, default: []].insert(index)
        case 2:
            effects.leave(id, group)
            model.groups[group]?.remove(index)
        case 3, 4:
            effects.send(text, to: id)
            model.expected[index, default: []].append(text)
        case 5:
            effects.multicast(text, to: group, except: id)
            for member in model.groups[group] ?? [] where member != index {
                model.expected[member, default: []].append(text)
            }
        case 6:
            let message = effects.encode { $0 += Array(text.utf8) }
            effects.publish(message, to: model.members.map(\.id))
            for member in model.members.indices { model.expected[member, default: []].append(text) }
        default:
            effects.multicast(text, to: group)
            for member in model.groups[group] ?? [] { model.expected[member, default: []].append(text) }
        }
    }
}
