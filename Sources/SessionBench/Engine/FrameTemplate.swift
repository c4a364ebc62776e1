import SessionBase
import SessionCodec

/// A masked frame of a client that is sent many times with small changes: bytes of its payload are overwritten in copies
/// of it, turned by the mask that the whole template has.
///
/// One mask key for all frames of a worker is enough for a load: masking protects proxies from a page's script (RFC 6455
/// §10.3), and no script decides what is sent here.
struct FrameTemplate: ~Copyable {
    private let base: UnsafeMutableRawPointer
    /// The frame's length.
    let count: Int
    /// Where its payload begins.
    let payloadOffset: Int
    /// The mask key with its first byte lowest.
    let maskKey: UInt32
    let payloadBytes: Int
    let kind: MessageKind

    /// Builds the frame of a message.
    init(_ kind: MessageKind, _ payload: Span<UInt8>, maskKey: UInt32) {
        var frame: [UInt8] = []
        FrameEncoder.append(
            FrameHeader(opcode: kind.opcode, payloadBytes: payload.count, maskKey: maskKey), payload, to: &frame)
        count = frame.count
        payloadOffset = frame.count - payload.count
        payloadBytes = payload.count
        self.maskKey = maskKey
        self.kind = kind
        base = .allocate(byteCount: frame.count, alignment: 64)
        frame.withUnsafeBytes { base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    }

    deinit { base.deallocate() }

    /// Copies the frame to memory that has room for it.
    @inline(__always)
    func copy(to target: UnsafeMutableRawPointer) { target.copyMemory(from: base, byteCount: count) }

    /// The mask for eight bytes of the payload from `offset` on.
    @inline(__always)
    func mask(at offset: Int) -> UInt64 {
        let turned = Masking.advance(maskKey, by: offset)
        return UInt64(turned) | UInt64(turned) << 32
    }
}
