import SessionBase
import Testing

@testable import SessionServer

@Suite struct OutputQueueTests {
    private var pool = BufferPool()

    @Test mutating func `an empty queue holds no storage`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [1, 2, 3]
        queue.drain(at: .zero) { $0.count }
        queue.release(to: &pool)
        #expect(queue.isEmpty)
        #expect(queue.bytes.capacity == 0)
    }

    @Test mutating func `what a socket does not take waits in order`() {
        var queue = OutputQueue()
        var written: [UInt8] = []
        queue.prepare(&pool)
        for byte in 0..<UInt8(100) {
            queue.bytes.append(byte)
            queue.drain(at: .zero) { bytes in
                let count = min(bytes.count, byte.isMultiple(of: 3) ? 2 : 0)
                written += bytes.prefix(count)
                return count
            }
        }
        while !queue.isEmpty {
            queue.drain(at: .zero) { bytes in
                written += bytes.prefix(7)
                return min(7, bytes.count)
            }
        }
        #expect(written == Array(0..<100))
    }

    @Test mutating func `one message may be larger than the cap, and what comes behind it fills the cap`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [UInt8](repeating: 0, count: 100)
        queue.drain(at: .zero) { _ in 10 }
        #expect(!queue.exceeds(50))
        queue.bytes += [UInt8](repeating: 1, count: 50)
        queue.drain(at: .zero) { _ in 0 }
        #expect(!queue.exceeds(50))
        queue.bytes += [1]
        queue.drain(at: .zero) { _ in 0 }
        #expect(queue.exceeds(50))
    }

    @Test mutating func `a large message is not old while the socket takes some of it`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [UInt8](repeating: 0, count: 3 << 20)
        for second in 0..<60 {
            queue.drain(at: .zero + .seconds(second)) { _ in 10_000 }
            // An answer behind it does not make it old either.
            queue.bytes += [1]
            #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(second + 9)))
        }
        queue.drain(at: .zero + .seconds(65)) { _ in 0 }
        #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(69)))
        #expect(queue.isOlder(than: .seconds(10), at: .zero + .seconds(70)))
    }

    @Test mutating func `a queue is old only while its oldest bytes wait`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [1, 2, 3, 4]
        queue.drain(at: .zero) { _ in 0 }
        #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(10)))
        #expect(queue.isOlder(than: .seconds(10), at: .zero + .seconds(11)))
        // The four bytes leave; what came behind them is younger.
        queue.bytes += [5]
        queue.drain(at: .zero + .seconds(11)) { _ in 4 }
        #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(20)))
        #expect(queue.isOlder(than: .seconds(10), at: .zero + .seconds(22)))
    }

    @Test mutating func `a queue that has become long grows by no more than an eighth`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        let piece = [UInt8](repeating: 1, count: 1000)
        for _ in 0..<1024 {
            queue.append(piece.span)
            queue.block(at: .zero)
        }
        #expect(queue.count == 1_024_000)
        #expect(queue.bytes.capacity < 1_024_000 * 5 / 4)
    }

    @Test mutating func `what may wait does not get too old, what comes behind it does`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [UInt8](repeating: 0, count: 100)
        queue.letWait()
        queue.drain(at: .zero) { _ in 10 }
        #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(100)))
        queue.drain(at: .zero) { _ in 60 }
        #expect(!queue.isOlder(than: .seconds(10), at: .zero + .seconds(100)))
        queue.bytes += [1]
        #expect(queue.isOlder(than: .seconds(10), at: .zero + .seconds(100)))
    }

    @Test mutating func `what waits elsewhere for the same socket counts against the cap`() {
        var queue = OutputQueue()
        queue.prepare(&pool)
        queue.bytes += [UInt8](repeating: 0, count: 100)
        queue.drain(at: .zero) { _ in 60 }
        #expect(!queue.exceeds(50, with: 10))
        #expect(queue.exceeds(50, with: 11))
        queue.bytes += [UInt8](repeating: 0, count: 20)
        #expect(queue.exceeds(50))
    }
}
