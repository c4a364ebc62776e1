import SessionBase
import SessionIO
import Synchronization
import Testing

@Suite struct ThreadTests {
    @Test func `a thread runs its body and can be waited for`() throws {
        let sum = Mutex(0)
        let box = Box(sum)
        let thread = try SystemThread(name: "a-name-that-is-far-too-long") { box.value.withLock { $0 += 1 } }
        thread.join()
        #expect(box.value.withLock { $0 } == 1)
    }

    @Test func `many wake-ups make one event, and the next one another`() throws {
        let waker = try Waker()
        var poller = try Poller()
        try poller.add(waker.descriptor, token: 5, .readable)
        for _ in 0..<1000 { waker.wake() }
        #expect(try poller.wait(until: .zero, now: SystemClock.now()) == 1)
        waker.acknowledge()
        #expect(try poller.wait(until: .zero, now: SystemClock.now()) == 0)
        waker.wake()
        #expect(try poller.wait(until: .zero, now: SystemClock.now()) == 1)
    }

    @Test func `no message and no wake-up is lost between threads`() throws {
        let mailbox = Mailbox<Int>()
        let waker = try Waker()
        let perThread = 20_000
        let first = try poster(mailbox, waker, perThread, offset: 0)
        let second = try poster(mailbox, waker, perThread, offset: perThread)
        var poller = try Poller()
        try poller.add(waker.descriptor, token: 0, .readable)
        var received: [Int] = []
        var batch: [Int] = []
        while received.count < 2 * perThread {
            let now = SystemClock.now()
            try #require(try poller.wait(until: now + .seconds(5), now: now) == 1, "a wake-up was lost")
            waker.acknowledge()
            mailbox.takeAll(into: &batch)
            received += batch
        }
        first.join()
        second.join()
        #expect(received.filter { $0 < perThread } == Array(0..<perThread))
        #expect(received.filter { $0 >= perThread } == Array(perThread..<2 * perThread))
    }

    private func poster(
        _ mailbox: Mailbox<Int>, _ waker: Waker, _ count: Int, offset: Int
    ) throws(SystemError) -> SystemThread {
        try SystemThread(name: "poster") {
            for number in 0..<count {
                mailbox.post(offset + number)
                waker.wake()
            }
        }
    }

    @Test func `a mailbox says when its reader has to be woken`() {
        let mailbox = Mailbox<Int>()
        #expect(mailbox.post(1))
        #expect(!mailbox.post(2))
        #expect(!mailbox.post(contentsOf: [3, 4]))
        #expect(mailbox.takeAll() == [1, 2, 3, 4])
        #expect(!mailbox.post(contentsOf: []))
        #expect(mailbox.post(contentsOf: [5]))
        var batch = [9]
        mailbox.takeAll(into: &batch)
        #expect(batch == [5])
        mailbox.takeAll(into: &batch)
        #expect(batch == [])
    }

    /// Lets a closure that is sent away share a value that cannot be copied.
    private final class Box: Sendable {
        let value: Mutex<Int>
        init(_ value: consuming sending Mutex<Int>) { self.value = value }
    }
}

@Suite(.serialized) struct SignalTests {
    @Test func `a signal sent to the process arrives at the poller, whichever thread it hits`() throws {
        let signals = try Signals([.user2, .hangup])
        var poller = try Poller()
        try poller.add(signals.descriptor, token: 0, .readable)
        #expect(signals.next() == nil)
        Signals.raise(.user2)
        let now = SystemClock.now()
        #expect(try poller.wait(until: now + .seconds(5), now: now) == 1)
        #expect(signals.next() == .user2)
        Signals.raise(.hangup)
        try waitUntil(signals.descriptor, .readable)
        #expect(signals.next() == .hangup)
        #expect(signals.next() == nil)
    }

    @Test func `a stopped program's exit status names the signal`() {
        #expect(Signal.interrupt.exitStatus == 130)
        #expect(Signal.terminate.exitStatus == 143)
    }
}
