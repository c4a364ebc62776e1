import SessionBase

/// Frames that leave in one send, in memory that is used again and again.
struct FrameBuffer: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// How many bytes are in it.
    private(set) var count = 0

    /// Makes a buffer that never grows.
    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { base.deallocate() }

    /// Whether so many bytes more fit.
    @inline(__always)
    func hasRoom(for bytes: Int) -> Bool { bytes <= capacity &- count }

    /// The bytes; valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// A part of the bytes; valid until the next change.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

    /// Forgets them.
    @inline(__always)
    mutating func removeAll() { count = 0 }

    /// Appends a copy of a frame.
    ///
    /// - Returns: Where the frame begins.
    @inline(__always)
    mutating func append(_ frame: UnsafeRawBufferPointer) -> Int {
        precondition(hasRoom(for: frame.count), "a frame without room")
        let start = count
        if let bytes = frame.baseAddress { (base + start).copyMemory(from: bytes, byteCount: frame.count) }
        count = start &+ frame.count
        return start
    }

    /// Appends a copy of bytes.
    ///
    /// - Returns: Where they begin.
    @inline(__always)
    @discardableResult
    mutating func append(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBytes { append($0) } }

    /// Overwrites bytes with others.
    mutating func replace(at offset: Int, with bytes: Span<UInt8>) {
        precondition(offset >= 0 && offset &+ bytes.count <= count, "a change outside of the frames")
        bytes.withUnsafeBytes {
            if let source = $0.baseAddress { (base + offset).copyMemory(from: source, byteCount: $0.count) }
        }
    }

    /// Overwrites eight bytes, the lowest first.
    @inline(__always)
    mutating func set(_ word: UInt64, at offset: Int) {
        precondition(offset >= 0 && offset &+ 8 <= count, "a change outside of the frames")
        base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Overwrites four bytes, the lowest first.
    @inline(__always)
    mutating func set(_ word: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset &+ 4 <= count, "a change outside of the frames")
        base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
}
