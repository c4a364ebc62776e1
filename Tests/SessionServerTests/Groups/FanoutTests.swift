import SessionBase
import SessionCodec
import SessionCore
import Testing

@testable import SessionServer

@Suite struct FanoutTests {
    private let red = GroupID(.channels, 1)
    private let blue = GroupID(.channels, 2)

    private func turn(_ messages: [(String, GroupID)]) -> Fanout {
        var turn = Fanout()
        for (text, group) in messages { turn.append(.text, Array(text.utf8).span, to: group, .disconnect) }
        return turn
    }

    private func frames(_ texts: String...) -> [UInt8] {
        var bytes: [UInt8] = []
        for text in texts { Connection.appendServerFrame(.text, Array(text.utf8).span, to: &bytes) }
        return bytes
    }

    @Test func `all that one group is sent is one piece`() {
        let turn = turn([("one", red), ("two", red), ("three", blue), ("four", blue)])
        #expect(turn.groups.count == 2)
        #expect(turn.groups.map(\.isOnePiece) == [true, true])
        #expect(Array(turn.bytes[turn.groups[0].range]) == frames("one", "two"))
        #expect(Array(turn.bytes[turn.groups[1].range]) == frames("three", "four"))
        #expect(turn.groups.map(\.frameCount) == [2, 2])
    }

    @Test func `frames with others between them are put together`() {
        let turn = turn([("one", red), ("other", blue), ("two", red)])
        #expect(!turn.groups[0].isOnePiece)
        #expect(turn.groups[1].isOnePiece)
        #expect(turn.piece(of: 0) == frames("one", "two"))
        #expect(turn.piece(of: 1) == frames("other"))
    }

    @Test func `a connection misses what lies behind its position in groups that it is in`() {
        var turn = turn([("one", red), ("two", blue)])
        let position = turn.end
        turn.append(.text, Array("three".utf8).span, to: red, .disconnect)
        #expect(turn.frames.map { turn.misses($0, behind: 0, in: 0b01) } == [true, false, true])
        #expect(turn.frames.map { turn.misses($0, behind: 0, in: 0b11) } == [true, true, true])
        #expect(turn.frames.map { turn.misses($0, behind: position, in: 0b11) } == [false, false, true])
        #expect(turn.frames.map { turn.misses($0, behind: turn.end, in: 0b11) } == [false, false, false])
    }

    @Test func `positions go on from turn to turn`() {
        var fanout = turn([("one", red)])
        let end = fanout.end
        let done = fanout.taken()
        #expect(done.frames.count == 1)
        #expect(fanout.isEmpty && fanout.start == end && fanout.end == end)
        fanout.reuse(done)
        #expect(fanout.isEmpty && fanout.bytes.isEmpty && fanout.groups.isEmpty && fanout.start == end)
        fanout.append(.text, Array("two".utf8).span, to: red, .disconnect)
        #expect(fanout.misses(fanout.frames[0], behind: end, in: 1))
        #expect(!fanout.misses(fanout.frames[0], behind: fanout.end, in: 1))
    }

    @Test func `what is used again does not overwrite what came meanwhile`() {
        var fanout = turn([("one", red)])
        let done = fanout.taken()
        fanout.append(.text, Array("two".utf8).span, to: blue, .disconnect)
        fanout.reuse(done)
        #expect(fanout.bytes == frames("two"))
        #expect(fanout.groups.map(\.id) == [blue])
    }

    @Test func `a group yields only where all its messages do`() {
        var turn = Fanout()
        turn.append(.text, Array("a".utf8).span, to: red, .dropOldest)
        turn.append(.text, Array("b".utf8).span, to: red, .conflate(key: 1))
        turn.append(.text, Array("c".utf8).span, to: blue, .dropOldest)
        turn.append(.text, Array("d".utf8).span, to: blue, .disconnect)
        #expect(turn.groups.map(\.yields) == [true, false])
    }

    @Test func `a message that waits for many lies once in memory`() {
        var turn = turn([("a message that does not fit into a few bytes", red)])
        let (first, second) = (turn.held(0), turn.held(0))
        #expect(first.frame == frames("a message that does not fit into a few bytes"))
        let addresses = [first, second].map { message in
            message.frame.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        }
        #expect(addresses[0] == addresses[1])
    }
}
