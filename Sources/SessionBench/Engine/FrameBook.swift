import SessionBase
import SessionCodec

/// Masked frames of a client that are sent many times with small changes, one page for each kind of request: copies of
/// them are sent whose payloads are overwritten in places, turned by the mask that all pages have.
///
/// One mask key for all frames of a worker is enough for a load: masking protects proxies from a page's script (RFC 6455
/// §10.3), and no script decides what is sent here.
struct FrameBook: ~Copyable {
    /// Where a page's frame lies, and its payload in it.
    private struct Page {
        var start: Int
        var count: Int
        var payloadOffset: Int
    }

    private let base: UnsafeMutableRawPointer
    private let pages: [Page]
    private let maskKey: UInt32
    /// The length of the longest frame.
    let frameBytesMax: Int

    /// Builds the frames of messages.
    init(_ messages: [(kind: MessageKind, payload: [UInt8])], maskKey: UInt32) {
        var (all, pages): ([UInt8], [Page]) = ([], [])
        for (kind, payload) in messages {
            let start = all.count
            let header = FrameHeader(opcode: kind.opcode, payloadBytes: payload.count, maskKey: maskKey)
            FrameEncoder.append(header, payload.span, to: &all)
            let count = all.count - start
            pages.append(Page(start: start, count: count, payloadOffset: count - payload.count))
        }
        let base = UnsafeMutableRawPointer.allocate(byteCount: max(all.count, 1), alignment: 64)
        all.withUnsafeBytes { if let bytes = $0.baseAddress { base.copyMemory(from: bytes, byteCount: $0.count) } }
        self.base = base
        frameBytesMax = pages.map(\.count).max() ?? 0
        self.pages = pages
        self.maskKey = maskKey
    }

    deinit { base.deallocate() }

    /// Appends a copy of a page's frame.
    ///
    /// - Returns: Where its payload begins.
    @inline(__always)
    func append(page: Int, to frames: inout FrameBuffer) -> Int {
        let page = pages[page]
        let start = frames.append(UnsafeRawBufferPointer(start: base + page.start, count: page.count))
        return start &+ page.payloadOffset
    }

    /// The mask of eight bytes of a payload, from `offset` in it on.
    @inline(__always)
    func mask(at offset: Int) -> UInt64 {
        let turned = Masking.advance(maskKey, by: offset)
        return UInt64(turned) | UInt64(turned) << 32
    }
}
