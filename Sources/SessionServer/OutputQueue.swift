import SessionBase
import SessionCrypto

/// What waits to be written to one socket (PROTOCOLS C4).
///
/// Holds no storage while it is empty: the first byte takes a buffer from the loop's ``BufferPool``, and the last one
/// written gives it back, so an idle connection costs these few words.
struct OutputQueue: Sendable {
    /// The waiting bytes, after `head` bytes that are already written.
    var bytes: [UInt8] = []
    private var head = 0
    /// Every byte before this offset waited already at `markedAt`.
    private var mark = 0
    /// When the mark was set; `nil` while the socket takes what it is given.
    private(set) var markedAt: Instant?
    /// How much waited when the socket took no more; one message may be larger than the cap.
    private var countAtMark = 0
    /// Bytes before this offset may wait for as long as they must: messages that would have been dropped or replaced had
    /// the socket not taken a part of them.
    private var patientEnd = 0
    /// The most bytes that ever waited, for `GET /admin/slow`.
    var highWater = 0

    /// More than this waits only where one message is as large, such as the board of a room: that may take as long as it needs
    /// while the socket takes some of it now and then. 1 MiB, as PROTOCOLS C4 has it.
    private static let usualBytesMax = 1024 * 1024
    /// A queue grows by an eighth from here on: doubled, a stuck peer's might be twice as large as what waits.
    private static let steepBytesMax = 64 * 1024

    /// How many bytes wait.
    var count: Int { bytes.count - head }

    var isEmpty: Bool { bytes.count == head }

    /// Makes room to append to `bytes`.
    mutating func prepare(_ pool: inout BufferPool) {
        guard bytes.capacity == 0 else { return }
        bytes = pool.take()
        head = bytes.count
    }

    /// Makes room for more bytes than wait now.
    mutating func makeRoom(for added: Int) {
        guard bytes.count + added > bytes.capacity, bytes.count > Self.steepBytesMax else { return }
        if head > 0 { dropWritten() }
        bytes.reserveCapacity(bytes.count + added + bytes.count / 8)
    }

    /// Adds bytes behind those that wait.
    mutating func append(_ added: Span<UInt8>) {
        makeRoom(for: added.count)
        bytes.append(copying: added)
    }

    /// Calls `write` with the waiting bytes and drops as many as it says were written.
    mutating func drain(at now: Instant, _ write: (UnsafeRawBufferPointer) -> Int) {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(UnsafeRawBufferPointer(rebasing: $0[head...])) }
        head += written
        if isEmpty {
            markedAt = nil
            return
        }
        if written > 0, markedAt != nil, countAtMark > Self.usualBytesMax { markedAt = now }
        block(at: now)
        if head > bytes.count / 2 { dropWritten() }
    }

    /// Records that the socket takes no more for now.
    mutating func block(at now: Instant) {
        if markedAt == nil { countAtMark = count }
        if markedAt == nil || head >= mark {
            mark = bytes.count
            markedAt = now
        }
        highWater = max(highWater, count)
    }

    /// Lets everything that waits now wait for as long as it must.
    mutating func letWait() { patientEnd = bytes.count }

    /// Whether nothing waits that may not wait for ever.
    var isPatient: Bool { bytes.count <= patientEnd }

    private mutating func dropWritten() {
        bytes.removeFirst(head)
        mark -= head
        patientEnd = max(0, patientEnd - head)
        head = 0
    }

    /// Moves everything through TLS into the queue that the socket is fed from.
    mutating func encrypt(with tls: TLSSession, into ciphertext: inout [UInt8]) throws(TLSError) {
        try tls.send(bytes.span.extracting(head..<bytes.count), output: &ciphertext)
        head = bytes.count
        markedAt = nil
    }

    /// Gives the storage back once everything is written.
    mutating func release(to pool: inout BufferPool) {
        guard isEmpty, bytes.capacity > 0 else { return }
        head = 0
        mark = 0
        patientEnd = 0
        pool.give(bytes.taken())
    }

    /// Whether more waits than `limit` allows; what was accepted while nothing waited may be larger, and what comes behind it
    /// has the whole limit for itself (C4).
    ///
    /// - Parameter others: How many bytes wait elsewhere for the same socket.
    func exceeds(_ limit: Int, with others: Int = 0) -> Bool {
        markedAt != nil && count + others > limit + (countAtMark > limit ? countAtMark : 0)
    }

    /// Whether something has waited longer than `age`; found out within twice that time.
    func isOlder(than age: Duration, at now: Instant) -> Bool {
        guard let markedAt, !isPatient else { return false }
        return now - markedAt > age
    }
}

/// Buffers that connections of one loop borrow while they have something to write.
struct BufferPool {
    private var free: [[UInt8]] = []

    /// Buffers that grew beyond this are freed instead of kept.
    private static let keptBytesMax = 64 * 1024
    /// Buffers that hold more written bytes than this are emptied.
    private static let staleBytesMax = 4 * 1024
    /// More than a loop turn needs at once; the rest is freed.
    private static let keptCount = 64

    /// Takes a buffer; what is in it was written long ago.
    mutating func take() -> [UInt8] {
        if let buffer = free.popLast() { return buffer }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1024)
        return buffer
    }

    /// Takes back a buffer, whatever it holds.
    ///
    /// It is emptied only now and then, because emptying an array costs more than a small message.
    mutating func give(_ buffer: consuming [UInt8]) {
        guard buffer.capacity <= Self.keptBytesMax, free.count < Self.keptCount else { return }
        if buffer.count > Self.staleBytesMax { buffer.removeAll(keepingCapacity: true) }
        free.append(buffer)
    }
}

extension [UInt8] {
    /// Moves the bytes out and leaves nothing, so that they have one owner and are changed in place.
    mutating func taken() -> [UInt8] {
        let bytes = self
        self = []
        return bytes
    }
}
