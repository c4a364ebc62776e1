import SessionBase
import SessionCodec
import SessionCore
import Testing

@testable import SessionServer

@Suite struct HeldMessagesTests {
    private func message(_ text: String) -> HeldMessage {
        var frame: [UInt8] = []
        Connection.appendServerFrame(.text, Array(text.utf8).span, to: &frame)
        return HeldMessage(kind: .text, frame: frame, headerBytes: frame.count - text.utf8.count)
    }

    private func texts(_ held: HeldMessages) -> [String] {
        var held = held
        var texts: [String] = []
        while let (message, _) = held.removeFirst() {
            texts.append(String(decoding: message.frame.dropFirst(message.headerBytes), as: UTF8.self))
        }
        #expect(held.isEmpty && held.byteCount == 0 && held.firmByteCount == 0)
        return texts
    }

    @Test func `messages go out in the order in which they came`() {
        var held = HeldMessages()
        for number in 0..<5 { _ = held.add(message("\(number)"), .disconnect, at: .zero) }
        #expect(held.count == 5 && held.byteCount == 15 && held.firmByteCount == 15)
        #expect(texts(held) == ["0", "1", "2", "3", "4"])
    }

    @Test func `the oldest gives way where there is no room, but never one that must not`() {
        var held = HeldMessages()
        _ = held.add(message("firm"), .disconnect, at: .zero, room: 20)
        for number in 0..<6 {
            let losses = held.add(message("n\(number)"), .dropOldest, at: .zero, room: 20)
            #expect(losses == .init(dropped: number < 3 ? 0 : 1))
        }
        #expect(held.byteCount == 18 && held.firmByteCount == 6)
        #expect(texts(held) == ["firm", "n3", "n4", "n5"])
    }

    @Test func `the newest stays even where there is no room at all`() {
        var held = HeldMessages()
        #expect(held.add(message("first"), .dropOldest, at: .zero, room: 0) == .init())
        #expect(held.add(message("second"), .dropOldest, at: .zero, room: 0) == .init(dropped: 1))
        #expect(texts(held) == ["second"])
    }

    @Test func `a message replaces the one with its key, behind everything that was said since`() {
        var held = HeldMessages()
        _ = held.add(message("progress 10"), .conflate(key: 1), at: .zero)
        _ = held.add(message("between"), .disconnect, at: .zero)
        _ = held.add(message("other 1"), .conflate(key: 2), at: .zero)
        #expect(held.add(message("progress 9"), .conflate(key: 1), at: .zero) == .init(conflated: 1))
        #expect(held.count == 3)
        #expect(texts(held) == ["between", "other 1", "progress 9"])
    }

    @Test func `where a replacement leaves no room, what is older gives way and not the replacement`() {
        var held = HeldMessages()
        _ = held.add(message("a1"), .conflate(key: 1), at: .zero, room: 12)
        _ = held.add(message("b1"), .conflate(key: 2), at: .zero, room: 12)
        let losses = held.add(message("a longer"), .conflate(key: 1), at: .zero, room: 12)
        #expect(losses == .init(dropped: 1, conflated: 1))
        #expect(texts(held) == ["a longer"])
    }

    @Test func `a key whose message is gone waits anew, behind the others`() {
        var held = HeldMessages()
        _ = held.add(message("a1"), .conflate(key: 1), at: .zero)
        _ = held.add(message("b1"), .conflate(key: 2), at: .zero)
        #expect(held.removeFirst()?.yields == true)
        #expect(held.add(message("a2"), .conflate(key: 1), at: .zero) == .init())
        #expect(held.add(message("a3"), .conflate(key: 1), at: .zero) == .init(conflated: 1))
        #expect(texts(held) == ["b1", "a3"])
    }

    @Test func `only what gives way for nothing gets too old`() {
        var held = HeldMessages()
        _ = held.add(message("stats"), .conflate(key: 1), at: .zero)
        #expect(!held.isOlder(than: .seconds(10), at: .zero + .seconds(100)))
        _ = held.add(message("chat"), .disconnect, at: .zero + .seconds(50))
        #expect(!held.isOlder(than: .seconds(10), at: .zero + .seconds(60)))
        #expect(held.isOlder(than: .seconds(10), at: .zero + .seconds(61)))
    }

    @Test func `a long run of drops behind a firm message keeps order, keys and counts`() {
        var held = HeldMessages()
        _ = held.add(message("firm"), .disconnect, at: .zero)
        var dropped = 0
        for number in 0..<2000 {
            let policy: OverflowPolicy = number.isMultiple(of: 2) ? .dropOldest : .conflate(key: UInt64(number))
            dropped += held.add(message("\(number % 10)"), policy, at: .zero, room: 6 + 10 * 3).dropped
        }
        #expect(dropped == 1990)
        #expect(held.add(message("x"), .conflate(key: 1999), at: .zero) == .init(conflated: 1))
        #expect(texts(held) == ["firm", "0", "1", "2", "3", "4", "5", "6", "7", "8", "x"])
    }
}
